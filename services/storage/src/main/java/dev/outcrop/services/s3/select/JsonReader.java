package dev.outcrop.services.s3.select;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.outcrop.kernel.AwsError;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads values of JSON that stand one behind the other, on lines of their own or not. */
final class JsonReader implements RecordReader {
    /** The largest document, of which records are parts. */
    private static final long LARGEST_DOCUMENT = 8L << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxStringLength(LARGEST)
                    .maxNameLength(1 << 16)
                    .maxNumberLength(1000)
                    .build())
            .build();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Documents, of which each may take many lines. */
    static JsonReader documents(InputStream in) throws IOException {
        return new JsonReader(JSON.createParser(in));
    }

    /** A document a line. */
    static RecordReader lines(Lines lines, long last) {
        return () -> {
            while (lines.position() <= last) {
                Optional<String> line = lines.next();
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                if (!line.get().isBlank()) {
                    return Optional.of(value(line.get()));
                }
            }
            return Optional.empty();
        };
    }

    /** The value that is written in {@code text}. */
    static Value value(String text) throws IOException {
        try (JsonReader one = documents(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            Value value = one.next().orElseThrow(JsonReader::malformed);
            if (one.next().isPresent()) {
                throw malformed();
            }
            return value;
        }
    }

    @Override
    public Optional<Value> next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            long start = parser.currentTokenLocation().getByteOffset();
            return token == null ? Optional.empty() : Optional.of(read(token, start));
        } catch (StreamConstraintsException tooMuch) {
            throw SelectErrors.recordTooLarge();
        } catch (CharConversionException encoding) {
            throw SelectErrors.textEncoding();
        } catch (com.fasterxml.jackson.core.JsonParseException wrong) {
            throw String.valueOf(wrong.getOriginalMessage()).contains("UTF-8")
                    ? SelectErrors.textEncoding()
                    : malformed();
        } catch (com.fasterxml.jackson.core.JsonProcessingException wrong) {
            throw malformed();
        }
    }

    private static AwsError malformed() {
        return SelectErrors.of(
                "JSONParsingError", "Encountered an error parsing the JSON file. Check the file and try again.");
    }

    private Value read(JsonToken token, long start) throws IOException {
        if (parser.currentLocation().getByteOffset() - start > LARGEST_DOCUMENT) {
            throw SelectErrors.recordTooLarge();
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    fields.put(name, read(parser.nextToken(), start));
                }
                yield new Value.Fields(fields);
            }
            case START_ARRAY -> {
                List<Value> items = new ArrayList<>();
                JsonToken next = parser.nextToken();
                while (next != JsonToken.END_ARRAY) {
                    items.add(read(next, start));
                    next = parser.nextToken();
                }
                yield new Value.Items(items);
            }
            case VALUE_STRING -> new Value.Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String digits = parser.getText();
                yield Value.number(digits).<Value>map(number -> number).orElseGet(() -> new Value.Text(digits));
            }
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            case VALUE_NULL -> Value.Absent.NULL;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw malformed();
        };
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
