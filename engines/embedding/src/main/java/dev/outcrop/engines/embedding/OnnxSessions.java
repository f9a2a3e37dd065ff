package dev.outcrop.engines.embedding;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens ONNX files of encoders of text. */
final class OnnxSessions {
    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");
    private static final long STACK_BYTES = 64L << 20;
    private static final long MINUTES = 5;
    private static final byte[] DYNAMIC = "DynamicQuantizeLinear".getBytes(StandardCharsets.US_ASCII);

    private OnnxSessions() {}

    /**
     * Opens a file.
     *
     * @param threads that share one run
     * @throws EmbeddingException {@code INVALID} if it is not there, no ONNX file, or takes other inputs than encoders do
     */
    static OrtSession open(Path weights, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Idle threads that spin would take the cores from everybody else.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = session(weights, options);
            if (!INPUTS.containsAll(session.getInputNames())) {
                session.close();
                throw new EmbeddingException(
                        EmbeddingException.Category.INVALID,
                        weights + " takes " + session.getInputNames() + ", but a text encoder takes " + INPUTS);
            }
            return session;
        } catch (OrtException e) {
            throw unreadable(weights, e);
        }
    }

    /** Closes a session that cannot be used because of {@code reason}. */
    static void close(OrtSession session, Exception reason) {
        try {
            session.close();
        } catch (OrtException e) {
            reason.addSuppressed(e);
        }
    }

    static EmbeddingException unreadable(Path weights, Exception cause) {
        return new EmbeddingException(
                EmbeddingException.Category.INVALID,
                "the model " + weights + " cannot be opened: " + cause.getMessage(),
                cause);
    }

    /**
     * Makes the session on a thread with a large stack: ONNX Runtime's passes over the graph recurse once a node, and the
     * stack of a virtual thread's carrier overflows under them, which kills the process without a word.
     */
    private static OrtSession session(Path weights, OrtSession.SessionOptions options) throws OrtException {
        FutureTask<OrtSession> creation =
                new FutureTask<>(() -> OrtEnvironment.getEnvironment().createSession(weights.toString(), options));
        Thread.ofPlatform().name("onnx-session").stackSize(STACK_BYTES).daemon().start(creation);
        try {
            return creation.get(MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof OrtException refusal) {
                throw refusal;
            }
            throw new EmbeddingException(
                    EmbeddingException.Category.FAILED,
                    "the model " + weights + " cannot be opened",
                    failure.getCause());
        } catch (TimeoutException failure) {
            throw new EmbeddingException(
                    EmbeddingException.Category.TIMED_OUT,
                    "the model " + weights + " was not open after " + MINUTES + " minutes",
                    failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new EmbeddingException(
                    EmbeddingException.Category.UNAVAILABLE, "interrupted while opening " + weights, failure);
        }
    }

    /**
     * Whether texts that run together change each other's results: weights that are quantised dynamically take one scale
     * for all of them. Node types stand in an ONNX file as they are.
     *
     * @throws EmbeddingException {@code INVALID} if the file cannot be read
     */
    static boolean quantisesTogether(Path weights) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        try (FileChannel channel = FileChannel.open(weights)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                for (int at = 0; at + DYNAMIC.length <= buffer.limit(); at++) {
                    int same = 0;
                    while (same < DYNAMIC.length && buffer.get(at + same) == DYNAMIC[same]) {
                        same++;
                    }
                    if (same == DYNAMIC.length) {
                        return true;
                    }
                }
                buffer.position(Math.max(0, buffer.limit() - DYNAMIC.length + 1));
                buffer.compact();
            }
        } catch (IOException e) {
            throw unreadable(weights, e);
        }
        return false;
    }

    /** Zeros, in memory that native code reads. */
    static LongBuffer longs(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }
}
