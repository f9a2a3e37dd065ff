package dev.outcrop.services.cloudwatchlogs.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in JSON, such as {@code $.requests[0].status}.
 *
 * @param text  as it was written
 * @param steps names of members, {@code [0]} for an element and {@code [*]} for all of them
 */
record JsonSelector(String text, List<Step> steps) {
    private static final int MOST_STEPS = 50;
    private static final int ALL = -1;

    /** A member by its name, or an element by its number. */
    private record Step(Optional<String> member, int element) {}

    static JsonSelector read(PatternScanner scanner) throws InvalidPatternException {
        scanner.require("$");
        StringBuilder text = new StringBuilder("$");
        List<Step> steps = new ArrayList<>();
        while (scanner.peek() == '.' || scanner.peek() == '[') {
            if (scanner.next() == '.') {
                String name = scanner.until(".[]=!<>(){}&|,");
                if (name.isEmpty()) {
                    throw new InvalidPatternException("expected a property's name at position " + scanner.position());
                }
                text.append('.').append(name);
                steps.add(new Step(Optional.of(name), 0));
            } else if (scanner.peek() == '\'' || scanner.peek() == '"') {
                char quote = scanner.peek();
                String name = scanner.quoted(quote);
                scanner.require("]");
                text.append("['").append(name).append("']");
                steps.add(new Step(Optional.of(name), 0));
            } else {
                String index = scanner.until("]");
                scanner.require("]");
                text.append('[').append(index).append(']');
                steps.add(new Step(Optional.empty(), index.equals("*") ? ALL : number(index)));
            }
        }
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw new InvalidPatternException("a property selector has 1 to " + MOST_STEPS + " parts");
        }
        return new JsonSelector(text.toString(), steps);
    }

    private static int number(String index) throws InvalidPatternException {
        try {
            int number = Integer.parseInt(index);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException none) {
            // Said below.
        }
        throw new InvalidPatternException("'" + index + "' is not an array's index");
    }

    /** What there is at the place; of several elements all. */
    List<JsonNode> all(JsonNode root) {
        List<JsonNode> nodes = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : nodes) {
                if (step.member().isPresent()) {
                    JsonNode member = node.get(step.member().get());
                    if (member != null) {
                        next.add(member);
                    }
                } else if (node.isArray() && step.element() == ALL) {
                    node.forEach(next::add);
                } else if (node.isArray() && node.has(step.element())) {
                    next.add(node.get(step.element()));
                }
            }
            nodes = next;
        }
        return nodes;
    }

    /** The first thing at the place, as text. */
    Optional<String> text(JsonNode root) {
        return all(root).stream()
                .findFirst()
                .filter(node -> !node.isNull())
                .map(node -> node.isValueNode() ? node.asText() : node.toString());
    }
}
