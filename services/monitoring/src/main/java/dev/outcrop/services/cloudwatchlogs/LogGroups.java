package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupSummary;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyRequest;

/**
 * Log groups.
 *
 * <p>Source: CreateLogGroup, DescribeLogGroups, PutRetentionPolicy and others of the Amazon CloudWatch Logs API reference.
 */
final class LogGroups {
    private static final int PAGE = 50;
    private static final List<Integer> RETENTIONS = List.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);
    /** What belongs to a group beside its streams. */
    private static final List<String> BELONGINGS =
            List.of(MetricFilters.TYPE, SubscriptionFilters.TYPE, DataProtection.TYPE);

    private static final Pattern WORDS = Pattern.compile("\\^?[\\w./#-]{3,24}(\\|\\^?[\\w./#-]{3,24}){0,4}");

    private final GroupStore store;
    private final RecordPages pages;
    private final Supplier<LogStore> events;
    private final LogTags tags;
    private final GroupKeys keys;
    private final DataProtection protection;
    private final InstantSource clock;

    LogGroups(
            GroupStore store,
            RecordPages pages,
            Supplier<LogStore> events,
            LogTags tags,
            GroupKeys keys,
            DataProtection protection,
            InstantSource clock) {
        this.store = store;
        this.pages = pages;
        this.events = events;
        this.tags = tags;
        this.keys = keys;
        this.protection = protection;
        this.clock = clock;
    }

    void create(CreateLogGroupRequest request) {
        CallContext call = CallContext.current();
        String arn = StoredGroup.arn(call.account(), call.region(), request.logGroupName());
        if (request.logGroupClass() == LogGroupClass.DELIVERY) {
            throw LogFailures.invalid("Log groups of the class DELIVERY are not supported.");
        }
        if (request.logGroupName().startsWith("aws/")) {
            throw LogFailures.invalid("Log groups starting with AWS/ are reserved for AWS.");
        }
        if (store.find(request.logGroupName()).isPresent()) {
            throw LogFailures.exists("The specified log group already exists");
        }
        LogTags.check(request.tags());
        if (request.kmsKeyId() != null) {
            keys.check(request.kmsKeyId(), arn);
        }
        store.insert(LogGroup.builder()
                .logGroupName(request.logGroupName())
                .creationTime(clock.millis())
                .kmsKeyId(request.kmsKeyId())
                .logGroupClass(request.logGroupClass() == null ? LogGroupClass.STANDARD : request.logGroupClass())
                .deletionProtectionEnabled(Boolean.TRUE.equals(request.deletionProtectionEnabled()))
                .build());
        if (request.kmsKeyId() != null) {
            keys.associate(store.group(request.logGroupName()), request.kmsKeyId());
        }
        tags.add(arn, request.tags());
    }

    void delete(String name) {
        StoredGroup group = store.group(name);
        if (Boolean.TRUE.equals(group.shape().deletionProtectionEnabled())) {
            throw LogFailures.invalid(
                    "Log group " + name + " has deletion protection enabled. Disable it to delete the log group.");
        }
        store.delete(group, BELONGINGS);
        events.get().drop(group.id());
        tags.removeAll(group.arn());
    }

    DescribeLogGroupsResponse describe(DescribeLogGroupsRequest request) {
        if (request.logGroupNamePrefix() != null && request.logGroupNamePattern() != null) {
            throw LogFailures.invalid(
                    "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        Predicate<StoredGroup> wanted = group -> true;
        if (request.logGroupNamePattern() != null) {
            String part = request.logGroupNamePattern().toLowerCase(Locale.ROOT);
            wanted = wanted.and(group -> group.name().toLowerCase(Locale.ROOT).contains(part));
        }
        if (request.logGroupClass() != null) {
            wanted = wanted.and(group -> group.shape().logGroupClass() == request.logGroupClass());
        }
        if (request.hasLogGroupIdentifiers()) {
            Set<String> names = new HashSet<>();
            request.logGroupIdentifiers().forEach(identifier -> names.add(GroupStore.nameOf(identifier)));
            wanted = wanted.and(group -> names.contains(group.name()));
        }
        Page<LogGroup> page = page(
                request.logGroupNamePrefix() == null ? "" : request.logGroupNamePrefix(),
                "groups " + request.logGroupNamePrefix() + " " + request.logGroupNamePattern() + " "
                        + request.logGroupClassAsString() + " " + request.logGroupIdentifiers(),
                wanted,
                request.limit(),
                request.nextToken());
        return DescribeLogGroupsResponse.builder()
                .logGroups(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    ListLogGroupsResponse list(ListLogGroupsRequest request) {
        Predicate<StoredGroup> wanted = group -> true;
        if (request.logGroupNamePattern() != null) {
            if (!WORDS.matcher(request.logGroupNamePattern()).matches()) {
                throw LogFailures.invalid("The specified logGroupNamePattern is not valid.");
            }
            Pattern pattern =
                    Pattern.compile(request.logGroupNamePattern().replace(".", "\\."), Pattern.CASE_INSENSITIVE);
            wanted = wanted.and(group -> pattern.matcher(group.name()).find());
        }
        if (request.logGroupClass() != null) {
            wanted = wanted.and(group -> group.shape().logGroupClass() == request.logGroupClass());
        }
        Page<LogGroup> page = page(
                "",
                "summaries " + request.logGroupNamePattern() + " " + request.logGroupClassAsString(),
                wanted,
                request.limit(),
                request.nextToken());
        return ListLogGroupsResponse.builder()
                .logGroups(page.items().stream()
                        .map(group -> LogGroupSummary.builder()
                                .logGroupName(group.logGroupName())
                                .logGroupArn(group.logGroupArn())
                                .logGroupClass(group.logGroupClass())
                                .build())
                        .toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private Page<LogGroup> page(
            String prefix, String list, Predicate<StoredGroup> wanted, Integer limit, String token) {
        return pages.page(
                GroupStore.GROUP,
                prefix,
                "logs:" + list,
                record -> told(record, wanted),
                limit == null ? PAGE : limit,
                token);
    }

    private Optional<LogGroup> told(StoredRecord record, Predicate<StoredGroup> wanted) {
        StoredGroup group = StoredGroup.read(record);
        return wanted.test(group) ? Optional.of(told(group)) : Optional.empty();
    }

    private LogGroup told(StoredGroup group) {
        return group.shape().toBuilder()
                .arn(group.arn() + ":*")
                .logGroupArn(group.arn())
                .storedBytes(events.get().bytes(group.id()))
                .dataProtectionStatus(protection.status(group).orElse(null))
                .metricFilterCount(pages.all(MetricFilters.TYPE, GroupStore.childId(group, ""), record -> record)
                        .size())
                .build();
    }

    void putRetention(PutRetentionPolicyRequest request) {
        if (!RETENTIONS.contains(request.retentionInDays())) {
            throw LogFailures.invalid("1 validation error detected: Value '" + request.retentionInDays()
                    + "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: "
                    + RETENTIONS);
        }
        store.update(
                request.logGroupName(),
                group -> group.toBuilder()
                        .retentionInDays(request.retentionInDays())
                        .build());
    }

    void deleteRetention(String name) {
        store.update(name, group -> group.toBuilder().retentionInDays(null).build());
    }

    void protect(String identifier, boolean enabled) {
        store.update(
                GroupStore.nameOf(identifier),
                group -> group.toBuilder().deletionProtectionEnabled(enabled).build());
    }

    void associateKey(String name, String identifier, String kmsKeyId) {
        StoredGroup group = store.named(name, identifier);
        keys.check(kmsKeyId, group.arn());
        keys.associate(group, kmsKeyId);
        store.update(group.name(), shape -> shape.toBuilder().kmsKeyId(kmsKeyId).build());
    }

    void disassociateKey(String name, String identifier) {
        StoredGroup group = store.named(name, identifier);
        keys.disassociate(group);
        store.update(group.name(), shape -> shape.toBuilder().kmsKeyId(null).build());
    }

    /** Drops the events of all groups that have expired. */
    void dropExpired() {
        long now = clock.millis();
        store.all()
                .filter(group -> group.shape().retentionInDays() != null)
                .forEach(group -> events.get().dropBefore(group.id(), group.expiry(now)));
    }
}
