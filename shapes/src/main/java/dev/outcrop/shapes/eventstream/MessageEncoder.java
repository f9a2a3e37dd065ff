package dev.outcrop.shapes.eventstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Turns messages into bytes.
 *
 * <p>Source: <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">the Amazon event stream specification</a>.
 * A message is a prelude (length of all, length of the headers, CRC32 of both), the headers, the payload, and the CRC32
 * of all that.
 */
public final class MessageEncoder {
    /** The bytes of a prelude with its checksum. */
    static final int PRELUDE = 12;

    /** The bytes of a checksum. */
    static final int CHECKSUM = 4;

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_VALUE = 65_535;
    private static final int LONGEST_FIXED_VALUE = 17;
    private static final int LENGTH_AND_TYPE = 3;
    private static final int LONGEST_IN_UTF8 = 3;

    private MessageEncoder() {}

    /**
     * The bytes of {@code message}.
     *
     * @throws IllegalArgumentException if a header's name or value is too long for the format
     */
    public static byte[] encode(Message message) {
        int room = 0;
        for (Map.Entry<String, HeaderValue> header : message.headers().entrySet()) {
            room += 1 + LONGEST_IN_UTF8 * header.getKey().length() + room(header.getValue());
        }
        byte[] longest = new byte[PRELUDE + room + message.payload().length + CHECKSUM];
        ByteBuffer out = ByteBuffer.wrap(longest).position(PRELUDE);
        message.headers().forEach((name, value) -> {
            putName(out, name);
            put(out, value);
        });
        int headerLength = out.position() - PRELUDE;
        out.put(message.payload());
        int length = out.position() + CHECKSUM;

        out.putInt(0, length).putInt(Integer.BYTES, headerLength);
        out.putInt(PRELUDE - CHECKSUM, checksum(longest, PRELUDE - CHECKSUM));
        out.putInt(length - CHECKSUM, checksum(longest, length - CHECKSUM));
        return length == longest.length ? longest : Arrays.copyOf(longest, length);
    }

    /** At most how many bytes a value takes. */
    private static int room(HeaderValue value) {
        return switch (value) {
            case HeaderValue.OfString(String text) -> LENGTH_AND_TYPE + text.length() * LONGEST_IN_UTF8;
            case HeaderValue.OfBytes(byte[] bytes) -> LENGTH_AND_TYPE + bytes.length;
            default -> LONGEST_FIXED_VALUE;
        };
    }

    private static void putName(ByteBuffer out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException("a header's name has 1 to 255 bytes, but this has " + bytes.length);
        }
        out.put((byte) bytes.length).put(bytes);
    }

    private static void put(ByteBuffer out, HeaderValue value) {
        switch (value) {
            case HeaderValue.OfBoolean(boolean bool) -> out.put((byte) (bool ? 0 : 1));
            case HeaderValue.OfByte(byte number) -> out.put((byte) 2).put(number);
            case HeaderValue.OfShort(short number) -> out.put((byte) 3).putShort(number);
            case HeaderValue.OfInteger(int number) -> out.put((byte) 4).putInt(number);
            case HeaderValue.OfLong(long number) -> out.put((byte) 5).putLong(number);
            case HeaderValue.OfBytes(byte[] bytes) -> putBytes(out.put((byte) 6), bytes);
            case HeaderValue.OfString(String text) ->
                putBytes(out.put((byte) 7), text.getBytes(StandardCharsets.UTF_8));
            case HeaderValue.OfTimestamp(var instant) -> out.put((byte) 8).putLong(instant.toEpochMilli());
            case HeaderValue.OfUuid(var uuid) ->
                out.put((byte) 9).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        }
    }

    private static void putBytes(ByteBuffer out, byte[] bytes) {
        if (bytes.length > LONGEST_VALUE) {
            throw new IllegalArgumentException(
                    "a header's value has at most 65535 bytes, but this has " + bytes.length);
        }
        out.putShort((short) bytes.length).put(bytes);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
