package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.cloudwatchlogs.DataIdentifiers.Finding;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataProtectionStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetDataProtectionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutDataProtectionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutDataProtectionPolicyResponse;

/**
 * Hides personal data in events from all who may not see it. Events are stored as they came, and masked whenever they leave,
 * by the policy that the group had when they came: a policy that is changed or deleted later uncovers nothing.
 *
 * <p>Source: "Help protect sensitive log data with masking" of the Amazon CloudWatch Logs user guide.
 */
final class DataProtection {
    static final String TYPE = "logs:data-protection";
    /** What it takes to see what is masked. */
    static final String UNMASK = "logs:Unmask";

    private static final String ID = "policy";
    private static final int LONGEST = 30_720;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Stored>> ALL = new TypeReference<>() {};

    private final GroupStore store;
    private final Records records;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final ConcurrentMap<String, List<Version>> known = new ConcurrentHashMap<>();

    DataProtection(GroupStore store, Records records, ServiceMetrics metrics, InstantSource clock) {
        this.store = store;
        this.records = records;
        this.metrics = metrics;
        this.clock = clock;
        records.watch(TYPE, key -> known.remove(key.id().substring(0, key.id().indexOf('/'))), known::clear);
    }

    /** A policy, in force from a time until before another one, in milliseconds since 1970. */
    private record Stored(long from, long until, String document) {}

    private record Version(Stored stored, ProtectionPolicy policy) {
        boolean isOf(long time) {
            return time >= stored.from && time < stored.until;
        }
    }

    PutDataProtectionPolicyResponse put(PutDataProtectionPolicyRequest request) {
        StoredGroup group = store.group(GroupStore.nameOf(request.logGroupIdentifier()));
        if (group.isInfrequentAccess()) {
            throw LogFailures.invalid(
                    "Data protection is not supported for log groups of the class INFREQUENT_ACCESS.");
        }
        if (request.policyDocument().length() > LONGEST) {
            throw LogFailures.invalid("The data protection policy must be at most " + LONGEST + " characters long.");
        }
        ProtectionPolicy policy = ProtectionPolicy.parse(request.policyDocument());
        if (policy.findings().isPresent()) {
            if (policy.findings().get().equals(group.name())) {
                throw LogFailures.invalid("Findings cannot be written to the log group that is audited.");
            }
            store.group(policy.findings().get());
        }
        long now = clock.millis();
        change(group, now, Optional.of(request.policyDocument()));
        return PutDataProtectionPolicyResponse.builder()
                .logGroupIdentifier(request.logGroupIdentifier())
                .policyDocument(request.policyDocument())
                .lastUpdatedTime(now)
                .build();
    }

