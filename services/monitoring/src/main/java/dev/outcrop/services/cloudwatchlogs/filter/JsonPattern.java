package dev.outcrop.services.cloudwatchlogs.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the members of a JSON object are, as in <code>{ $.status = 4* &amp;&amp; $.user NOT EXISTS }</code>. */
final class JsonPattern implements FilterPattern {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 50;
    private static final String VALUE_ENDS = ")}&|";

    private final Predicate<JsonNode> condition;
    private final Set<JsonSelector> selectors;

    private JsonPattern(Predicate<JsonNode> condition, Set<JsonSelector> selectors) {
        this.condition = condition;
        this.selectors = selectors;
    }

    static JsonPattern read(String text) throws InvalidPatternException {
        Reader reader = new Reader(new PatternScanner(text));
        reader.scanner.require("{");
        Predicate<JsonNode> condition = reader.either(0);
        reader.scanner.require("}");
        reader.scanner.skipSpace();
        if (!reader.scanner.ended()) {
            throw new InvalidPatternException("nothing may follow the closing brace");
        }
        return new JsonPattern(condition, reader.selectors);
    }

    @Override
    public boolean matches(String message) {
        return object(message).filter(condition).isPresent();
    }

    @Override
    public Map<String, String> extracted(String message) {
        Map<String, String> extracted = new LinkedHashMap<>();
        object(message)
                .ifPresent(object -> selectors.forEach(
                        selector -> selector.text(object).ifPresent(value -> extracted.put(selector.text(), value))));
        return extracted;
    }

    @Override
    public Optional<String> value(String message, String name) {
        try {
            JsonSelector selector = JsonSelector.read(new PatternScanner(name));
            return object(message).flatMap(selector::text);
        } catch (InvalidPatternException none) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> object(String message) {
        int begin = 0;
        while (begin < message.length() && Character.isWhitespace(message.charAt(begin))) {
            begin++;
        }
        if (begin == message.length() || (message.charAt(begin) != '{' && message.charAt(begin) != '[')) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readTree(message)).filter(JsonNode::isContainerNode);
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }

    /** Reads conditions. */
    private static final class Reader {
        private final PatternScanner scanner;
        private final Set<JsonSelector> selectors = new LinkedHashSet<>();

        Reader(PatternScanner scanner) {
            this.scanner = scanner;
        }

        Predicate<JsonNode> either(int depth) throws InvalidPatternException {
            Predicate<JsonNode> condition = both(depth);
            while (scanner.take("||")) {
                condition = condition.or(both(depth));
            }
            return condition;
        }

        private Predicate<JsonNode> both(int depth) throws InvalidPatternException {
            Predicate<JsonNode> condition = one(depth);
            while (scanner.take("&&")) {
                condition = condition.and(one(depth));
            }
            return condition;
        }

        private Predicate<JsonNode> one(int depth) throws InvalidPatternException {
            if (depth > DEEPEST) {
                throw new InvalidPatternException("the pattern is nested too deep");
            }
            if (scanner.take("(")) {
                Predicate<JsonNode> inner = either(depth + 1);
                scanner.require(")");
                return inner;
            }
            scanner.skipSpace();
            JsonSelector selector = JsonSelector.read(scanner);
            selectors.add(selector);
            if (scanner.takeWord("NOT")) {
                if (!scanner.takeWord("EXISTS")) {
                    throw new InvalidPatternException("expected EXISTS behind NOT");
                }
                return object -> selector.all(object).isEmpty();
            }
            if (scanner.takeWord("IS")) {
                if (scanner.takeWord("NULL")) {
                    return object -> selector.all(object).stream().anyMatch(JsonNode::isNull);
                }
                boolean truth = scanner.takeWord("TRUE");
                if (!truth && !scanner.takeWord("FALSE")) {
                    throw new InvalidPatternException("expected NULL, TRUE or FALSE behind IS");
                }
                return object -> selector.all(object).stream()
                        .anyMatch(node -> node.isBoolean() && node.booleanValue() == truth);
            }
            Comparison comparison = Comparison.read(scanner, VALUE_ENDS);
            return object -> selector.all(object).stream()
                    .anyMatch(node -> node.isValueNode() && !node.isNull() && comparison.fits(node.asText()));
        }
    }
}
