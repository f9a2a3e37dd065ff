package dev.outcrop.shapes.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Writes shapes as the tokens of one JSON or CBOR body. */
final class StructuredWriter {
    /** RFC 8949, section 3.4.2. */
    private static final int EPOCH_TIME_TAG = 1;

    private static final double MILLIS = 1000.0;

    private final JsonGenerator generator;
    private final StructuredFormat format;

    StructuredWriter(JsonGenerator generator, StructuredFormat format) {
        this.generator = generator;
        this.format = format;
    }

    void writeBody(SdkPojo shape) throws IOException {
        ShapeFields fields = ShapeFields.of(shape);
        generator.writeStartObject();
        writeMembers(shape, format == StructuredFormat.STORAGE ? fields.members() : fields.body());
        generator.writeEndObject();
    }

    void writeMembers(SdkPojo shape, List<ShapeMember> members) throws IOException {
        for (ShapeMember member : members) {
            Object value = member.value(shape);
            if (value != null) {
                generator.writeFieldName(format == StructuredFormat.STORAGE ? member.storageName() : member.jsonName());
                writeValue(member, value);
            }
        }
    }

    void writeValue(ShapeMember member, Object value) throws IOException {
        switch (member.type()) {
            case STRING -> generator.writeString((String) value);
            case INTEGER -> generator.writeNumber((Integer) value);
            case LONG -> generator.writeNumber((Long) value);
            case SHORT -> generator.writeNumber((Short) value);
            case BYTE -> generator.writeNumber((short) (byte) (Byte) value);
            case FLOAT -> generator.writeNumber((Float) value);
            case DOUBLE -> generator.writeNumber((Double) value);
            case BIG_DECIMAL -> generator.writeString(((BigDecimal) value).toString());
            case BOOLEAN -> generator.writeBoolean((Boolean) value);
            case INSTANT -> writeTimestamp(member, (Instant) value);
            case SDK_BYTES -> generator.writeBinary(((SdkBytes) value).asByteArrayUnsafe());
            case SDK_POJO -> writeStructure((SdkPojo) value);
            case LIST -> writeList(member.element(), (List<?>) value);
            case MAP -> writeMap(member.element(), (Map<?, ?>) value);
            case DOCUMENT -> writeDocument((Document) value);
            case NULL -> throw new IllegalArgumentException(member + " has no type");
        }
    }

    private void writeStructure(SdkPojo shape) throws IOException {
        generator.writeStartObject();
        writeMembers(shape, ShapeFields.of(shape).members());
        generator.writeEndObject();
    }

    private void writeList(ShapeMember element, List<?> values) throws IOException {
        generator.writeStartArray(values, values.size());
        for (Object value : values) {
            writeElement(element, value);
        }
        generator.writeEndArray();
    }

    private void writeMap(ShapeMember element, Map<?, ?> values) throws IOException {
        generator.writeStartObject(values, values.size());
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            generator.writeFieldName((String) entry.getKey());
            writeElement(element, entry.getValue());
        }
        generator.writeEndObject();
    }

    private void writeElement(ShapeMember element, Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else {
            writeValue(element, value);
        }
    }

    private void writeTimestamp(ShapeMember member, Instant instant) throws IOException {
        switch (format) {
            case STORAGE -> generator.writeNumber(Timestamps.exactEpochSeconds(instant));
            case RPC_V2_CBOR -> {
                ((CBORGenerator) generator).writeTag(EPOCH_TIME_TAG);
                generator.writeNumber(instant.toEpochMilli() / MILLIS);
            }
            case AWS_CBOR -> {
                ((CBORGenerator) generator).writeTag(EPOCH_TIME_TAG);
                generator.writeNumber(instant.toEpochMilli());
            }
            case JSON -> {
                switch (member.timestampFormat().orElse(Format.UNIX_TIMESTAMP)) {
                    case ISO_8601 -> generator.writeString(Timestamps.dateTime(instant));
                    case RFC_822 -> generator.writeString(Timestamps.httpDate(instant));
                    case UNIX_TIMESTAMP -> generator.writeNumber(Timestamps.epochSeconds(instant));
                    case UNIX_TIMESTAMP_MILLIS -> generator.writeNumber(instant.toEpochMilli());
                }
            }
        }
    }

    private void writeDocument(Document document) throws IOException {
        if (document.isNull()) {
            generator.writeNull();
        } else if (document.isBoolean()) {
            generator.writeBoolean(document.asBoolean());
        } else if (document.isString()) {
            generator.writeString(document.asString());
        } else if (document.isNumber()) {
            writeNumber(document.asNumber().stringValue());
        } else if (document.isList()) {
            generator.writeStartArray();
            for (Document value : document.asList()) {
                writeDocument(value);
            }
            generator.writeEndArray();
        } else {
            generator.writeStartObject();
            for (Map.Entry<String, Document> entry : document.asMap().entrySet()) {
                generator.writeFieldName(entry.getKey());
                writeDocument(entry.getValue());
            }
            generator.writeEndObject();
        }
    }

    private void writeNumber(String number) throws IOException {
        switch (number) {
            case "NaN", "Infinity", "-Infinity" -> generator.writeString(number);
            default -> {
                if (format.isCbor()) {
                    generator.writeNumber(new BigDecimal(number));
                } else {
                    generator.writeNumber(number);
                }
            }
        }
    }
}
