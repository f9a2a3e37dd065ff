package dev.outcrop.wire.websocket;

import java.nio.ByteBuffer;

/**
 * One frame.
 *
 * @param last    whether it is the last of its message
 * @param payload its payload, unmasked
 */
record Frame(boolean last, Opcode opcode, byte[] payload) {
    private static final int LAST = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    /** What a frame is. */
    enum Opcode {
        CONTINUATION(0x0),
        TEXT(0x1),
        BINARY(0x2),
        CLOSE(0x8),
        PING(0x9),
        PONG(0xA);

        private final int number;

        Opcode(int number) {
            this.number = number;
        }

        /**
         * The opcode with this number.
         *
         * @throws WebSocketException if there is none
         */
        static Opcode of(int number) throws WebSocketException {
            for (Opcode opcode : values()) {
                if (opcode.number == number) {
                    return opcode;
                }
            }
            throw new WebSocketException(CloseCode.PROTOCOL_ERROR, "there is no opcode " + number);
        }

        /** Whether it may come between the frames of a message, whole and short. */
        boolean isControl() {
            return number >= CLOSE.number;
        }
    }

    /** The frame as a server sends it, not masked. */
    byte[] encoded() {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(length + 10);
        frame.put((byte) (opcode.number | (last ? LAST : 0)));
        if (length < SHORT_LENGTH) {
            frame.put((byte) length);
        } else if (length < 1 << 16) {
            frame.put((byte) SHORT_LENGTH).putShort((short) length);
        } else {
            frame.put((byte) LONG_LENGTH).putLong(length);
        }
        frame.put(payload);
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }
}
