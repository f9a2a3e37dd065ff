package dev.outcrop.engines.speech.speakers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.outcrop.engines.speech.MelSpectrogram;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.onnx.OnnxGraph;
import dev.outcrop.engines.speech.onnx.OnnxGraph.Attribute;
import dev.outcrop.engines.speech.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Voices as vectors of 256 values, by three layers of long short-term memory over 1.6 seconds of speech, every 0.4 seconds.
 *
 * <p>Source: Wan, Wang, Papir and Moreno, "Generalized end-to-end loss for speaker verification", 2018, with the weights and
 * the bands of Resemblyzer. Costs about a twentieth of the sound's length.
 */
public final class VoiceEncoder implements Voiceprints, AutoCloseable {
    private static final int RATE = SpeechRecognizer.SAMPLE_RATE;
    private static final int BANDS = 40;
    private static final int WIDTH = 256;
    private static final int LAYERS = 3;
    private static final int GATES = 4;
    /** Of PyTorch's gates (input, forget, cell, output) the ones that ONNX has first to last. */
    private static final int[] GATE_ORDER = {0, 3, 1, 2};

    private static final int WINDOW_FRAMES = 160;
    private static final int STEP_FRAMES = 40;
    private static final int FEWEST_FRAMES = 50;
    private static final int BATCH = 16;
    /** Sounds are brought to −30 decibels before they are heard. */
    private static final double LOUDNESS = Math.pow(10, -30 / 20.0);

    private static final long STACK_BYTES = 64L << 20;
    private static final long PATIENCE_MINUTES = 5;

    private final OrtSession session;
    private final MelSpectrogram spectrogram = new MelSpectrogram(BANDS);

    private VoiceEncoder(OrtSession session) {
        this.session = session;
    }

    /**
     * Opens the weights.
     *
     * @param weights Resemblyzer's {@code pretrained.pt}
     * @throws SpeechException {@code MODEL} if they are not those of such a model
     */
    public static VoiceEncoder open(Path weights) {
        TorchTensors tensors = TorchTensors.read(weights);
        return onPlatformThread(() -> {
            Path folder = Files.createTempDirectory("outcrop-voices");
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                write(tensors, folder);
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                options.addConfigEntry("session.intra_op.allow_spinning", "0");
                return new VoiceEncoder(OrtEnvironment.getEnvironment()
                        .createSession(folder.resolve("voices.onnx").toString(), options));
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        });
    }

    private static void write(TorchTensors tensors, Path folder) throws IOException {
        try (OnnxGraph graph = OnnxGraph.begin(folder, "voices")) {
            String value = graph.input("frames", ElementType.FLOAT, "time", "batch", BANDS);
            for (int layer = 0; layer < LAYERS; layer++) {
                int inputs = layer == 0 ? BANDS : WIDTH;
                boolean last = layer == LAYERS - 1;
                float[] biases = Arrays.copyOf(gates(tensors.get("lstm.bias_ih_l" + layer), 1), 2 * GATES * WIDTH);
                System.arraycopy(
                        gates(tensors.get("lstm.bias_hh_l" + layer), 1), 0, biases, GATES * WIDTH, GATES * WIDTH);
                List<String> outputs = graph.nodes(
                        "",
                        "LSTM",
                        List.of(
                                value,
                                graph.constant(
                                        gates(tensors.get("lstm.weight_ih_l" + layer), inputs),
                                        1,
                                        GATES * WIDTH,
                                        inputs),
                                graph.constant(
                                        gates(tensors.get("lstm.weight_hh_l" + layer), WIDTH), 1, GATES * WIDTH, WIDTH),
                                graph.constant(biases, 1, 2 * GATES * WIDTH)),
                        2,
                        Attribute.of("hidden_size", WIDTH));
                value = graph.node("Squeeze", List.of(outputs.get(last ? 1 : 0), graph.integers(last ? 0 : 1)));
            }
            String linear = graph.node(
                    "Gemm",
                    List.of(
                            value,
                            graph.constant(tensors.get("linear.weight"), WIDTH, WIDTH),
                            graph.constant(tensors.get("linear.bias"), WIDTH)),
                    Attribute.of("transB", 1));
            graph.name(graph.node("Relu", List.of(linear)), "voices");
            graph.output("voices", ElementType.FLOAT, "batch", WIDTH);
            graph.finish();
        }
    }

