package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.JsonValue;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eventbridge.model.InputTransformer;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * What a target is given of an event: all of it, a part, something else altogether, or a template filled with parts.
 *
 * <p>Source: "Input transformation" of the Amazon EventBridge user guide. A variable that the event has no value for is an
 * empty string.
 */
final class TargetInput {
    private static final Pattern VARIABLE = Pattern.compile("<([A-Za-z0-9_.-]+)>");
    private static final String RESERVED = "aws.events.";
    private static final int MOST_VARIABLES = 100;

    private TargetInput() {}

    /** Refuses what no event could be made into. */
    static void check(Target target) {
        long ways = Stream.of(target.input(), target.inputPath(), target.inputTransformer())
                .filter(way -> way != null)
                .count();
        if (ways > 1) {
            throw Errors.invalid("Only one of Input, InputPath, or InputTransformer must be provided for target "
                    + target.id() + ".");
        }
        if (target.input() != null) {
            try {
                JsonValue.read(target.input());
            } catch (IOException malformed) {
                throw Errors.invalid(
                        "JSON syntax error in input for target " + target.id() + " : " + malformed.getMessage());
            }
        }
        if (target.inputPath() != null && EventPath.read(target.inputPath()).isEmpty()) {
            throw Errors.invalid("Invalid InputPath for target " + target.id() + ".");
        }
        if (target.inputTransformer() != null) {
            check(target.id(), target.inputTransformer());
        }
    }

    private static void check(String id, InputTransformer transformer) {
        if (transformer.inputPathsMap().size() > MOST_VARIABLES) {
            throw Errors.invalid("InputPathsMap for target " + id + " has more than " + MOST_VARIABLES + " entries.");
        }
        transformer.inputPathsMap().forEach((name, path) -> {
            if (name.startsWith("AWS") || EventPath.read(path).isEmpty()) {
                throw Errors.invalid("Invalid InputPathsMap entry " + name + " for target " + id + ".");
            }
        });
        Matcher variables = VARIABLE.matcher(transformer.inputTemplate());
        while (variables.find()) {
            String name = variables.group(1);
            if (!name.startsWith(RESERVED) && !transformer.inputPathsMap().containsKey(name)) {
                throw Errors.invalid("InputTemplate for target " + id + " contains invalid placeholder " + name + ".");
            }
        }
    }

    /** What is delivered. */
    static String of(Delivery delivery) throws IOException {
        Target target = delivery.target();
        if (target.input() != null) {
            return target.input();
        }
        if (target.inputPath() != null) {
            return EventPath.read(target.inputPath())
                    .flatMap(path -> readPath(path, delivery.event()))
                    .map(JsonValue::json)
                    .orElse("null");
        }
        return target.inputTransformer() == null ? delivery.event() : transformed(delivery);
    }

    private static Optional<JsonValue> readPath(EventPath path, String event) {
        try {
            return path.in(JsonValue.read(event));
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    private static String transformed(Delivery delivery) throws IOException {
        InputTransformer transformer = delivery.target().inputTransformer();
        JsonValue event = JsonValue.read(delivery.event());
        Map<String, JsonValue> values = new HashMap<>();
        transformer
                .inputPathsMap()
                .forEach((name, path) -> EventPath.read(path)
                        .flatMap(place -> place.in(event))
                        .ifPresent(value -> values.put(name, value)));
        return fill(
                transformer.inputTemplate(),
                name -> name.startsWith(RESERVED)
                        ? reserved(name, delivery, event)
                        : Optional.ofNullable(values.get(name)));
    }

    private static Optional<JsonValue> reserved(String name, Delivery delivery, JsonValue event) {
        return switch (name) {
            case "aws.events.rule-arn" -> Optional.of(new JsonValue.Text(delivery.ruleArn()));
            case "aws.events.rule-name" ->
                Optional.of(
                        new JsonValue.Text(RuleName.ofArn(delivery.ruleArn()).name()));
            case "aws.events.event.ingestion-time" -> Optional.of(new JsonValue.Text(time(delivery.accepted())));
            case "aws.events.event" -> Optional.of(withoutDetail(event));
            case "aws.events.event.json" -> Optional.of(event);
            default -> Optional.empty();
        };
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static JsonValue withoutDetail(JsonValue event) {
        if (!(event instanceof JsonValue.Fields(Map<String, JsonValue> fields))) {
            return event;
        }
        Map<String, JsonValue> rest = new LinkedHashMap<>(fields);
        rest.remove("detail");
        return new JsonValue.Fields(rest);
    }

    /** Gives variables their values. */
    @FunctionalInterface
    interface Variables {
        Optional<JsonValue> value(String name);
    }

    /**
     * The template with its variables filled in: JSON where they stand by themselves, and within a string the text of a
     * string, or the JSON of what is none, with its quotes escaped.
     */
    static String fill(String template, Variables variables) {
        StringBuilder filled = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(template);
        boolean inString = false;
        int at = 0;
        while (matcher.find()) {
            inString = copy(template, at, matcher.start(), filled, inString);
            JsonValue value = variables.value(matcher.group(1)).orElse(new JsonValue.Text(""));
            if (inString) {
                String text = value instanceof JsonValue.Text(String plain) ? plain : value.json();
                String quoted = new JsonValue.Text(text).json();
                filled.append(quoted, 1, quoted.length() - 1);
            } else {
                filled.append(value.json());
            }
            at = matcher.end();
        }
        copy(template, at, template.length(), filled, inString);
        return filled.toString();
    }

    /** Copies a piece, and says whether a string goes on at its end. */
    private static boolean copy(String template, int from, int to, StringBuilder target, boolean inString) {
        boolean within = inString;
        for (int i = from; i < to; i++) {
            char character = template.charAt(i);
            if (character == '\\' && i + 1 < to) {
                target.append(character);
                i++;
            } else if (character == '"') {
                within = !within;
            }
            target.append(template.charAt(i));
        }
        return within;
    }
}
