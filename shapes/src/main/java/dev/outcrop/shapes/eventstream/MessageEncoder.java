package dev.outcrop.shapes.eventstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
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
    private static final int FIXED_VALUE = 16;

    private MessageEncoder() {}

    /**
     * The bytes of {@code message}.
     *
     * @throws IllegalArgumentException if a header's name or value is too long for the format
     */
    public static byte[] encode(Message message) {
        Map<byte[], HeaderValue> headers = new LinkedHashMap<>();
        int room = 0;
        for (Map.Entry<String, HeaderValue> header : message.headers().entrySet()) {
            byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > LONGEST_NAME) {
                throw new IllegalArgumentException("a header's name has 1 to 255 bytes, but this has " + name.length);
            }
            headers.put(name, header.getValue());
            room += 2 + name.length + room(header.getValue());
        }
        ByteBuffer headerBytes = ByteBuffer.allocate(room);
        headers.forEach((name, value) -> {
            headerBytes.put((byte) name.length).put(name);
            put(headerBytes, value);
        });
        headerBytes.flip();

        int length = PRELUDE + headerBytes.remaining() + message.payload().length + CHECKSUM;
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(length).putInt(headerBytes.remaining());
        out.putInt(checksum(out));
        out.put(headerBytes).put(message.payload());
        out.putInt(checksum(out));
        return out.array();
    }

    private static int room(HeaderValue value) {
        return switch (value) {
            case HeaderValue.OfString(String text) -> 2 + text.length() * 3;
            case HeaderValue.OfBytes(byte[] bytes) -> 2 + bytes.length;
            default -> FIXED_VALUE;
        };
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

    private static int checksum(ByteBuffer written) {
        CRC32 crc = new CRC32();
        crc.update(written.array(), 0, written.position());
        return (int) crc.getValue();
    }
}
