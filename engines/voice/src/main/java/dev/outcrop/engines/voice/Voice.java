package dev.outcrop.engines.voice;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A voice of Piper: a model of VITS in ONNX that turns phonemes, written in IPA as espeak writes them, into sound. It
 * speaks without noise, so that the same phonemes always give the same sound.
 *
 * <p>Any number of threads may call it; as many run at once as there are cores, each on one thread: .12 s of CPU a second
 * of speech in medium quality.
 *
 * <p>Source: Kim, Kong and Son, "Conditional Variational Autoencoder with Adversarial Learning for End-to-End
 * Text-to-Speech", 2021; the layout of the symbols and the configuration are Piper's.
 */
public final class Voice implements AutoCloseable {
    /** The most symbols that are spoken at once, some 40 seconds; memory grows with them. */
    public static final int MOST_SYMBOLS = 600;

    private static final long SESSION_STACK_BYTES = 64L << 20;
    private static final long SESSION_MINUTES = 5;
    private static final long WAIT_SECONDS = 60;
    private static final int MOST_WAITING = 256;
    private static final String PAD = "_";
    private static final String BEGIN = "^";
    private static final String END = "$";

    private final String id;
    private final String language;
    private final int sampleRate;
    private final float lengthScale;
    private final boolean speakers;
    private final Map<Integer, long[]> symbols;
    private final String durations;
    private final OrtSession session;
    private final Semaphore runs = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    private Voice(String id, JsonNode configuration, DurationOutput.Exposed model, OrtSession session) {
        this.id = id;
        this.session = session;
        durations = model.output();
        language = configuration.path("language").path("code").asText("en_US").replace('_', '-');
        sampleRate = configuration.path("audio").path("sample_rate").asInt(22_050);
        lengthScale =
                (float) configuration.path("inference").path("length_scale").asDouble(1);
        speakers = configuration.path("num_speakers").asInt(1) > 1;
        symbols = new HashMap<>();
        configuration.path("phoneme_id_map").properties().forEach(entry -> {
            if (entry.getKey().codePointCount(0, entry.getKey().length()) == 1) {
                long[] ids = new long[entry.getValue().size()];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = entry.getValue().get(i).asLong();
                }
                symbols.put(entry.getKey().codePointAt(0), ids);
            }
        });
        for (String needed : List.of(PAD, BEGIN, END)) {
            if (!symbols.containsKey(needed.codePointAt(0))) {
                throw new VoiceException(
                        VoiceException.Category.INVALID, "the voice's configuration has no symbol " + needed);
            }
        }
    }

    /**
     * Opens a voice.
     *
     * @param model         Piper's ONNX file
     * @param configuration the JSON file that came with it
     * @throws VoiceException {@code INVALID} if a file is not there or not of this kind
     */
    public static Voice open(String id, Path model, Path configuration) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            JsonNode settings = new ObjectMapper().readTree(Files.readAllBytes(configuration));
            DurationOutput.Exposed exposed = DurationOutput.expose(Files.readAllBytes(model));
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = session(exposed.model(), options);
            try {
                return new Voice(id, settings, exposed, session);
            } catch (RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (OrtException | IOException failure) {
            throw new VoiceException(
                    VoiceException.Category.INVALID,
                    "the voice " + model + " cannot be opened: " + failure.getMessage(),
                    failure);
        }
    }

    /** Makes the session on a thread with a large stack, since ONNX Runtime recurses once a node of the graph. */
    private static OrtSession session(byte[] model, OrtSession.SessionOptions options) throws OrtException {
        FutureTask<OrtSession> creation =
                new FutureTask<>(() -> OrtEnvironment.getEnvironment().createSession(model, options));
        Thread.ofPlatform()
                .name("onnx-session")
                .stackSize(SESSION_STACK_BYTES)
                .daemon()
                .start(creation);
        try {
            return creation.get(SESSION_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof OrtException refusal) {
                throw refusal;
            }
            throw new VoiceException(VoiceException.Category.FAILED, "the voice cannot be opened", failure.getCause());
        } catch (TimeoutException failure) {
            throw new VoiceException(
                    VoiceException.Category.FAILED,
                    "the voice was not open after " + SESSION_MINUTES + " minutes",
                    failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new VoiceException(VoiceException.Category.UNAVAILABLE, "interrupted while opening a voice", failure);
        }
    }

    /** What it is called. */
    public String id() {
        return id;
    }

    /** The language that it speaks, as BCP 47 writes it, such as {@code en-US}. */
    public String language() {
        return language;
    }

    /** Samples a second. */
    public int sampleRate() {
        return sampleRate;
    }

    /** Whether it knows a symbol. */
    public boolean knows(int symbol) {
        return symbols.containsKey(symbol);
    }

    /**
     * Sound.
     *
     * @param samples one channel, from -1 to 1
     * @param starts  where each symbol begins, in samples, and where the last one ends
     */
    public record Utterance(float[] samples, int[] starts) {}

    /**
     * Speaks.
     *
     * @param phonemes IPA, punctuation and blanks; a symbol that the voice does not know takes no time
     * @param rate     how fast: 1 is the voice's own pace, 2 twice as fast
     * @throws VoiceException {@code OVERLOADED} if too many wait, {@code UNAVAILABLE} if it was closed
     * @throws IllegalArgumentException if there are more than {@link #MOST_SYMBOLS} symbols
     */
    public Utterance speak(int[] phonemes, double rate) {
        if (phonemes.length > MOST_SYMBOLS) {
            throw new IllegalArgumentException(
                    "at most " + MOST_SYMBOLS + " symbols are spoken at once, but here are " + phonemes.length);
        }
        List<Long> ids = new ArrayList<>(2 * phonemes.length + 3);
        // Where the ids of each symbol begin, its padding with them.
        int[] places = new int[phonemes.length + 1];
        add(ids, BEGIN.codePointAt(0));
        for (int i = 0; i < phonemes.length; i++) {
            places[i] = ids.size();
            add(ids, phonemes[i]);
        }
        places[phonemes.length] = ids.size();
        for (long end : symbols.get(END.codePointAt(0))) {
            ids.add(end);
        }
        long[] input = ids.stream().mapToLong(Long::longValue).toArray();
        float[] scales = {0, (float) (lengthScale / rate), 0};
        acquire();
        try {
            return run(input, scales, places);
        } catch (OrtException failure) {
            throw new VoiceException(VoiceException.Category.FAILED, "the voice did not speak", failure);
        } finally {
            runs.release();
        }
    }

    private void add(List<Long> ids, int symbol) {
        long[] known = symbols.get(symbol);
        if (known != null) {
            for (long one : known) {
                ids.add(one);
            }
            ids.add(symbols.get(PAD.codePointAt(0))[0]);
        }
    }

    private void acquire() {
        if (runs.getQueueLength() >= MOST_WAITING) {
            throw new VoiceException(VoiceException.Category.OVERLOADED, "too many wait for the voice " + id);
        }
        try {
            if (!runs.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new VoiceException(
                        VoiceException.Category.OVERLOADED, "the voice " + id + " was busy for " + WAIT_SECONDS + " s");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new VoiceException(
                    VoiceException.Category.UNAVAILABLE, "interrupted while waiting for a voice", interruption);
        }
    }

    private Utterance run(long[] ids, float[] scales, int[] places) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put("input", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, ids.length}));
            inputs.put(
                    "input_lengths",
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {ids.length}), new long[] {1}));
            inputs.put("scales", OnnxTensor.createTensor(environment, FloatBuffer.wrap(scales), new long[] {3}));
            if (speakers) {
                inputs.put(
                        "sid", OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {0}), new long[] {1}));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                float[] samples = floats((OnnxTensor) result.get(0));
                float[] frames = floats((OnnxTensor) result.get(durations).orElseThrow());
                return new Utterance(samples, starts(frames, samples.length, places));
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static float[] floats(OnnxTensor tensor) {
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] starts(float[] frames, int samples, int[] places) {
        double[] sums = new double[frames.length + 1];
        for (int i = 0; i < frames.length; i++) {
            sums[i + 1] = sums[i] + frames[i];
        }
        double frame = sums[frames.length] == 0 ? 0 : samples / sums[frames.length];
        return Arrays.stream(places)
                .map(place -> (int) Math.round(sums[Math.min(place, frames.length)] * frame))
                .toArray();
    }

    @Override
    public void close() {
        // Whoever speaks may end first.
        runs.acquireUninterruptibly(Runtime.getRuntime().availableProcessors());
        try {
            session.close();
        } catch (OrtException failure) {
            throw new VoiceException(VoiceException.Category.FAILED, "the voice cannot be closed", failure);
        }
    }
}
