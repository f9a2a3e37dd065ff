package dev.outcrop.engines.patterns;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads one match expression: an object with one field, which says how a value is compared. */
final class MatcherReader {
    private final PatternReader pattern;
    private final JsonParser parser;

    MatcherReader(PatternReader pattern, JsonParser parser) {
        this.pattern = pattern;
        this.parser = parser;
    }

    /** Reads from behind the opening brace to behind the closing one. */
    Matcher read() throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw invalid("Match expression name not found");
        }
        String type = parser.currentName();
        parser.nextToken();
        return switch (type) {
            case "exactly" -> closed(new Matcher.Exact(new JsonValue.Text(text("exact"))));
            case "prefix" -> affix(type, Matcher.Prefix::new);
            case "suffix" -> affix(type, Matcher.Suffix::new);
            case "equals-ignore-case" -> closed(new Matcher.IgnoringCase(text(type)));
            case "wildcard" -> closed(wild());
            case "cidr" -> closed(network());
            case "exists" -> closed(exists());
            case "numeric" -> numeric();
            case "anything-but" -> anythingBut();
            default -> throw invalid("Unrecognized match type " + type);
        };
    }

    /** How a prefix or suffix becomes a matcher. */
    @FunctionalInterface
    private interface Affix {
        Matcher matcher(String text, boolean ignoreCase);
    }

    private Matcher affix(String type, Affix affix) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return closed(affix.matcher(text(type), false));
        }
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw invalid((type.equals("prefix") ? "Prefix" : "Suffix") + " expression name not found");
        }
        if (!parser.currentName().equals("equals-ignore-case")) {
            throw invalid("Unsupported " + type + " pattern: " + parser.currentName());
        }
        parser.nextToken();
        return closed(closed(affix.matcher(text("equals-ignore-case"), true)));
    }

    private String text(String type) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(type + " match pattern must be a string");
        }
        return parser.getText();
    }

    private Matcher wild() throws IOException {
        return located(text("wildcard"), text -> new Matcher.Wild(Wildcards.read(text)));
    }

    private Matcher network() throws IOException {
        return located(text("cidr"), text -> new Matcher.InNetwork(Network.read(text)));
    }

    private Matcher located(String text, Function<String, Matcher> reader) {
        try {
            return reader.apply(text);
        } catch (InvalidPatternException reason) {
            throw invalid(reason.getMessage());
        }
    }

    private Matcher exists() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> new Matcher.Exists(true);
            case VALUE_FALSE -> new Matcher.Exists(false);
            case null, default -> throw invalid("exists match pattern must be either true or false.");
        };
    }

    private Matcher numeric() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("Value of numeric must be an array.");
        }
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw invalid("Invalid member in numeric match: " + parser.getText());
        }
        String operator = parser.getText();
        Matcher range = switch (operator) {
            case "=" -> {
                Optional<BigDecimal> number = Optional.of(operand("equals"));
                yield ended(new Matcher.Range(number, true, number, true));
            }
            case "<", "<=" ->
                ended(new Matcher.Range(
                        Optional.empty(), false, Optional.of(operand(operator)), operator.equals("<=")));
            case ">", ">=" -> between(operand(operator), operator.equals(">="));
            default -> throw invalid("Unrecognized numeric range operator: " + operator);
        };
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw tooMany();
        }
        return range;
    }

    private Matcher between(BigDecimal bottom, boolean bottomIncluded) throws IOException {
        JsonToken next = parser.nextToken();
        if (next == JsonToken.END_ARRAY) {
            return new Matcher.Range(Optional.of(bottom), bottomIncluded, Optional.empty(), false);
        }
        if (next != JsonToken.VALUE_STRING) {
            throw invalid("Bad value in numeric range: " + parser.getText());
        }
        String operator = parser.getText();
        if (!operator.equals("<") && !operator.equals("<=")) {
            throw invalid("Bad numeric range operator: " + operator);
        }
        BigDecimal top = operand(operator);
        if (bottom.compareTo(top) >= 0) {
            throw invalid("Bottom must be less than top");
        }
        return ended(new Matcher.Range(Optional.of(bottom), bottomIncluded, Optional.of(top), operator.equals("<=")));
    }

    private BigDecimal operand(String operator) throws IOException {
        if (!parser.nextToken().isNumeric()) {
            throw invalid("Value of " + operator + " must be numeric");
        }
        return number();
    }

    private BigDecimal number() throws IOException {
        return Numbers.read(parser.getText())
                .orElseThrow(() -> invalid("Value must be between -5.0E9 and 5.0E9, inclusive"));
    }

    private Matcher anythingBut() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return closed(otherThan());
        }
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw invalid("Anything-But expression name not found");
        }
        String type = parser.currentName();
        Function<String, Matcher> unwanted = switch (type) {
            case "prefix" -> text -> new Matcher.Prefix(notEmpty(text), false);
            case "suffix" -> text -> new Matcher.Suffix(notEmpty(text), false);
            case "equals-ignore-case" -> Matcher.IgnoringCase::new;
            case "wildcard" -> text -> new Matcher.Wild(Wildcards.read(text));
            default -> throw invalid("Unsupported anything-but pattern: " + type);
        };
        List<Matcher> all = new ArrayList<>();
        if (parser.nextToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                all.add(located(unwantedText(type), unwanted));
            }
        } else {
            all.add(located(unwantedText(type), unwanted));
        }
        return closed(closed(new Matcher.AnythingBut(List.copyOf(all))));
    }

    private String unwantedText(String type) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        throw invalid(
                switch (type) {
                    case "equals-ignore-case" ->
                        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
                    case "wildcard" -> "wildcard match pattern must be a string";
                    default -> "prefix/suffix match pattern must be a string";
                });
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new InvalidPatternException("Null prefix/suffix not allowed");
        }
        return text;
    }

    /** A list of strings or of numbers, or one of them. */
    private Matcher otherThan() throws IOException {
        Set<JsonValue> texts = new LinkedHashSet<>();
        List<Matcher> numbers = new ArrayList<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                other(texts, numbers, "Inside anything but list, start|null|boolean is not supported.");
            }
        } else {
            other(texts, numbers, "Value of anything-but must be an array or single string/number value.");
        }
        if (texts.isEmpty() == numbers.isEmpty()) {
            throw invalid("Inside anything but list, either all values are number or string, "
                    + "mixed type is not supported");
        }
        return numbers.isEmpty()
                ? new Matcher.NoneOf(Set.copyOf(texts))
                : new Matcher.AnythingBut(List.copyOf(numbers));
    }

    private void other(Set<JsonValue> texts, List<Matcher> numbers, String refusal) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> texts.add(new JsonValue.Text(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                Optional<BigDecimal> number = Optional.of(number());
                numbers.add(new Matcher.Range(number, true, number, true));
            }
            case null, default -> throw invalid(refusal);
        }
    }

    private Matcher closed(Matcher matcher) throws IOException {
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw invalid("Only one key allowed in match expression");
        }
        return matcher;
    }

    private Matcher ended(Matcher matcher) throws IOException {
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw tooMany();
        }
        return matcher;
    }

    private InvalidPatternException tooMany() {
        return invalid("Too many elements in numeric expression");
    }

    private InvalidPatternException invalid(String reason) {
        return pattern.invalid(parser, reason);
    }
}
