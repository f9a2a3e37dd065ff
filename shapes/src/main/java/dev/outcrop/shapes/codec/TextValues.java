package dev.outcrop.shapes.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/**
 * Simple values as text: in headers, labels, query strings, Query parameters and XML elements.
 *
 * <p>Lists and maps are the caller's; it converts their {@link ShapeMember#element() elements} one by one.
 */
public final class TextValues {
    private static final int LONGEST_NUMBER = 500;
    private static final int LONGEST_QUOTED = 100;

    private TextValues() {}

    /**
     * The text of {@code value}, a value of {@code member}.
     *
     * @param location where the text goes, which says how timestamps look unless the member says it
     */
    public static String write(ShapeMember member, Object value, MarshallLocation location) {
        return switch (member.type()) {
            case STRING ->
                member.isJsonValue() && location == MarshallLocation.HEADER
                        ? Base64.getEncoder().encodeToString(((String) value).getBytes(StandardCharsets.UTF_8))
                        : (String) value;
            case INTEGER, LONG, SHORT, BYTE, BOOLEAN, FLOAT, DOUBLE -> value.toString();
            case BIG_DECIMAL -> ((BigDecimal) value).toPlainString();
            case INSTANT -> write((Instant) value, format(member, location));
            case SDK_BYTES -> Base64.getEncoder().encodeToString(((SdkBytes) value).asByteArrayUnsafe());
            case NULL, SDK_POJO, LIST, MAP, DOCUMENT -> throw notSimple(member);
        };
    }

    /**
     * The value of {@code member} that {@code text} says.
     *
     * @param location where the text was, which says how timestamps look unless the member says it
     * @throws SerializationFailure if it says no such value
     */
    public static Object read(ShapeMember member, String text, MarshallLocation location) {
        return switch (member.type()) {
            case STRING ->
                member.isJsonValue() && location == MarshallLocation.HEADER
                        ? new String(base64(text), StandardCharsets.UTF_8)
                        : text;
            case INTEGER, LONG, SHORT, BYTE, FLOAT, DOUBLE, BIG_DECIMAL -> number(member.type(), text.strip());
            case BOOLEAN -> bool(text.strip());
            case INSTANT -> timestamp(text.strip(), format(member, location));
            case SDK_BYTES -> SdkBytes.fromByteArrayUnsafe(base64(text));
            case NULL, SDK_POJO, LIST, MAP, DOCUMENT -> throw notSimple(member);
        };
    }

    private static Format format(ShapeMember member, MarshallLocation location) {
        if (member.timestampFormat().isPresent()) {
            return member.timestampFormat().get();
        }
        return location == MarshallLocation.HEADER ? Format.RFC_822 : Format.ISO_8601;
    }

    private static String write(Instant instant, Format format) {
        return switch (format) {
            case ISO_8601 -> Timestamps.dateTime(instant);
            case RFC_822 -> Timestamps.httpDate(instant);
            case UNIX_TIMESTAMP -> Timestamps.epochSeconds(instant);
            case UNIX_TIMESTAMP_MILLIS -> Long.toString(instant.toEpochMilli());
        };
    }

    private static Instant timestamp(String text, Format format) {
        return switch (format) {
            case ISO_8601 -> Timestamps.parseDateTime(text);
            case RFC_822 -> Timestamps.parseHttpDate(text);
            case UNIX_TIMESTAMP -> Timestamps.parseEpochSeconds(text);
            case UNIX_TIMESTAMP_MILLIS -> Instant.ofEpochMilli((Long) number(MarshallingKnownType.LONG, text));
        };
    }

    private static Object number(MarshallingKnownType type, String text) {
        if (text.length() <= LONGEST_NUMBER) {
            try {
                return switch (type) {
                    case INTEGER -> Integer.valueOf(text);
                    case LONG -> Long.valueOf(text);
                    case SHORT -> Short.valueOf(text);
                    case BYTE -> Byte.valueOf(text);
                    case FLOAT -> Float.valueOf(decimal(text));
                    case DOUBLE -> Double.valueOf(decimal(text));
                    default -> new BigDecimal(text);
                };
            } catch (NumberFormatException _) {
                throw notA(type, text);
            }
        }
        throw notA(type, text);
    }

    /** Java also takes hexadecimal numbers and a type's letter at the end; AWS does not. */
    private static String decimal(String text) {
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> text;
            default -> {
                for (int i = 0; i < text.length(); i++) {
                    char c = text.charAt(i);
                    if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                        throw new NumberFormatException(text);
                    }
                }
                yield text;
            }
        };
    }

    private static Boolean bool(String text) {
        return switch (text.length() > LONGEST_QUOTED ? text : text.toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw notA(MarshallingKnownType.BOOLEAN, text);
        };
    }

    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(withoutSpace(text));
        } catch (IllegalArgumentException _) {
            throw new SerializationFailure("", "Invalid base64 encoded data");
        }
    }

    /** Base64 in XML and Query may be broken into lines. */
    private static String withoutSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ') {
                return text.replaceAll("\\s", "");
            }
        }
        return text;
    }

    private static SerializationFailure notA(MarshallingKnownType type, String text) {
        String shown = text.length() > LONGEST_QUOTED ? text.substring(0, LONGEST_QUOTED) + "…" : text;
        return new SerializationFailure("", "\"" + shown + "\" can not be converted to " + Wording.of(type));
    }

    private static IllegalArgumentException notSimple(ShapeMember member) {
        return new IllegalArgumentException(member + " is no simple value");
    }
}
