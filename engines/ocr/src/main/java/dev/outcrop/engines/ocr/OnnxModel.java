package dev.outcrop.engines.ocr;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A network with one input and one output of floats. Safe for concurrent use. */
final class OnnxModel implements AutoCloseable {
    private static final long STACK_BYTES = 64L << 20;
    private static final long OPENING_MINUTES = 5;

    private final Path file;
    private final OrtSession session;
    private final String input;

    /** What came out: its values and shape. */
    record Output(FloatBuffer values, long[] shape) {}

    private OnnxModel(Path file, OrtSession session) {
        this.file = file;
        this.session = session;
        this.input = session.getInputNames().iterator().next();
    }

    /** Opens a network, of which each run is shared by {@code threads} threads. */
    static OnnxModel open(Path file, int threads) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Idle threads that spin would take the cores from everybody else.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // Every input has its own size, for which no pattern would hold twice.
            options.setMemoryPatternOptimization(false);
            return new OnnxModel(file, session(file, options));
        } catch (OrtException e) {
            throw new IllegalStateException("the model " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** On a large stack: ONNX Runtime's passes over the graph recurse, too deep for a virtual thread's carrier. */
    private static OrtSession session(Path file, OrtSession.SessionOptions options) {
        FutureTask<OrtSession> creation =
                new FutureTask<>(() -> OrtEnvironment.getEnvironment().createSession(file.toString(), options));
        Thread.ofPlatform().name("onnx-session").stackSize(STACK_BYTES).daemon().start(creation);
        try {
            return creation.get(OPENING_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(
                    "the model " + file + " cannot be opened: " + failure.getMessage(), failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while opening " + file, failure);
        }
    }

    /** Room for {@code count} floats that {@link #run} takes without copying. */
    static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    Output run(FloatBuffer values, long... shape) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.RunOptions options = new OrtSession.RunOptions();
                OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape)) {
            // Without an arena finding lines takes three times as long; what a page needed of it is given back.
            options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            return output(session.run(Map.of(input, tensor), options));
        } catch (OrtException e) {
            throw new IllegalStateException(file + " failed: " + e.getMessage(), e);
        }
    }

    private static Output output(OrtSession.Result run) {
        try (run) {
            OnnxTensor output = (OnnxTensor) run.get(0);
            return new Output(output.getFloatBuffer(), output.getInfo().getShape());
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the model " + file + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
