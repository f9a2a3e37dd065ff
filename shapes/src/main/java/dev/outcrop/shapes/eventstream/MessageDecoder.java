package dev.outcrop.shapes.eventstream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Turns bytes, as they come, into messages. Holds no more than one message and the bytes that were given last. Not safe
 * for concurrent use.
 *
 * <p>Source: as {@link MessageEncoder}.
 */
public final class MessageDecoder {
    /** The longest message that the format allows: 16 MiB of payload, 128 KiB of headers. */
    public static final int LONGEST_MESSAGE =
            (16 << 20) + (128 << 10) + MessageEncoder.PRELUDE + MessageEncoder.CHECKSUM;

    private static final int LONGEST_HEADERS = 128 << 10;
    private static final int FIRST_SIZE = 4096;

    private final int longestMessage;
    private byte[] buffer = new byte[FIRST_SIZE];
    private int start;
    private int end;

    /** A decoder of messages as long as the format allows. */
    public MessageDecoder() {
        this(LONGEST_MESSAGE);
    }

    /** A decoder of messages of at most {@code longestMessage} bytes. */
    public MessageDecoder(int longestMessage) {
        this.longestMessage = Math.min(longestMessage, LONGEST_MESSAGE);
    }

    /** Takes bytes of the stream. */
    public void feed(byte[] bytes, int offset, int length) {
        if (buffer.length - end < length) {
            int held = end - start;
            byte[] target = held + length > buffer.length ? new byte[Math.max(held + length, 2 * held)] : buffer;
            System.arraycopy(buffer, start, target, 0, held);
            buffer = target;
            start = 0;
            end = held;
        }
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
    }

    /** Takes bytes of the stream. */
    public void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    /**
     * The next message, if all its bytes have come.
     *
     * @throws MalformedMessageException if the bytes are no message; nothing more can be read then
     */
    public Optional<Message> next() {
        int held = end - start;
        if (held < MessageEncoder.PRELUDE) {
            return Optional.empty();
        }
        ByteBuffer prelude = ByteBuffer.wrap(buffer, start, MessageEncoder.PRELUDE);
        int length = prelude.getInt();
        int headerLength = prelude.getInt();
        // The lengths can be trusted only once their checksum is right, and must be before that much is waited for.
        if (prelude.getInt() != checksum(start, MessageEncoder.PRELUDE - MessageEncoder.CHECKSUM)) {
            throw new MalformedMessageException("Prelude checksum mismatch");
        }
        int overhead = MessageEncoder.PRELUDE + MessageEncoder.CHECKSUM;
        if (length < overhead || length > longestMessage) {
            throw new MalformedMessageException(
                    "A message has " + overhead + " to " + longestMessage + " bytes, but this says " + length);
        }
        if (headerLength < 0 || headerLength > Math.min(LONGEST_HEADERS, length - overhead)) {
            throw new MalformedMessageException("Headers of " + headerLength + " bytes in a message of " + length);
        }
        if (held < length) {
            return Optional.empty();
        }
        if (ByteBuffer.wrap(buffer).getInt(start + length - MessageEncoder.CHECKSUM)
                != checksum(start, length - MessageEncoder.CHECKSUM)) {
            throw new MalformedMessageException("Message checksum mismatch");
        }
        int headersStart = start + MessageEncoder.PRELUDE;
        Map<String, HeaderValue> headers = headers(ByteBuffer.wrap(buffer, headersStart, headerLength));
        byte[] payload =
                Arrays.copyOfRange(buffer, headersStart + headerLength, start + length - MessageEncoder.CHECKSUM);
        start += length;
        return Optional.of(new Message(headers, payload));
    }

    /** Whether bytes of an unfinished message are held: at the end of a stream, it was cut off. */
    public boolean isInsideMessage() {
        return end > start;
    }

    private int checksum(int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(buffer, from, length);
        return (int) crc.getValue();
    }

    private static Map<String, HeaderValue> headers(ByteBuffer in) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            String name = text(bytes(in, in.get() & 0xFF));
            if (name.isEmpty()) {
                throw new MalformedMessageException("A header without name");
            }
            if (headers.put(name, value(in)) != null) {
                throw new MalformedMessageException("Header " + name + " stands twice");
            }
        }
        return headers;
    }

    private static HeaderValue value(ByteBuffer in) {
        byte type = require(in, 1).get();
        return switch (type) {
            case 0 -> new HeaderValue.OfBoolean(true);
            case 1 -> new HeaderValue.OfBoolean(false);
            case 2 -> new HeaderValue.OfByte(require(in, Byte.BYTES).get());
            case 3 -> new HeaderValue.OfShort(require(in, Short.BYTES).getShort());
            case 4 -> new HeaderValue.OfInteger(require(in, Integer.BYTES).getInt());
            case 5 -> new HeaderValue.OfLong(require(in, Long.BYTES).getLong());
            case 6 -> new HeaderValue.OfBytes(bytes(in, require(in, Short.BYTES).getShort() & 0xFFFF));
            case 7 ->
                new HeaderValue.OfString(text(bytes(in, require(in, Short.BYTES).getShort() & 0xFFFF)));
            case 8 ->
                new HeaderValue.OfTimestamp(
                        Instant.ofEpochMilli(require(in, Long.BYTES).getLong()));
            case 9 -> {
                require(in, 2 * Long.BYTES);
                yield new HeaderValue.OfUuid(new UUID(in.getLong(), in.getLong()));
            }
            default -> throw new MalformedMessageException("No header has the type " + type);
        };
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        require(in, length).get(bytes);
        return bytes;
    }

    private static ByteBuffer require(ByteBuffer in, int length) {
        if (in.remaining() < length) {
            throw new MalformedMessageException("A header ends too early");
        }
        return in;
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new MalformedMessageException("A header is no UTF-8");
        }
    }
}
