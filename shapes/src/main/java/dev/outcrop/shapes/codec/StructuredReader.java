package dev.outcrop.shapes.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import software.amazon.awssdk.utils.builder.Buildable;

/** Reads shapes from the tokens of one JSON or CBOR body. */
final class StructuredReader {
    private static final long MOST_DECIMALS_OF_AN_INTEGER = 20;

    private final JsonParser parser;
    private final StructuredFormat format;

    StructuredReader(JsonParser parser, StructuredFormat format) {
        this.parser = parser;
        this.format = format;
    }

    /** Reads the structure that begins at the current token; at the top, only members that travel in the body. */
    void readBody(SdkPojo builder, ShapeFields fields) throws IOException {
        expect(JsonToken.START_OBJECT, MarshallingKnownType.SDK_POJO);
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            ShapeMember member = member(fields, name);
            if (member != null && (format == StructuredFormat.STORAGE || travelsInBody(member))) {
                readMember(builder, member);
            } else {
                skip();
            }
        }
    }

    private static boolean travelsInBody(ShapeMember member) {
        return switch (member.location()) {
            case PAYLOAD -> !member.isPayload();
            case QUERY_PARAM, HEADER, PATH, GREEDY_PATH, STATUS_CODE -> false;
        };
    }

    void expectEnd() throws IOException {
        if (parser.nextToken() != null) {
            throw failure("Unexpected content after the end of the body");
        }
    }

    private ShapeMember member(ShapeFields fields, String name) {
        return format == StructuredFormat.STORAGE ? fields.named(name) : fields.onWire(name);
    }

    private void readMember(SdkPojo builder, ShapeMember member) throws IOException {
        // A null is a member that is not set, except in a document, which can hold one.
        if (parser.nextToken() != JsonToken.VALUE_NULL || member.type() == MarshallingKnownType.DOCUMENT) {
            member.set(builder, readValue(member));
        }
    }

    private void skip() throws IOException {
        parser.nextToken();
        parser.skipChildren();
    }

    /** The value that begins at the current token. */
    Object readValue(ShapeMember member) throws IOException {
        return switch (member.type()) {
            case STRING -> text();
            case INTEGER ->
                integer(member.type(), Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
            case LONG -> integer(member.type(), Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT ->
                integer(member.type(), Short.MIN_VALUE, Short.MAX_VALUE).shortValue();
            case BYTE -> integer(member.type(), Byte.MIN_VALUE, Byte.MAX_VALUE).byteValue();
            case FLOAT -> (float) floating(member.type(), Float.MAX_VALUE);
            case DOUBLE -> floating(member.type(), Double.MAX_VALUE);
            case BIG_DECIMAL -> decimal();
            case BOOLEAN -> bool();
            case INSTANT -> timestamp(member);
            case SDK_BYTES -> blob();
            case SDK_POJO -> structure(member);
            case LIST -> list(member);
            case MAP -> map(member);
            case DOCUMENT -> document();
            case NULL -> throw new IllegalArgumentException(member + " has no type");
        };
    }

    private SdkPojo structure(ShapeMember member) throws IOException {
        expect(JsonToken.START_OBJECT, MarshallingKnownType.SDK_POJO);
        SdkPojo builder = member.newBuilder();
        ShapeFields fields = member.structure(builder);
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            ShapeMember inner = member(fields, name);
            if (inner == null) {
                skip();
            } else {
                readMember(builder, inner);
            }
        }
        return (SdkPojo) ((Buildable) builder).build();
    }

    private List<Object> list(ShapeMember member) throws IOException {
        expect(JsonToken.START_ARRAY, MarshallingKnownType.LIST);
        ShapeMember element = member.element();
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(readElement(element));
        }
        return values;
    }

    private Map<String, Object> map(ShapeMember member) throws IOException {
        expect(JsonToken.START_OBJECT, MarshallingKnownType.MAP);
        ShapeMember value = member.element();
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            values.put(key, readElement(value));
        }
        return values;
    }

    private Object readElement(ShapeMember element) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL && element.type() != MarshallingKnownType.DOCUMENT) {
            if (format == StructuredFormat.STORAGE) {
                return null;
            }
            throw failure(Wording.mismatch(JsonToken.VALUE_NULL, element.type()));
        }
        return readValue(element);
    }

    private String text() throws IOException {
        expect(JsonToken.VALUE_STRING, MarshallingKnownType.STRING);
        return parser.getText();
    }

    private Boolean bool() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case null, default -> throw mismatch(MarshallingKnownType.BOOLEAN);
        };
    }

    private Long integer(MarshallingKnownType type, long minimum, long maximum) throws IOException {
        long value = switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == NumberType.BIG_INTEGER) {
                    throw mismatch(type);
                }
                yield parser.getLongValue();
            }
            // Some languages write whole numbers as 1.0.
            case VALUE_NUMBER_FLOAT -> whole(type);
            case null, default -> throw mismatch(type);
        };
        if (value < minimum || value > maximum) {
            throw mismatch(type);
        }
        return value;
    }

    private long whole(MarshallingKnownType type) throws IOException {
        BigDecimal value = decimalValue(type);
        if (Math.abs((long) value.scale()) > MOST_DECIMALS_OF_AN_INTEGER) {
            throw mismatch(type);
        }
        try {
            return value.longValueExact();
        } catch (ArithmeticException _) {
            throw mismatch(type);
        }
    }

    private double floating(MarshallingKnownType type, double largest) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                double value = parser.getDoubleValue();
                // CBOR has these as numbers; in JSON it is a number too large for the type.
                if (Math.abs(value) > largest && !(format.isCbor() && Double.isInfinite(value))) {
                    throw mismatch(type);
                }
                yield value;
            }
            case VALUE_STRING ->
                switch (parser.getText()) {
                    case "NaN" -> Double.NaN;
                    case "Infinity" -> Double.POSITIVE_INFINITY;
                    case "-Infinity" -> Double.NEGATIVE_INFINITY;
                    default -> throw mismatch(type);
                };
            case null, default -> throw mismatch(type);
        };
    }

    private BigDecimal decimal() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> decimalValue(MarshallingKnownType.BIG_DECIMAL);
            // The SDK writes these as text, to keep their digits.
            case VALUE_STRING -> {
                try {
                    yield new BigDecimal(parser.getText());
                } catch (NumberFormatException _) {
                    throw mismatch(MarshallingKnownType.BIG_DECIMAL);
                }
            }
            case null, default -> throw mismatch(MarshallingKnownType.BIG_DECIMAL);
        };
    }

    private BigDecimal decimalValue(MarshallingKnownType type) throws IOException {
        if (parser.isNaN()) {
            throw mismatch(type);
        }
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException _) {
            // Its exponent is too large for any number of ours.
            throw mismatch(type);
        }
    }

    private Instant timestamp(ShapeMember member) throws IOException {
        JsonToken token = parser.currentToken();
        Format asked = format == StructuredFormat.STORAGE || format.isCbor()
                ? Format.UNIX_TIMESTAMP
                : member.timestampFormat().orElse(Format.UNIX_TIMESTAMP);
        try {
            return switch (token) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    if (asked == Format.ISO_8601 || asked == Format.RFC_822 || parser.isNaN()) {
                        throw mismatch(MarshallingKnownType.INSTANT);
                    }
                    yield timestampFromNumber(token, asked);
                }
                case VALUE_STRING ->
                    switch (asked) {
                        case ISO_8601 -> Timestamps.parseDateTime(parser.getText());
                        case RFC_822 -> Timestamps.parseHttpDate(parser.getText());
                        case UNIX_TIMESTAMP, UNIX_TIMESTAMP_MILLIS -> throw mismatch(MarshallingKnownType.INSTANT);
                    };
                case null, default -> throw mismatch(MarshallingKnownType.INSTANT);
            };
        } catch (SerializationFailure failure) {
            throw failure.path().isEmpty() ? failure(failure.reason()) : failure;
        }
    }

    private Instant timestampFromNumber(JsonToken token, Format asked) throws IOException {
        if (format == StructuredFormat.AWS_CBOR || asked == Format.UNIX_TIMESTAMP_MILLIS) {
            return Instant.ofEpochMilli(integer(MarshallingKnownType.INSTANT, Long.MIN_VALUE, Long.MAX_VALUE));
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return format.isCbor()
                    ? Timestamps.ofEpochSeconds(parser.getDoubleValue())
                    : Timestamps.ofEpochSeconds(decimalValue(MarshallingKnownType.INSTANT));
        }
        try {
            return Instant.ofEpochSecond(integer(MarshallingKnownType.INSTANT, Long.MIN_VALUE, Long.MAX_VALUE));
        } catch (DateTimeException _) {
            throw mismatch(MarshallingKnownType.INSTANT);
        }
    }

    private SdkBytes blob() throws IOException {
        expect(
                format.isCbor() ? JsonToken.VALUE_EMBEDDED_OBJECT : JsonToken.VALUE_STRING,
                MarshallingKnownType.SDK_BYTES);
        return SdkBytes.fromByteArrayUnsafe(parser.getBinaryValue());
    }

    private Document document() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> Document.fromNull();
            case VALUE_TRUE -> Document.fromBoolean(true);
            case VALUE_FALSE -> Document.fromBoolean(false);
            case VALUE_STRING -> Document.fromString(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Document.fromNumber(numberText());
            case START_ARRAY -> {
                List<Document> values = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(document());
                }
                yield Document.fromList(values);
            }
            case START_OBJECT -> {
                Map<String, Document> values = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    values.put(name, document());
                }
                yield Document.fromMap(values);
            }
            case null, default -> throw failure("Unexpected token in a document");
        };
    }

    private String numberText() throws IOException {
        if (!format.isCbor()) {
            return parser.getText();
        }
        return switch (parser.getNumberValue()) {
            case BigInteger whole -> whole.toString();
            case BigDecimal decimal -> decimal.toString();
            case Double number when !Double.isFinite(number) -> throw failure("A document holds no " + number);
            case Float number when !Float.isFinite(number) -> throw failure("A document holds no " + number);
            case Number number -> number.toString();
        };
    }

    private void expect(JsonToken token, MarshallingKnownType wanted) {
        if (parser.currentToken() != token) {
            throw mismatch(wanted);
        }
    }

    private SerializationFailure mismatch(MarshallingKnownType wanted) {
        return failure(Wording.mismatch(parser.currentToken(), wanted));
    }

    private SerializationFailure failure(String reason) {
        return new SerializationFailure(
                parser.getParsingContext().pathAsPointer().toString(), reason);
    }
}
