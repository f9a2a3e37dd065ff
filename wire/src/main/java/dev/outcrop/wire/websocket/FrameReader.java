package dev.outcrop.wire.websocket;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a client's frames, checking each by itself. For one thread.
 *
 * <p>Source: RFC 6455, section 5.2. No extension is ever agreed on, so that the reserved bits are errors.
 */
final class FrameReader {
    private static final int LAST = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int LONGEST_CONTROL = 125;
    private static final int CHUNK = 16 << 10;

    private final InputStream in;

    FrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next frame.
     *
     * @param limit how many bytes a frame of a message may have
     * @throws WebSocketException if it breaks a rule, or is longer than the limit
     * @throws EOFException if the connection ends
     */
    Frame next(int limit) throws IOException {
        int first = octet();
        int second = octet();
        if ((first & RESERVED) != 0) {
            throw error("the reserved bits of a frame must be 0");
        }
        Frame.Opcode opcode = Frame.Opcode.of(first & OPCODE);
        boolean last = (first & LAST) != 0;
        if ((second & MASKED) == 0) {
            throw error("the frames of a client must be masked");
        }
        long length = length(second & LENGTH);
        if (opcode.isControl() && (!last || length > LONGEST_CONTROL)) {
            throw error("a control frame must be whole and at most 125 bytes long");
        }
        if (!opcode.isControl() && length > limit) {
            throw new WebSocketException(CloseCode.TOO_BIG, "a message may have no more bytes than agreed");
        }
        byte[] mask = exactly(4);
        byte[] payload = exactly((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return new Frame(last, opcode, payload);
    }

    private long length(int said) throws IOException {
        if (said < SHORT_LENGTH) {
            return said;
        }
        long length = 0;
        for (int i = 0; i < (said == SHORT_LENGTH ? 2 : 8); i++) {
            length = length << 8 | octet();
        }
        if (length < 0) {
            throw error("a length has 63 bits");
        }
        if (length < (said == LONG_LENGTH ? 1 << 16 : SHORT_LENGTH)) {
            throw error("a length must be written as shortly as possible");
        }
        return length;
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the connection ended inside a frame or without a closing one");
        }
        return octet;
    }

    /** So many bytes; memory is taken as they come, not as they are announced. */
    private byte[] exactly(int length) throws IOException {
        if (length <= CHUNK) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("the connection ended inside a frame");
            }
            return bytes;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK);
        while (bytes.size() < length) {
            bytes.writeBytes(exactly(Math.min(CHUNK, length - bytes.size())));
        }
        return bytes.toByteArray();
    }

    private static WebSocketException error(String message) {
        return new WebSocketException(CloseCode.PROTOCOL_ERROR, message);
    }
}