    private static float[] gates(float[] tensor, int columns) {
        int size = WIDTH * columns;
        if (tensor.length != GATES * size) {
            throw new SpeechException(Category.MODEL, "the voices' model has tensors of other sizes");
        }
        float[] ordered = new float[tensor.length];
        for (int gate = 0; gate < GATES; gate++) {
            System.arraycopy(tensor, GATE_ORDER[gate] * size, ordered, gate * size, size);
        }
        return ordered;
    }

    @Override
    public List<VoicePrint> of(float[] samples, List<SpokenSpan> spans) {
        List<VoicePrint> prints = new ArrayList<>();
        List<double[][]> windows = new ArrayList<>();
        for (SpokenSpan span : spans) {
            int from = Math.clamp((long) (span.start() * RATE), 0, samples.length);
            int to = Math.clamp((long) (span.end() * RATE), from, samples.length);
            double[][] frames =
                    spectrogram.of(loud(Arrays.copyOfRange(samples, from, to)), (to - from) / MelSpectrogram.HOP);
            for (int first = 0; frames.length - first >= FEWEST_FRAMES; first += STEP_FRAMES) {
                int last = Math.min(frames.length, first + WINDOW_FRAMES);
                if (first > 0 && last - first < WINDOW_FRAMES) {
                    // The last one ends where speech ends.
                    first = last - WINDOW_FRAMES;
                }
                windows.add(Arrays.copyOfRange(frames, first, last));
                prints.add(new VoicePrint(seconds(from, first), seconds(from, last), new float[0]));
                if (last == frames.length) {
                    break;
                }
            }
        }
        return windows.isEmpty() ? List.of() : onPlatformThread(() -> heard(prints, windows));
    }

    private static double seconds(int from, int frame) {
        return (from + (double) frame * MelSpectrogram.HOP) / RATE;
    }

    private static float[] loud(float[] samples) {
        double energy = 0;
        for (float sample : samples) {
            energy += sample * sample;
        }
        double level = Math.sqrt(energy / Math.max(1, samples.length));
        float factor = level > 0 ? (float) (LOUDNESS / level) : 1;
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= factor;
        }
        return samples;
    }

    /** Windows of one length run together. */
    private List<VoicePrint> heard(List<VoicePrint> prints, List<double[][]> windows) throws OrtException {
        List<VoicePrint> heard = new ArrayList<>(prints);
        int from = 0;
        while (from < windows.size()) {
            int frames = windows.get(from).length;
            int to = from + 1;
            while (to < windows.size() && to - from < BATCH && windows.get(to).length == frames) {
                to++;
            }
            float[][] vectors = vectors(windows.subList(from, to), frames);
            for (int i = from; i < to; i++) {
                heard.set(i, new VoicePrint(prints.get(i).start(), prints.get(i).end(), vectors[i - from]));
            }
            from = to;
        }
        return heard;
    }

    private float[][] vectors(List<double[][]> windows, int frames) throws OrtException {
        int batch = windows.size();
        FloatBuffer values = FloatBuffer.allocate(frames * batch * BANDS);
        for (int frame = 0; frame < frames; frame++) {
            for (double[][] window : windows) {
                for (double energy : window[frame]) {
                    values.put((float) energy);
                }
            }
        }
        try (OnnxTensor input = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), values.flip(), new long[] {frames, batch, BANDS});
                OrtSession.Result result = session.run(Map.of("frames", input))) {
            float[][] vectors = (float[][]) result.get(0).getValue();
            for (float[] vector : vectors) {
                double square = 0;
                for (float each : vector) {
                    square += each * each;
                }
                float factor = (float) (1 / Math.max(1e-9, Math.sqrt(square)));
                for (int i = 0; i < vector.length; i++) {
                    vector[i] *= factor;
                }
            }
            return vectors;
        }
    }

    /** ONNX Runtime makes graphs by recursion, and would hold the carrier of a virtual thread. */
    private static <T> T onPlatformThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform()
                .name("voices")
                .stackSize(STACK_BYTES)
                .daemon()
                .start(task);
        try {
            return task.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof SpeechException refusal) {
                throw refusal;
            }
            throw new SpeechException(Category.MODEL, "the voices could not be heard", failure.getCause());
        } catch (TimeoutException failure) {
            throw new SpeechException(
                    Category.TIMED_OUT, "the voices were not heard within " + PATIENCE_MINUTES + " minutes", failure);
        } catch (InterruptedException failure) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new SpeechException(Category.UNAVAILABLE, "interrupted while voices were heard", failure);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failure) {
            System.getLogger(VoiceEncoder.class.getName()).log(System.Logger.Level.DEBUG, "could not close", failure);
        }
    }
}
