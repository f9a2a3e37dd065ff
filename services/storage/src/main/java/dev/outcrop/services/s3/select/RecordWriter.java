package dev.outcrop.services.s3.select;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the records of a result. */
sealed interface RecordWriter {
    /** The text of a record, with what ends it. */
    String write(Value record);

    /**
     * Values that a delimiter separates.
     *
     * @param always whether all of them stand in quotation marks, and not only those that need them
     */
    record Csv(String delimiter, String end, String quote, String escape, boolean always) implements RecordWriter {
        @Override
        public String write(Value record) {
            List<String> cells = new ArrayList<>();
            switch (record) {
                case Value.Columns columns -> columns.cells().forEach(cell -> cells.add(quoted(cell)));
                case Value.Fields(Map<String, Value> fields) ->
                    fields.values().forEach(value -> cells.add(quoted(shown(value))));
                default -> cells.add(quoted(shown(record)));
            }
            return String.join(delimiter, cells) + end;
        }

        private String quoted(String cell) {
            boolean needed = always
                    || (!quote.isEmpty() && cell.contains(quote))
                    || cell.contains(delimiter)
                    || cell.contains(end)
                    || cell.indexOf('\n') >= 0
                    || cell.indexOf('\r') >= 0;
            return needed && !quote.isEmpty() ? quote + cell.replace(quote, escape + quote) + quote : cell;
        }

        private static String shown(Value value) {
            return switch (value) {
                case Value.Absent _ -> "";
                case Value.Items _, Value.Fields _, Value.Columns _ -> json(value);
                default -> Evaluation.text(value);
            };
        }
    }

    /** Objects of JSON. */
    record Json(String end) implements RecordWriter {
        @Override
        public String write(Value record) {
            return switch (record) {
                        case Value.Fields _, Value.Columns _ -> json(record);
                        case Value.Absent _ -> "{}";
                        default -> json(new Value.Fields(Map.of("_1", record)));
                    }
                    + end;
        }
    }

    /** A value as JSON has it. */
    private static String json(Value value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = Generators.JSON.createGenerator(text)) {
            write(generator, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, Value value) throws IOException {
        switch (value) {
            case Value.Absent _ -> generator.writeNull();
            case Value.Bool(boolean flag) -> generator.writeBoolean(flag);
            case Value.Num number -> generator.writeNumber(number.text());
            case Value.Text(String text) -> generator.writeString(text);
            case Value.Time(Timestamp time) -> generator.writeString(time.text());
            case Value.Items(List<Value> items) -> {
                generator.writeStartArray();
                for (Value item : items) {
                    write(generator, item);
                }
                generator.writeEndArray();
            }
            case Value.Fields(Map<String, Value> fields) -> {
                generator.writeStartObject();
                for (Map.Entry<String, Value> field : fields.entrySet()) {
                    if (field.getValue() != Value.Absent.MISSING) {
                        generator.writeFieldName(field.getKey());
                        write(generator, field.getValue());
                    }
                }
                generator.writeEndObject();
            }
            case Value.Columns columns -> {
                generator.writeStartObject();
                for (int i = 0; i < columns.cells().size(); i++) {
                    generator.writeStringField(
                            columns.header().name(i), columns.cells().get(i));
                }
                generator.writeEndObject();
            }
        }
    }

    /** Holds what an interface cannot keep to itself. */
    final class Generators {
        private static final JsonFactory JSON = new JsonFactory();

        private Generators() {}
    }
}
