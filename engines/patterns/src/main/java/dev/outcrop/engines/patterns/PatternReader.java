package dev.outcrop.engines.patterns;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.outcrop.engines.patterns.EventPattern.Condition;
import dev.outcrop.engines.patterns.EventPattern.Leaf;
import dev.outcrop.engines.patterns.EventPattern.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads patterns, and says of what is none what is wrong and where. */
final class PatternReader {
    private static final String OR = "$or";
    private static final Set<String> RESERVED_IN_OR = Set.of(
            "exactly",
            "prefix",
            "suffix",
            "anything-but",
            "numeric",
            "exists",
            "cidr",
            "wildcard",
            "equals-ignore-case",
            "=",
            "<",
            "<=",
            ">",
            ">=");
    /** How much of a pattern an error quotes. */
    private static final int LONGEST_QUOTE = 500;

    private final String json;

    PatternReader(String json) {
        this.json = json;
    }

    EventPattern read() {
        try (JsonParser parser = JsonValue.Json.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid(parser, "Filter is not an object");
            }
            Condition root = condition(parser, false);
            if (parser.nextToken() != null) {
                throw invalid(parser, "Unexpected content behind the filter");
            }
            return new EventPattern(root);
        } catch (JsonProcessingException failure) {
            throw failure.getLocation() == null
                    ? new InvalidPatternException(failure.getOriginalMessage())
                    : invalid(failure.getLocation(), failure.getOriginalMessage());
        } catch (IOException failure) {
            throw new InvalidPatternException(failure.getMessage());
        }
    }

    private Condition condition(JsonParser parser, boolean inOr) throws IOException {
        Map<String, Node> fields = new HashMap<>();
        List<List<Condition>> choices = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (name.equals(OR)) {
                choices.add(choice(parser));
                continue;
            }
            if (inOr && RESERVED_IN_OR.contains(name)) {
                throw invalid(parser, name + " is Ruler reserved fieldName which cannot be used inside $or.");
            }
            switch (parser.nextToken()) {
                case START_OBJECT -> fields.put(name, condition(parser, inOr));
                case START_ARRAY -> fields.put(name, leaf(parser));
                case null, default -> throw invalid(parser, "\"" + name + "\" must be an object or an array");
            }
        }
        if (fields.isEmpty() && choices.isEmpty()) {
            throw invalid(parser, "Empty objects are not allowed");
        }
        return new Condition(Map.copyOf(fields), List.copyOf(choices));
    }

    private List<Condition> choice(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw invalid(parser, "It must be an Array followed with $or.");
        }
        List<Condition> branches = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw invalid(parser, "Only JSON object is allowed in array of $or relationship.");
            }
            branches.add(condition(parser, true));
        }
        if (branches.size() < 2) {
            throw invalid(parser, "There must have at least 2 Objects in $or relationship.");
        }
        return List.copyOf(branches);
    }

    private Leaf leaf(JsonParser parser) throws IOException {
        List<Matcher> matchers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            matchers.add(
                    switch (parser.currentToken()) {
                        case START_OBJECT -> new MatcherReader(this, parser).read();
                        case VALUE_STRING -> new Matcher.Exact(new JsonValue.Text(parser.getText()));
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                            new Matcher.Exact(new JsonValue.Numeral(parser.getText()));
                        case VALUE_TRUE -> new Matcher.Exact(JsonValue.Constant.TRUE);
                        case VALUE_FALSE -> new Matcher.Exact(JsonValue.Constant.FALSE);
                        case VALUE_NULL -> new Matcher.Exact(JsonValue.Constant.NULL);
                        case null, default ->
                            throw invalid(parser, "Match value must be String, number, true, false, or null");
                    });
        }
        if (matchers.isEmpty()) {
            throw invalid(parser, "Empty arrays are not allowed");
        }
        return new Leaf(List.copyOf(matchers));
    }

    InvalidPatternException invalid(JsonParser parser, String reason) {
        return invalid(parser.currentLocation(), reason);
    }

    private InvalidPatternException invalid(JsonLocation place, String reason) {
        String quote = json.length() <= LONGEST_QUOTE
                ? "\"" + json + "\""
                : "\"" + json.substring(0, LONGEST_QUOTE) + "\"[truncated " + (json.length() - LONGEST_QUOTE)
                        + " chars]";
        return new InvalidPatternException(reason + "\n at [Source: (String)" + quote + "; line: " + place.getLineNr()
                + ", column: " + place.getColumnNr() + "]");
    }
}
