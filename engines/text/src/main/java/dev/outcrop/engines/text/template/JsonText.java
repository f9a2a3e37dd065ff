package dev.outcrop.engines.text.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** JSON as template values, and template values as JSON in the way of Python's {@code json.dumps}. */
public final class JsonText {
    /** Deeper nesting than this is refused. */
    static final int MAXIMUM_DEPTH = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAXIMUM_DEPTH)
                    .build())
            .build();

    private JsonText() {}

    /**
     * How JSON is written.
     *
     * @param indent        what a level is indented by; absent: all on one line
     * @param itemSeparator between items
     * @param keySeparator  between key and value
     */
    record Style(
            boolean asciiOnly, Optional<String> indent, String itemSeparator, String keySeparator, boolean sorted) {
        static final Style DEFAULT = new Style(false, Optional.empty(), ", ", ": ", false);
    }

    /**
     * Reads one JSON value: objects are maps in the order written, arrays lists, strings texts of {@code origin},
     * numbers Long, BigInteger or Double, and null null.
     *
     * @throws TemplateException if it is no JSON, or nested more than 200 deep
     */
    public static Object read(String json, int origin) {
        return read(json, text -> Text.of(text, origin));
    }

    /** Reads one JSON value as {@link #read(String, int)} does, but with strings as String. */
    public static Object readPlain(String json) {
        return read(json, text -> text);
    }

    private static Object read(String json, Function<String, Object> string) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new TemplateException("not JSON: nothing is there");
            }
            Object value = value(parser, string);
            if (parser.nextToken() != null) {
                throw new TemplateException("not JSON: something follows the value");
            }
            return value;
        } catch (IOException e) {
            throw new TemplateException("not JSON: " + e.getMessage());
        }
    }

    private static Object value(JsonParser parser, Function<String, Object> string) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<Object, Object> entries = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    Object key = string.apply(parser.currentName());
                    parser.nextToken();
                    entries.put(key, value(parser, string));
                }
                yield entries;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser, string));
                }
                yield items;
            }
            case VALUE_STRING -> string.apply(parser.getText());
            case VALUE_NUMBER_INT -> PythonValues.integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new TemplateException("not JSON: unexpected " + parser.currentToken());
        };
    }

    /** A value of Java's usual types as a template has it. */
    public static Object fromJava(Object value) {
        return PythonValues.fromJava(value);
    }

    /** {@code value} as JSON on one line, with what came from a text keeping its origin. */
    public static Text write(Object value) {
        return write(value, Style.DEFAULT);
    }

    static Text write(Object value, Style style) {
        Text.Builder result = new Text.Builder();
        write(value, style, result, 0);
        return result.build();
    }

    private static void write(Object value, Style style, Text.Builder result, int depth) {
        if (depth > MAXIMUM_DEPTH) {
            throw new TemplateException("a value is nested more than " + MAXIMUM_DEPTH + " levels deep");
        }
        switch (value) {
            case null -> result.append("null");
            case Boolean truth -> result.append(truth ? "true" : "false");
            case Text text -> string(text, style.asciiOnly(), result);
            case Double number -> result.append(number(number));
            case Number number -> result.append(number.toString());
            case List<?> list -> items(list, style, result, depth);
            case Map<?, ?> map -> entries(map, style, result, depth);
            default ->
                throw new TemplateException(
                        "Object of type " + PythonValues.typeName(value) + " is not JSON serializable");
        }
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return PythonValues.floatText(number);
    }

    private static void items(List<?> items, Style style, Text.Builder result, int depth) {
        if (items.isEmpty()) {
            result.append("[]");
            return;
        }
        result.append("[");
        boolean first = true;
        for (Object item : items) {
            separate(first, style, result, depth);
            first = false;
            write(item, style, result, depth + 1);
        }
        close("]", style, result, depth);
    }

    private static void entries(Map<?, ?> map, Style style, Text.Builder result, int depth) {
        if (map.isEmpty()) {
            result.append("{}");
            return;
        }
        result.append("{");
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (style.sorted()) {
            entries.sort(Comparator.comparing(Map.Entry::getKey, PythonValues::compare));
        }
        boolean first = true;
        for (Map.Entry<?, ?> entry : entries) {
            separate(first, style, result, depth);
            first = false;
            string(key(entry.getKey()), style.asciiOnly(), result);
            result.append(style.keySeparator());
            write(entry.getValue(), style, result, depth + 1);
        }
        close("}", style, result, depth);
    }

    private static Text key(Object key) {
        return key instanceof Text text ? text : write(key);
    }

    private static void separate(boolean first, Style style, Text.Builder result, int depth) {
        if (!first) {
            result.append(style.itemSeparator());
        }
        style.indent().ifPresent(indent -> result.append("\n").append(indent.repeat(depth + 1)));
    }

    private static void close(String bracket, Style style, Text.Builder result, int depth) {
        style.indent().ifPresent(indent -> result.append("\n").append(indent.repeat(depth)));
        result.append(bracket);
    }

    private static void string(Text text, boolean asciiOnly, Text.Builder result) {
        result.append("\"");
        String value = text.value();
        int start = 0;
        for (int position = 0; position < value.length(); position++) {
            String escaped = escape(value.charAt(position), asciiOnly);
            if (!escaped.isEmpty()) {
                result.append(text, start, position).append(escaped);
                start = position + 1;
            }
        }
        result.append(text, start, value.length()).append("\"");
    }

    private static String escape(char character, boolean asciiOnly) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            default ->
                character < 0x20 || (asciiOnly && character > 0x7e)
                        ? String.format(Locale.ROOT, "\\u%04x", (int) character)
                        : "";
        };
    }
}
