package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in an event, such as {@code $.detail.instances[0]['instance-id']}.
 *
 * <p>Source: "Input transformation" of the Amazon EventBridge user guide, which knows dots and brackets.
 */
final class EventPath {
    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d{1,9})\\]|\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\*)\\]");

    private final List<Step> steps;

    private EventPath(List<Step> steps) {
        this.steps = steps;
    }

    private sealed interface Step {}

    private record Field(String name) implements Step {}

    private record Index(int number) implements Step {}

    private enum All implements Step {
        ELEMENTS
    }

    /** Reads one; empty if the text is none. */
    static Optional<EventPath> read(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text).region(1, text.length());
        int at = 1;
        while (at < text.length()) {
            if (!matcher.lookingAt()) {
                return Optional.empty();
            }
            steps.add(step(matcher));
            at = matcher.end();
            matcher.region(at, text.length());
        }
        return Optional.of(new EventPath(List.copyOf(steps)));
    }

    private static Step step(Matcher matcher) {
        if (matcher.group(2) != null) {
            return new Index(Integer.parseInt(matcher.group(2)));
        }
        if (matcher.group(5) != null) {
            return All.ELEMENTS;
        }
        for (int group : new int[] {1, 3, 4}) {
            if (matcher.group(group) != null) {
                return new Field(matcher.group(group));
            }
        }
        throw new IllegalStateException("a step is a field, an index or a star");
    }

    /** What is there, if anything is. */
    Optional<JsonValue> in(JsonValue event) {
        return in(event, 0);
    }

    private Optional<JsonValue> in(JsonValue value, int depth) {
        if (depth == steps.size()) {
            return Optional.of(value);
        }
        return switch (steps.get(depth)) {
            case Field(String name) ->
                value instanceof JsonValue.Fields(Map<String, JsonValue> fields)
                        ? Optional.ofNullable(fields.get(name)).flatMap(next -> in(next, depth + 1))
                        : Optional.empty();
            case Index(int number) ->
                value instanceof JsonValue.Elements(List<JsonValue> elements) && number < elements.size()
                        ? in(elements.get(number), depth + 1)
                        : Optional.empty();
            case All _ ->
                value instanceof JsonValue.Elements(List<JsonValue> elements)
                        ? Optional.of(new JsonValue.Elements(elements.stream()
                                .flatMap(element -> in(element, depth + 1).stream())
                                .toList()))
                        : Optional.empty();
        };
    }
}
