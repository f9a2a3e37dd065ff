package dev.outcrop.engines.patterns;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of JSON whose numbers are as they were written. */
public sealed interface JsonValue {
    /** A string, without its quotes. */
    record Text(String value) implements JsonValue {}

    /** A number. */
    record Numeral(String literal) implements JsonValue {}

    /** What has no content of its own. */
    enum Constant implements JsonValue {
        TRUE,
        FALSE,
        NULL
    }

    /** An object, its fields in their order; of several fields of one name the last. */
    record Fields(Map<String, JsonValue> values) implements JsonValue {}

    /** An array. */
    record Elements(List<JsonValue> values) implements JsonValue {}

    /**
     * Reads one value and nothing behind it; at most a thousand levels deep.
     *
     * @throws IOException if the text is not JSON
     */
    static JsonValue read(String json) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new IOException("there is no JSON in an empty text");
            }
            JsonValue value = Json.value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("something follows the end of the JSON value");
            }
            return value;
        }
    }

    /** Reading. */
    final class Json {
        static final JsonFactory FACTORY = new JsonFactory();

        private Json() {}

        private static JsonValue value(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case START_OBJECT -> {
                    Map<String, JsonValue> fields = new LinkedHashMap<>();
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        String name = parser.currentName();
                        parser.nextToken();
                        fields.put(name, value(parser));
                    }
                    yield new Fields(fields);
                }
                case START_ARRAY -> {
                    List<JsonValue> elements = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        elements.add(value(parser));
                    }
                    yield new Elements(elements);
                }
                case VALUE_STRING -> new Text(parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getText());
                case VALUE_TRUE -> Constant.TRUE;
                case VALUE_FALSE -> Constant.FALSE;
                case VALUE_NULL -> Constant.NULL;
                case null, default -> throw new IOException("a JSON value is cut off");
            };
        }
    }
}
