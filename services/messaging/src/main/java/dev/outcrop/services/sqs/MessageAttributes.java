package dev.outcrop.services.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * What the attributes of messages may be, and the digests by which clients check that nothing was lost.
 *
 * <p>Source: "Amazon SQS message metadata" of the developer guide, with "Calculating the MD5 message digest for message
 * attributes".
 */
final class MessageAttributes {
    private static final int MOST = 10;
    private static final int LONGEST_NAME = 256;
    private static final byte TEXT = 1;
    private static final byte BINARY = 2;

    private MessageAttributes() {}

    /**
     * Makes sure that attributes are such as a message may have.
     *
     * @throws AwsError {@code InvalidParameterValue} if they are not
     */
    static void check(Map<String, MessageAttributeValue> attributes) {
        if (attributes.size() > MOST) {
            throw Errors.invalidParameter("Number of message attributes [" + attributes.size()
                    + "] exceeds the allowed maximum [" + MOST + "].");
        }
        attributes.forEach(MessageAttributes::check);
    }

    private static void check(String name, MessageAttributeValue value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!name.matches("[A-Za-z0-9_.-]{1," + LONGEST_NAME + "}")) {
            throw Errors.invalidParameter("The message attribute name '" + name
                    + "' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and"
                    + " period (.) characters and be 1 to 256 in length.");
        }
        if (lower.startsWith("aws.") || lower.startsWith("amazon.")) {
            throw Errors.invalidParameter("You can't use message attribute names beginning with 'AWS.' or 'Amazon.'.");
        }
        if (name.startsWith(".") || name.endsWith(".") || name.contains("..")) {
            throw Errors.invalidParameter("The message attribute name '" + name
                    + "' is invalid. It must not start or end with a period or have periods in succession.");
        }
        String type = value.dataType() == null ? "" : value.dataType();
        if (type.isEmpty()) {
            throw Errors.invalidParameter(
                    "The message attribute '" + name + "' must contain a non-empty message attribute type.");
        }
        String kind = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
        if (type.length() > LONGEST_NAME
                || !List.of("String", "Number", "Binary").contains(kind)) {
            throw Errors.invalidParameter("The message attribute '" + name
                    + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number,"
                    + " and String.");
        }
        if (!value.stringListValues().isEmpty() || !value.binaryListValues().isEmpty()) {
            throw Errors.unsupported("Message attribute list values in SendMessage operation are not supported.");
        }
        boolean binary = kind.equals("Binary");
        boolean empty = binary
                ? value.binaryValue() == null || value.binaryValue().asByteArrayUnsafe().length == 0
                : value.stringValue() == null || value.stringValue().isEmpty();
        if (empty || (binary ? value.stringValue() != null : value.binaryValue() != null)) {
            throw Errors.invalidParameter("The message attribute '" + name
                    + "' must contain a non-empty message attribute value for message attribute type '" + type + "'.");
        }
        if (!binary) {
            checkCharacters(value.stringValue());
        }
        if (kind.equals("Number")
                && !value.stringValue().matches("[+-]?[0-9]{1,128}([.][0-9]{0,128})?([eE][+-]?[0-9]{1,3})?")) {
            throw Errors.invalidParameter("Can't cast the value of message attribute '" + name + "' to a number.");
        }
    }

    /**
     * Makes sure that a text has only characters that messages may have.
     *
     * @throws AwsError {@code InvalidMessageContents} if it has not
     */
    static void checkCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean paired = Character.isHighSurrogate(character)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) {
                i++;
            } else if ((character < 0x20 && character != '\t' && character != '\n' && character != '\r')
                    || Character.isSurrogate(character)
                    || character > 0xFFFD) {
                throw new AwsError(
                        "InvalidMessageContents",
                        400,
                        "Invalid binary character '#x"
                                + Integer.toHexString(character).toUpperCase(Locale.ROOT)
                                + "' was found in the message body, the set of allowed characters is #x9 | #xA | #xD |"
                                + " [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]");
            }
        }
    }

    /** How many bytes attributes count. */
    static int size(Map<String, MessageAttributeValue> attributes) {
        int size = 0;
        for (Map.Entry<String, MessageAttributeValue> attribute : attributes.entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            size += attribute.getKey().getBytes(UTF_8).length;
            size += value.dataType().getBytes(UTF_8).length;
            size += content(value).length;
        }
        return size;
    }

    private static byte[] content(MessageAttributeValue value) {
        return value.binaryValue() != null
                ? value.binaryValue().asByteArrayUnsafe()
                : value.stringValue().getBytes(UTF_8);
    }

    /** The MD5 of a text in hexadecimal. */
    static String md5(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(UTF_8)));
    }

    /** The MD5 of attributes in hexadecimal, of none null, as an SDK response has it. */
    static String md5(Map<String, MessageAttributeValue> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        MessageDigest digest = digest();
        new TreeMap<>(attributes).forEach((name, value) -> {
            update(digest, name.getBytes(UTF_8));
            update(digest, value.dataType().getBytes(UTF_8));
            digest.update(value.binaryValue() != null ? BINARY : TEXT);
            update(digest, content(value));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }
}
