package dev.outcrop.wire.websocket;

import dev.outcrop.kernel.ClientGone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One side's view of an open WebSocket that carries binary messages: the server's. One thread reads; any may write.
 *
 * <p>Source: RFC 6455. Text is refused once it is known to be text; nothing is compressed. Every fault of the client is
 * answered with a closing frame of its code, after which only the client's own closing frame is waited for.
 */
public final class WebSocket {
    /** As much as fits in a closing frame beside its code. */
    private static final int LONGEST_REASON = 123;

    private final FrameReader reader;
    private final OutputStream out;
    private final int longestMessage;
    private final ReentrantLock writing = new ReentrantLock();
    private boolean closing;

    /**
     * A WebSocket whose handshake is done.
     *
     * @param in             what the client sends from now on
     * @param out            what it gets; each write is one frame
     * @param longestMessage how many bytes a message may have
     */
    public WebSocket(InputStream in, OutputStream out, int longestMessage) {
        reader = new FrameReader(in);
        this.out = out;
        this.longestMessage = longestMessage;
    }

    /** Takes the client's messages one after the other; the next is read once it has returned. */
    @FunctionalInterface
    public interface Listener {
        /** The next message. */
        void message(byte[] message) throws IOException;
    }

    /**
     * Reads messages until the client closes, and answers its pings and its closing frame meanwhile.
     *
     * @throws WebSocketException if the client breaks a rule; it has been told with a closing frame
     * @throws IOException if the connection ends without a closing frame
     */
    public void receive(Listener listener) throws IOException {
        try {
            Optional<Frame.Opcode> kind = Optional.empty();
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            while (true) {
                Frame frame = reader.next(longestMessage - parts.size());
                switch (frame.opcode()) {
                    case PING -> write(new Frame(true, Frame.Opcode.PONG, frame.payload()));
                    case PONG -> {}
                    case CLOSE -> {
                        closed(frame.payload());
                        return;
                    }
                    case TEXT, BINARY, CONTINUATION -> {
                        Frame.Opcode message = messageOf(frame.opcode(), kind);
                        parts.writeBytes(frame.payload());
                        kind = frame.last() ? Optional.empty() : Optional.of(message);
                        if (frame.last()) {
                            deliver(message, parts.toByteArray(), listener);
                            parts.reset();
                        }
                    }
                }
            }
        } catch (WebSocketException e) {
            close(e.code(), e.getMessage());
            throw e;
        }
    }

    /** What the message is that a frame with {@code opcode} belongs to, while one of {@code unfinished} is under way. */
    private static Frame.Opcode messageOf(Frame.Opcode opcode, Optional<Frame.Opcode> unfinished)
            throws WebSocketException {
        if (opcode != Frame.Opcode.CONTINUATION) {
            if (unfinished.isPresent()) {
                throw new WebSocketException(CloseCode.PROTOCOL_ERROR, "a message must end before the next one begins");
            }
            return opcode;
        }
        return unfinished.orElseThrow(
                () -> new WebSocketException(CloseCode.PROTOCOL_ERROR, "there is no message to be continued"));
    }

    private static void deliver(Frame.Opcode kind, byte[] message, Listener listener) throws IOException {
        if (kind == Frame.Opcode.TEXT) {
            decode(ByteBuffer.wrap(message));
            throw new WebSocketException(CloseCode.UNSUPPORTED_DATA, "only binary messages are taken");
        }
        listener.message(message);
    }

    private void closed(byte[] payload) throws IOException {
        if (payload.length == 0) {
            close(new byte[0]);
            return;
        }
        int code = payload.length < 2 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!CloseCode.isSendable(code)) {
            throw new WebSocketException(CloseCode.PROTOCOL_ERROR, "a closing frame must have a code that may be sent");
        }
        decode(ByteBuffer.wrap(payload, 2, payload.length - 2));
        close(Arrays.copyOf(payload, 2));
    }

    private static void decode(ByteBuffer text) throws WebSocketException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(text);
        } catch (CharacterCodingException e) {
            throw new WebSocketException(CloseCode.INVALID_PAYLOAD, "text must be UTF-8");
        }
    }

    /**
     * Sends a message.
     *
     * @throws ClientGone if the WebSocket is closed or being closed
     */
    public void send(byte[] message) {
        if (!write(new Frame(true, Frame.Opcode.BINARY, message))) {
            throw new ClientGone("the WebSocket is closed");
        }
    }

    /** Asks the client for a sign of life. */
    public void ping() {
        write(new Frame(true, Frame.Opcode.PING, new byte[0]));
    }

    /** Sends a closing frame, unless one was sent already. */
    public void close(CloseCode code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        close(ByteBuffer.allocate(2 + Math.min(text.length, LONGEST_REASON))
                .putShort((short) code.number())
                .put(text, 0, Math.min(text.length, LONGEST_REASON))
                .array());
    }

    private void close(byte[] payload) {
        write(new Frame(true, Frame.Opcode.CLOSE, payload));
    }

    /** Sends a frame; false if a closing frame was sent before. */
    private boolean write(Frame frame) {
        writing.lock();
        try {
            if (closing) {
                return false;
            }
            closing = frame.opcode() == Frame.Opcode.CLOSE;
            out.write(frame.encoded());
            return true;
        } catch (IOException e) {
            closing = true;
            ClientGone gone = new ClientGone("the client is gone: " + e.getMessage());
            gone.initCause(e);
            throw gone;
        } finally {
            writing.unlock();
        }
    }
}
