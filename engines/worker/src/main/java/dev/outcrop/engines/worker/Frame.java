package dev.outcrop.engines.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What goes over the socket.
 *
 * @param call the call's number, 0 for the process itself
 */
record Frame(Kind kind, int call, byte[] payload) {
    /** What kind of message a frame is. */
    enum Kind {
        /** From the worker, first: the version of the protocol as four bytes. */
        HELLO(1),
        /** To the worker: the service's settings. */
        START(2),
        /** From the worker: the service has started; holds its description. */
        STARTED(3),
        /** To the worker: operation and request. */
        REQUEST(4),
        /** To the worker: nobody waits for this call any more. */
        CANCEL(5),
        /** From the worker: a part of the answer. */
        ITEM(6),
        /** From the worker: the answer is complete. */
        END(7),
        /** From the worker: the call failed; holds category and message. */
        ERROR(8),
        /** To the worker: are you there? */
        PING(9),
        /** From the worker: yes. */
        PONG(10);

        /** What stands for it on the socket. */
        final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        static Optional<Kind> of(byte code) {
            return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
        }
    }

    private static final byte[] NOTHING = {};

    static Frame of(Kind kind, int call) {
        return new Frame(kind, call, NOTHING);
    }

    /** A payload that begins with a name: a REQUEST's operation, an ERROR's category. */
    static Frame named(Kind kind, int call, String name, byte[] rest) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return new Frame(
                kind,
                call,
                ByteBuffer.allocate(Short.BYTES + bytes.length + rest.length)
                        .putShort((short) bytes.length)
                        .put(bytes)
                        .put(rest)
                        .array());
    }

    /** The name that the payload begins with. */
    String name() {
        return new String(payload, Short.BYTES, nameLength(), StandardCharsets.UTF_8);
    }

    /** What follows the name. */
    byte[] rest() {
        byte[] rest = new byte[payload.length - Short.BYTES - nameLength()];
        System.arraycopy(payload, payload.length - rest.length, rest, 0, rest.length);
        return rest;
    }

    private int nameLength() {
        return ByteBuffer.wrap(payload).getShort();
    }
}
