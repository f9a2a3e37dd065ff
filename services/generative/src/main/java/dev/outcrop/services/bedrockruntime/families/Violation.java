package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.core.JsonPointer;
import java.math.BigDecimal;
import java.util.List;

/**
 * What is wrong at one place of a request body. It is found once, by whoever reads the body, and said in the words of
 * whichever API was called.
 *
 * @param place the value that is wrong, or the object that lacks a key or has one too many
 */
public record Violation(JsonPointer place, Fault fault) {
    /** What can be wrong. */
    public sealed interface Fault {
        /** A required key is not there. */
        record Missing(String key) implements Fault {}

        /** A key is there that means nothing. */
        record Unexpected(String key) implements Fault {}

        /** A value of the wrong type. */
        record WrongType(JsonType expected, JsonType found) implements Fault {}

        /** A number that is too small. */
        record BelowMinimum(BigDecimal value, BigDecimal minimum) implements Fault {}

        /** A number that is too large. */
        record AboveMaximum(BigDecimal value, BigDecimal maximum) implements Fault {}

        /** A text that is none of those allowed. */
        record NotOneOf(String value, List<String> allowed) implements Fault {
            public NotOneOf {
                allowed = List.copyOf(allowed);
            }
        }

        /** An array with too few items. */
        record TooFewItems(int minimum, int found) implements Fault {}

        /** An array with too many items. */
        record TooManyItems(int maximum, int found) implements Fault {}

        /** A text with too few characters. */
        record TooShort(int minimum, int found) implements Fault {}

        /** A text with too many characters. */
        record TooLong(int maximum, int found) implements Fault {}

        /** Anything else. */
        record Other(String message) implements Fault {}
    }

    /**
     * In the words of AWS, whose checks are those of the Everit JSON Schema validator, such as
     * {@code #/inferenceConfig: extraneous key [topp] is not permitted}.
     */
    public String inAwsWords() {
        return "#" + place + ": "
                + switch (fault) {
                    case Fault.Missing(String key) -> "required key [" + key + "] not found";
                    case Fault.Unexpected(String key) -> "extraneous key [" + key + "] is not permitted";
                    case Fault.WrongType(JsonType expected, JsonType found) ->
                        "expected type: " + expected.everit() + ", found: " + found.everit();
                    case Fault.BelowMinimum(BigDecimal value, BigDecimal minimum) ->
                        plain(value) + " is not greater or equal to " + plain(minimum);
                    case Fault.AboveMaximum(BigDecimal value, BigDecimal maximum) ->
                        plain(value) + " is not less or equal to " + plain(maximum);
                    case Fault.NotOneOf(String value, List<String> allowed) -> value + " is not a valid enum value";
                    case Fault.TooFewItems(int minimum, int found) ->
                        "expected minimum item count: " + minimum + ", found: " + found;
                    case Fault.TooManyItems(int maximum, int found) ->
                        "expected maximum item count: " + maximum + ", found: " + found;
                    case Fault.TooShort(int minimum, int found) ->
                        "expected minLength: " + minimum + ", actual: " + found;
                    case Fault.TooLong(int maximum, int found) ->
                        "expected maxLength: " + maximum + ", actual: " + found;
                    case Fault.Other(String message) -> message;
                };
    }

    /** In the words of Anthropic's API, such as {@code messages.0.content: Field required}. */
    public String inAnthropicWords() {
        String said = switch (fault) {
            case Fault.Missing(String key) -> "Field required";
            case Fault.Unexpected(String key) -> "Extra inputs are not permitted";
            case Fault.WrongType(JsonType expected, JsonType found) -> "Input should be " + expected.pydantic();
            case Fault.BelowMinimum(BigDecimal value, BigDecimal minimum) ->
                "Input should be greater than or equal to " + plain(minimum);
            case Fault.AboveMaximum(BigDecimal value, BigDecimal maximum) ->
                "Input should be less than or equal to " + plain(maximum);
            case Fault.NotOneOf(String value, List<String> allowed) -> "Input should be " + listed(allowed, " or ");
            case Fault.TooFewItems(int minimum, int found) ->
                "List should have at least " + minimum + (minimum == 1 ? " item" : " items") + " after validation, not "
                        + found;
            case Fault.TooManyItems(int maximum, int found) ->
                "List should have at most " + maximum + (maximum == 1 ? " item" : " items") + " after validation, not "
                        + found;
            case Fault.TooShort(int minimum, int found) ->
                "String should have at least " + minimum + (minimum == 1 ? " character" : " characters");
            case Fault.TooLong(int maximum, int found) ->
                "String should have at most " + maximum + (maximum == 1 ? " character" : " characters");
            case Fault.Other(String message) -> message;
        };
        String where = subject().toString().replaceFirst("^/", "").replace('/', '.');
        return where.isEmpty() ? said : where + ": " + said;
    }

