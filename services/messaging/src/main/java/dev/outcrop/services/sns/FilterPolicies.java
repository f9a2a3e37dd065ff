package dev.outcrop.services.sns;

import dev.outcrop.engines.patterns.EventPattern;
import dev.outcrop.engines.patterns.InvalidPatternException;
import dev.outcrop.engines.patterns.JsonValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which messages a subscription wants, by their attributes or by what they say.
 *
 * <p>Source: "Amazon SNS message filtering" and "Filter policy constraints" of the Amazon SNS developer guide.
 */
final class FilterPolicies {
    private static final int LARGEST = 256 << 10;
    private static final int MOST_NAMES = 5;
    private static final int MOST_COMBINATIONS = 150;
    private static final int MOST_READ = 10_000;
    private static final JsonValue NOTHING = new JsonValue.Fields(Map.of());

    private final ConcurrentMap<String, EventPattern> read = new ConcurrentHashMap<>();

    /**
     * Makes sure that a document is a filter policy.
     *
     * @throws dev.outcrop.kernel.AwsError {@code InvalidParameter} if it is not
     */
    static void check(String document, boolean body) {
        if (document.length() > LARGEST) {
            throw Errors.invalid("FilterPolicy: Filter policy is too large");
        }
        try {
            if (isEmpty(document)) {
                return;
            }
            EventPattern.read(document);
            JsonValue.Fields fields = (JsonValue.Fields) JsonValue.read(document);
            if (!body && nests(fields)) {
                throw Errors.invalid(
                        "FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy");
            }
            if (leaves(fields) > MOST_NAMES) {
                throw Errors.invalid("FilterPolicy: Filter policy can not have more than " + MOST_NAMES + " keys");
            }
            if (combinations(fields, 1) > MOST_COMBINATIONS) {
                throw Errors.invalid("FilterPolicy: Filter policy is too complex");
            }
        } catch (InvalidPatternException | IOException problem) {
            throw Errors.invalid("FilterPolicy: " + problem.getMessage());
        }
    }

    private static boolean isEmpty(String document) throws IOException {
        return JsonValue.read(document) instanceof JsonValue.Fields(Map<String, JsonValue> fields) && fields.isEmpty();
    }

    private static boolean nests(JsonValue.Fields fields) {
        return fields.values().values().stream().anyMatch(JsonValue.Fields.class::isInstance);
    }

    private static int leaves(JsonValue value) {
        return switch (value) {
            case JsonValue.Fields(Map<String, JsonValue> fields) ->
                fields.entrySet().stream()
                        .mapToInt(field -> field.getValue() instanceof JsonValue.Elements(List<JsonValue> branches)
                                        && field.getKey().equals("$or")
                                ? branches.stream()
                                        .mapToInt(FilterPolicies::leaves)
                                        .sum()
                                : leaves(field.getValue()))
                        .sum();
            default -> 1;
        };
    }

    /** The product of how many values each key has, counting each level of nesting. */
    private static long combinations(JsonValue value, int depth) {
        return switch (value) {
            case JsonValue.Fields(Map<String, JsonValue> fields) -> {
                long product = 1;
                for (Map.Entry<String, JsonValue> field : fields.entrySet()) {
                    product = Math.min(
                            Integer.MAX_VALUE,
                            product
                                    * Math.max(
                                            1,
                                            field.getKey().equals("$or")
                                                            && field.getValue()
                                                                    instanceof
                                                                    JsonValue.Elements(List<JsonValue> branches)
                                                    ? branches.stream()
                                                            .mapToLong(branch -> combinations(branch, depth))
                                                            .sum()
                                                    : combinations(field.getValue(), depth + 1)));
                }
                yield product;
            }
            case JsonValue.Elements(List<JsonValue> values) -> (long) values.size() * Math.max(1, depth - 1);
            default -> 1;
        };
    }

    /** Whether a subscription wants a message. */
    boolean wants(Subscription subscription, PublishedMessage message) {
        Optional<String> document = subscription.attribute("FilterPolicy");
        if (document.isEmpty()) {
            return true;
        }
        try {
            if (isEmpty(document.get())) {
                return true;
            }
            if (read.size() > MOST_READ) {
                read.clear();
            }
            EventPattern pattern = read.computeIfAbsent(document.get(), EventPattern::read);
            boolean body = subscription
                    .attribute("FilterPolicyScope")
                    .filter("MessageBody"::equals)
                    .isPresent();
            return pattern.matches(body ? body(message) : attributes(message));
        } catch (IOException | InvalidPatternException unreadable) {
            return false; // What cannot be read fits no policy.
        }
    }

    private static JsonValue body(PublishedMessage message) throws IOException {
        return JsonValue.read(message.body("default"));
    }

    private static JsonValue attributes(PublishedMessage message) {
        if (message.attributes().isEmpty()) {
            return NOTHING;
        }
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        message.attributes().forEach((name, attribute) -> {
            if (!attribute.isBinary()) {
                fields.put(name, value(attribute));
            }
        });
        return new JsonValue.Fields(fields);
    }

    private static JsonValue value(PublishedMessage.Attribute attribute) {
        return switch (attribute.type()) {
            case "Number" -> new JsonValue.Numeral(attribute.value());
            case "String.Array" -> {
                try {
                    yield JsonValue.read(attribute.value());
                } catch (IOException noArray) {
                    yield new JsonValue.Text(attribute.value());
                }
            }
            default -> new JsonValue.Text(attribute.value());
        };
    }
}