    /** Ends the policy in force at {@code now}, if there is one, and puts another into force, if there is one. */
    private boolean change(StoredGroup group, long now, Optional<String> document) {
        RecordKey key = GroupStore.childKey(TYPE, group, ID);
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            List<Stored> versions = new ArrayList<>();
            boolean ended = false;
            for (Stored version : present.map(DataProtection::read).orElse(List.of())) {
                boolean lasts = version.until == Long.MAX_VALUE;
                ended |= lasts;
                versions.add(lasts ? new Stored(version.from, now, version.document) : version);
            }
            document.ifPresent(policy -> versions.add(new Stored(now, Long.MAX_VALUE, policy)));
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), write(versions));
            } else if (!versions.isEmpty()) {
                transaction.insert(key, group.id(), Optional.empty(), clock.instant(), write(versions));
            }
            return ended;
        });
    }

    private static byte[] write(List<Stored> versions) {
        try {
            return JSON.writeValueAsBytes(versions);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<Stored> read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), ALL);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a data protection policy cannot be read", damaged);
        }
    }

    GetDataProtectionPolicyResponse get(String identifier) {
        StoredGroup group = store.group(GroupStore.nameOf(identifier));
        GetDataProtectionPolicyResponse.Builder response =
                GetDataProtectionPolicyResponse.builder().logGroupIdentifier(identifier);
        current(group)
                .ifPresent(version ->
                        response.policyDocument(version.stored.document).lastUpdatedTime(version.stored.from));
        return response.build();
    }

    void delete(String identifier) {
        StoredGroup group = store.group(GroupStore.nameOf(identifier));
        if (!change(group, clock.millis(), Optional.empty())) {
            throw LogFailures.notFound("The specified log group has no data protection policy.");
        }
    }

    /** Whether a group has a policy, or had one; empty if never. */
    Optional<DataProtectionStatus> status(StoredGroup group) {
        return versions(group).isEmpty()
                ? Optional.empty()
                : Optional.of(
                        current(group).isPresent() ? DataProtectionStatus.ACTIVATED : DataProtectionStatus.DELETED);
    }

    private Optional<Version> current(StoredGroup group) {
        return versions(group).stream()
                .filter(version -> version.stored.until == Long.MAX_VALUE)
                .findFirst();
    }

    private List<Version> versions(StoredGroup group) {
        return known.computeIfAbsent(
                group.id(),
                _ ->
                        records
                                .get(GroupStore.childKey(TYPE, group, ID))
                                .map(DataProtection::read)
                                .orElse(List.of())
                                .stream()
                                .map(stored -> new Version(stored, ProtectionPolicy.parse(stored.document)))
                                .toList());
    }

    /**
     * How the events of a group are shown.
     *
     * @param unmask whether the caller wants to see everything
     * @throws dev.outcrop.kernel.AwsError if it may not
     */
    Mask mask(StoredGroup group, Boolean unmask) {
        if (Boolean.TRUE.equals(unmask)) {
            requireUnmask(group);
            return Mask.NONE;
        }
        return mask(group);
    }

    /** How the events of a group are shown to everybody. */
    Mask mask(StoredGroup group) {
        return masking(group).orElse(Mask.NONE);
    }

    /** How the events of a group are shown to everybody, if anything was ever to be hidden. */
    Optional<Mask> masking(StoredGroup group) {
        List<Version> versions = versions(group);
        return versions.isEmpty() ? Optional.empty() : Optional.of(mask(versions));
    }

    private static Mask mask(List<Version> versions) {
        return (ingestedAt, message) -> {
            for (Version version : versions) {
                if (version.isOf(ingestedAt)) {
                    String text = new String(message, UTF_8);
                    String masked = version.policy.masked(text);
                    return masked.equals(text) ? message : masked.getBytes(UTF_8);
                }
            }
            return message;
        };
    }

    /** Makes sure that the caller may see what is masked. */
    void requireUnmask(StoredGroup group) {
        CallContext.current().require(UNMASK, group.arn() + ":log-stream:");
    }

    /**
     * Reports on what is in events that have come.
     *
     * @param group the group that the reports are for
     * @param lines a report an event in which something was found
     */
    record Reports(String group, List<byte[]> lines) {}

    /** Counts the events in which something was found; gives reports where they are wanted. */
    Optional<Reports> audit(StoredGroup group, List<LogEntry> events) {
        Optional<Version> current = current(group);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        ProtectionPolicy policy = current.get().policy;
        List<byte[]> lines = new ArrayList<>();
        int found = 0;
        for (LogEntry event : events) {
            List<Finding> findings = policy.find(new String(event.message(), UTF_8));
            if (!findings.isEmpty()) {
                found++;
                if (policy.findings().isPresent()) {
                    lines.add(report(group, clock.instant(), findings));
                }
            }
        }
        if (found > 0) {
            for (String operation : List.of("Audit", "Deidentify")) {
                metrics.count(
                        new ServiceMetrics.Source(
                                group.account(),
                                group.region(),
                                "AWS/Logs",
                                Map.of("DataProtectionOperation", operation, "LogGroupName", group.name())),
                        "LogEventsWithFindings",
                        found);
            }
        }
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reports(policy.findings().orElseThrow(), lines));
    }

    private static byte[] report(StoredGroup group, Instant time, List<Finding> findings) {
        ObjectNode report = JSON.createObjectNode()
                .put("auditTimestamp", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("resourceArn", group.arn() + ":*");
        ArrayNode identifiers = report.putArray("dataIdentifiers");
        findings.stream().map(Finding::identifier).distinct().forEach(name -> {
            List<Finding> own = findings.stream()
                    .filter(finding -> finding.identifier().equals(name))
                    .toList();
            ObjectNode identifier = identifiers.addObject().put("name", name).put("count", own.size());
            ArrayNode detections = identifier.putArray("detections");
            // The first character is number 1, and the last one is told, too.
            own.forEach(finding ->
                    detections.addObject().put("start", finding.start() + 1).put("end", finding.end()));
        });
        return report.toString().getBytes(UTF_8);
    }
}