    /** The error that OpenAI's API makes of it. */
    public OpenAiError inOpenAiWords() {
        String where = openAiPath(subject());
        return switch (fault) {
            case Fault.Missing(String key) ->
                new OpenAiError("Missing required parameter: '" + where + "'.", where, "missing_required_parameter");
            case Fault.Unexpected(String key) ->
                new OpenAiError("Unknown parameter: '" + where + "'.", where, "unknown_parameter");
            case Fault.WrongType(JsonType expected, JsonType found) ->
                new OpenAiError(
                        "Invalid type for '" + where + "': expected " + expected.openAi() + ", but got "
                                + found.openAi() + " instead.",
                        where,
                        "invalid_type");
            case Fault.BelowMinimum(BigDecimal value, BigDecimal minimum) ->
                new OpenAiError(
                        "Invalid '" + where + "': " + kind(value) + " below minimum value. Expected a value >= "
                                + plain(minimum) + ", but got " + plain(value) + " instead.",
                        where,
                        kind(value) + "_below_min_value");
            case Fault.AboveMaximum(BigDecimal value, BigDecimal maximum) ->
                new OpenAiError(
                        "Invalid '" + where + "': " + kind(value) + " above maximum value. Expected a value <= "
                                + plain(maximum) + ", but got " + plain(value) + " instead.",
                        where,
                        kind(value) + "_above_max_value");
            case Fault.NotOneOf(String value, List<String> allowed) ->
                new OpenAiError(
                        "Invalid value: '" + value + "'. Supported values are: " + listed(allowed, " and ") + ".",
                        where,
                        "invalid_value");
            case Fault.TooFewItems(int minimum, int found) ->
                new OpenAiError(
                        "Invalid '" + where + "': array too short. Expected an array with minimum length " + minimum
                                + ", but got an array with length " + found + " instead.",
                        where,
                        found == 0 ? "empty_array" : "array_below_min_length");
            case Fault.TooManyItems(int maximum, int found) ->
                new OpenAiError(
                        "Invalid '" + where + "': array too long. Expected an array with maximum length " + maximum
                                + ", but got an array with length " + found + " instead.",
                        where,
                        "array_above_max_length");
            case Fault.TooShort(int minimum, int found) ->
                new OpenAiError(
                        "Invalid '" + where + "': string too short. Expected a string with minimum length " + minimum
                                + ", but got a string with length " + found + " instead.",
                        where,
                        found == 0 ? "empty_string" : "string_below_min_length");
            case Fault.TooLong(int maximum, int found) ->
                new OpenAiError(
                        "Invalid '" + where + "': string too long. Expected a string with maximum length " + maximum
                                + ", but got a string with length " + found + " instead.",
                        where,
                        "string_above_max_length");
            case Fault.Other(String message) -> new OpenAiError(message, where, "invalid_value");
        };
    }

    /**
     * An error of OpenAI's API.
     *
     * @param parameter the path of the parameter that is wrong, empty for the whole body
     */
    public record OpenAiError(String message, String parameter, String code) {}

    /** The value itself, also where it is not there or should not be. */
    private JsonPointer subject() {
        return switch (fault) {
            case Fault.Missing(String key) -> place.appendProperty(key);
            case Fault.Unexpected(String key) -> place.appendProperty(key);
            default -> place;
        };
    }

    private static String openAiPath(JsonPointer place) {
        StringBuilder path = new StringBuilder();
        for (JsonPointer step = place; !step.matches(); step = step.tail()) {
            if (step.mayMatchElement()) {
                path.append('[').append(step.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getMatchingProperty());
            }
        }
        return path.toString();
    }

    private static String kind(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0 ? "integer" : "decimal";
    }

    /** Without an exponent, unless that were a wall of digits. */
    private static String plain(BigDecimal value) {
        return Math.abs(value.scale()) > 20 ? value.toString() : value.toPlainString();
    }

    private static String listed(List<String> values, String lastSeparator) {
        StringBuilder listed = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            String separator = i == 0 ? "" : i == values.size() - 1 ? lastSeparator : ", ";
            listed.append(separator).append('\'').append(values.get(i)).append('\'');
        }
        return listed.toString();
    }
}
