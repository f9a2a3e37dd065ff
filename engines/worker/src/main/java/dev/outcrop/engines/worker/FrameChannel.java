package dev.outcrop.engines.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A socket that carries frames. Any thread may write; one reads.
 *
 * <p>A thread of its own does the writing: an interrupt that reaches a thread inside {@link SocketChannel#write} closes
 * the channel for everyone.
 */
final class FrameChannel implements AutoCloseable {
    /** The version that both sides must speak. */
    static final int VERSION = 1;

    /** No frame is longer: prompts and answers are text, files go by their names. */
    static final int MAXIMUM_PAYLOAD = 64 << 20;

    private static final int HEADER = 9;
    private static final int BUFFER = 64 << 10;
    private static final int WAITING_FRAMES = 1024;

    private final SocketChannel socket;
    private final BlockingQueue<Frame> outgoing = new ArrayBlockingQueue<>(WAITING_FRAMES);
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER).flip();
    private final Thread writer;
    private volatile boolean open = true;

    FrameChannel(SocketChannel socket) {
        this.socket = socket;
        this.writer = Thread.ofVirtual().name("frames").start(this::writeAll);
    }

    /**
     * Puts a frame in the queue for sending; blocks while the queue is full.
     *
     * @throws IOException if the channel is closed
     */
    void write(Frame frame) throws IOException, InterruptedException {
        if (frame.payload().length > MAXIMUM_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a frame holds at most " + MAXIMUM_PAYLOAD + " bytes, but has " + frame.payload().length);
        }
        do {
            if (!open) {
                throw new IOException("the other side has closed");
            }
        } while (!outgoing.offer(frame, 1, TimeUnit.SECONDS));
    }

    /** Puts a frame in the queue if there is room, and says whether there was. */
    boolean offer(Frame frame) {
        return open && outgoing.offer(frame);
    }

    private void writeAll() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (open) {
                Frame frame = outgoing.take();
                buffer.clear();
                // Several short frames go out in one call of the system.
                while (frame != null && HEADER + frame.payload().length <= buffer.remaining()) {
                    put(frame, buffer);
                    frame = outgoing.poll();
                }
                send(buffer.flip());
                if (frame != null) {
                    send(put(frame, ByteBuffer.allocate(HEADER + frame.payload().length))
                            .flip());
                }
            }
        } catch (IOException | InterruptedException e) {
            close();
        }
    }

    private static ByteBuffer put(Frame frame, ByteBuffer buffer) {
        return buffer.putInt(HEADER - Integer.BYTES + frame.payload().length)
                .put(frame.kind().code)
                .putInt(frame.call())
                .put(frame.payload());
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /**
     * The next frame.
     *
     * @throws EOFException if the other side has closed
     * @throws IOException  if what came is not a frame
     */
    Frame read() throws IOException {
        ByteBuffer header = read(HEADER);
        int length = header.getInt() - (HEADER - Integer.BYTES);
        byte code = header.get();
        int call = header.getInt();
        if (length < 0 || length > MAXIMUM_PAYLOAD) {
            throw new IOException("a frame's payload has 0 to " + MAXIMUM_PAYLOAD + " bytes, but not " + length);
        }
        Frame.Kind kind = Frame.Kind.of(code).orElseThrow(() -> new IOException("unknown kind of frame " + code));
        return new Frame(kind, call, read(length).array());
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer result = ByteBuffer.allocate(length);
        while (result.hasRemaining()) {
            if (!received.hasRemaining()) {
                received.clear();
                int count = socket.read(received);
                received.flip();
                if (count < 0) {
                    throw new EOFException("the other side has closed");
                }
            }
            int count = Math.min(result.remaining(), received.remaining());
            result.put(received.slice(received.position(), count));
            received.position(received.position() + count);
        }
        return result.flip();
    }

    @Override
    public void close() {
        open = false;
        writer.interrupt();
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that cannot be closed is closed by the end of its process.
        }
    }
}
