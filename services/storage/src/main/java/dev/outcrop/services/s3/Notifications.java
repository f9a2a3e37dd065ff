package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.buckets.Bucket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;

/**
 * Whom buckets tell of what happens to objects.
 *
 * <p>Source: "PutBucketNotificationConfiguration", Amazon S3 API reference; "Amazon S3 Event Notifications", user guide.
 */
final class Notifications {
    private static final Map<String, String> NAMES = Map.of("prefix", "Prefix", "suffix", "Suffix");

    private final BucketDocuments documents;
    private final EventDestinations destinations;
    private final Ids ids;
    private final InstantSource clock;

    Notifications(BucketDocuments documents, EventDestinations destinations, Ids ids, InstantSource clock) {
        this.documents = documents;
        this.destinations = destinations;
        this.ids = ids;
        this.clock = clock;
    }

    GetBucketNotificationConfigurationResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.NOTIFICATION)
                .orElseGet(() ->
                        GetBucketNotificationConfigurationResponse.builder().build());
    }

    /**
     * Sets, or clears, whom a bucket tells.
     *
     * @param unchecked whether destinations are taken that cannot be told
     */
    void put(Bucket bucket, NotificationConfiguration configuration, boolean unchecked) {
        if (!configuration.hasTopicConfigurations()
                && !configuration.hasQueueConfigurations()
                && !configuration.hasLambdaFunctionConfigurations()
                && configuration.eventBridgeConfiguration() == null) {
            documents.remove(bucket, BucketDocuments.Kind.NOTIFICATION);
            return;
        }
        List<TopicConfiguration> topics = configuration.topicConfigurations().stream()
                .map(topic -> topic.copy(one -> one.id(id(topic.id())).filter(named(topic.filter()))))
                .toList();
        List<QueueConfiguration> queues = configuration.queueConfigurations().stream()
                .map(queue -> queue.copy(one -> one.id(id(queue.id())).filter(named(queue.filter()))))
                .toList();
        List<LambdaFunctionConfiguration> functions = configuration.lambdaFunctionConfigurations().stream()
                .map(function -> function.copy(one -> one.id(id(function.id())).filter(named(function.filter()))))
                .toList();
        GetBucketNotificationConfigurationResponse kept = GetBucketNotificationConfigurationResponse.builder()
                .topicConfigurations(topics)
                .queueConfigurations(queues)
                .lambdaFunctionConfigurations(functions)
                .eventBridgeConfiguration(configuration.eventBridgeConfiguration())
                .build();
        List<Entry> entries = entries(kept);
        check(entries);
        entries.forEach(entry -> requirePlace(bucket, entry));
        if (!unchecked) {
            requireDestinations(bucket, entries);
        }
        documents.put(bucket, BucketDocuments.Kind.NOTIFICATION, kept);
    }

    /** The entries of all kinds of destinations. */
    static List<Entry> entries(GetBucketNotificationConfigurationResponse configuration) {
        List<Entry> entries = new ArrayList<>();
        configuration.topicConfigurations().forEach(topic -> entries.add(Entry.of(topic)));
        configuration.queueConfigurations().forEach(queue -> entries.add(Entry.of(queue)));
        configuration.lambdaFunctionConfigurations().forEach(function -> entries.add(Entry.of(function)));
        return entries;
    }

    /** A filter with the names of its rules as S3 writes them, whose case does not matter in a request. */
    private static NotificationConfigurationFilter named(NotificationConfigurationFilter filter) {
        if (filter == null || filter.key() == null) {
            return filter;
        }
        List<FilterRule> rules = filter.key().filterRules().stream()
                .map(rule -> rule.copy(one -> one.name(NAMES.getOrDefault(
                        String.valueOf(rule.nameAsString()).toLowerCase(Locale.ROOT), rule.nameAsString()))))
                .toList();
        return filter.copy(one -> one.key(key -> key.filterRules(rules)));
    }

    private String id(String given) {
        return given == null || given.isEmpty() ? ids.uuid() : given;
    }

    /** What the three kinds of destinations have alike. */
    record Entry(
            String service,
            String id,
            String destination,
            List<String> events,
            NotificationConfigurationFilter filter) {
        static Entry of(TopicConfiguration topic) {
            return new Entry("sns", topic.id(), topic.topicArn(), topic.eventsAsStrings(), topic.filter());
        }

        static Entry of(QueueConfiguration queue) {
            return new Entry("sqs", queue.id(), queue.queueArn(), queue.eventsAsStrings(), queue.filter());
        }

        static Entry of(LambdaFunctionConfiguration function) {
            return new Entry(
                    "lambda",
                    function.id(),
                    function.lambdaFunctionArn(),
                    function.eventsAsStrings(),
                    function.filter());
        }

        List<FilterRule> rules() {
            return filter == null || filter.key() == null
                    ? List.of()
                    : filter.key().filterRules();
        }

        /** Whether it is about {@code event}, such as {@code s3:ObjectCreated:Put}, of {@code key}. */
        boolean wants(String event, String key) {
            return key.startsWith(rule("prefix"))
                    && key.endsWith(rule("suffix"))
                    && events.stream().anyMatch(pattern -> includes(pattern, event));
        }

        /** What keys begin or end with; {@code name} is {@code prefix} or {@code suffix}. */
        String rule(String name) {
            return rules().stream()
                    .filter(rule -> rule.nameAsString().toLowerCase(Locale.ROOT).equals(name))
                    .map(FilterRule::value)
                    .findFirst()
                    .orElse("");
        }
    }

    private static void check(List<Entry> entries) {
        Set<String> taken = new HashSet<>();
        for (Entry entry : entries) {
            if (!taken.add(entry.id())) {
                throw Errors.invalidArgument(
                        "Same ID used for multiple configurations. IDs must be unique", "Id", entry.id());
            }
            if (entry.events().isEmpty()) {
                throw Errors.malformedXml();
            }
            checkFilter(entry);
        }
        for (int i = 0; i < entries.size(); i++) {
            for (Entry other : entries.subList(i + 1, entries.size())) {
                if (overlap(entries.get(i), other)) {
                    throw Errors.invalidArgument(
                            "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
                            "Id",
                            other.id());
                }
            }
        }
    }

    private static void checkFilter(Entry entry) {
        Set<String> names = new HashSet<>();
        for (FilterRule rule : entry.rules()) {
            String name = rule.nameAsString() == null ? "" : rule.nameAsString().toLowerCase(Locale.ROOT);
            if (!name.equals("prefix") && !name.equals("suffix")) {
                throw Errors.invalidArgument(
                        "filter rule name must be either prefix or suffix", "FilterRule.Name", name);
            }
            if (!names.add(name)) {
                throw Errors.invalidArgument(
                        "Cannot specify more than one " + name + " rule in a filter.", "FilterRule.Name", name);
            }
            if (rule.value() == null || rule.value().length() > 1024) {
                throw Errors.invalidArgument(
                        "filter rule value cannot exceed 1024 characters",
                        "FilterRule.Value",
                        String.valueOf(rule.value()));
            }
        }
    }

    private static boolean overlap(Entry one, Entry other) {
        boolean events = one.events().stream()
                .anyMatch(event -> other.events().stream().anyMatch(second -> includes(event, second)));
        String prefix = one.rule("prefix");
        String otherPrefix = other.rule("prefix");
        String suffix = one.rule("suffix");
        String otherSuffix = other.rule("suffix");
        return events
                && (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix))
                && (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix));
    }

    private static boolean includes(String one, String other) {
        return one.equals(other) || isBelow(one, other) || isBelow(other, one);
    }

    private static boolean isBelow(String pattern, String event) {
        return pattern.endsWith("*") && event.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    private static void requirePlace(Bucket bucket, Entry entry) {
        String[] arn = entry.destination().split(":", 6);
        if (arn.length < 6 || !arn[0].equals("arn") || !arn[2].equals(entry.service())) {
            throw Errors.invalidArgument("The ARN could not be parsed", "ARN", entry.destination());
        }
        if (!arn[3].equals(bucket.region())) {
            throw Errors.invalidArgument(
                    "The notification destination service region is not valid for the bucket location constraint",
                    "ARN",
                    entry.destination());
        }
        if (arn[5].endsWith(".fifo")) {
            throw Errors.invalidArgument("FIFO destinations are not supported", "ARN", entry.destination());
        }
    }

    /** Sends everybody a message, to see whether it is taken. */
    private void requireDestinations(Bucket bucket, List<Entry> entries) {
        String test = EventMessages.test(bucket, EventCause.call(), clock.instant());
        for (Entry entry : entries) {
            try {
                destinations.send(bucket, entry.destination(), test);
            } catch (EventDestinations.UndeliverableException refused) {
                throw new AwsError(
                        "InvalidArgument",
                        400,
                        "Unable to validate the following destination configurations",
                        Errors.details(
                                "ArgumentName1",
                                entry.destination(),
                                "ArgumentValue1",
                                "Not authorized to invoke, or missing: " + refused.getMessage()));
            }
        }
    }
}
