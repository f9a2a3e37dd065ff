package dev.outcrop.shapes.codec;

import com.fasterxml.jackson.core.JsonToken;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/** The words of AWS's serialization errors. */
final class Wording {
    private Wording() {}

    static String of(MarshallingKnownType type) {
        return switch (type) {
            case STRING -> "a String";
            case INTEGER -> "an Integer";
            case LONG -> "a Long";
            case SHORT -> "a Short";
            case BYTE -> "a Byte";
            case FLOAT -> "a Float";
            case DOUBLE -> "a Double";
            case BIG_DECIMAL -> "a BigDecimal";
            case BOOLEAN -> "a Boolean";
            case INSTANT -> "a Timestamp";
            case SDK_BYTES -> "a Blob";
            case NULL, SDK_POJO, LIST, MAP, DOCUMENT -> "a value of another kind";
        };
    }

    static String mismatch(JsonToken found, MarshallingKnownType wanted) {
        return switch (found) {
            case START_OBJECT -> "Start of structure or map found where not expected.";
            case START_ARRAY -> "Start of list found where not expected";
            case null -> "Unexpected end of input";
            default ->
                switch (wanted) {
                    case LIST -> "Expected list or null";
                    case MAP -> "Expected map or null";
                    case SDK_POJO -> "Expected structure or null";
                    default -> name(found) + " can not be converted to " + of(wanted);
                };
        };
    }

    private static String name(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "STRING_VALUE";
            case VALUE_NUMBER_INT -> "NUMBER_VALUE";
            case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
            case VALUE_TRUE -> "TRUE_VALUE";
            case VALUE_FALSE -> "FALSE_VALUE";
            case VALUE_NULL -> "NULL_VALUE";
            case VALUE_EMBEDDED_OBJECT -> "BLOB_VALUE";
            case NOT_AVAILABLE, START_OBJECT, END_OBJECT, START_ARRAY, END_ARRAY, FIELD_NAME -> token.name();
        };
    }
}
