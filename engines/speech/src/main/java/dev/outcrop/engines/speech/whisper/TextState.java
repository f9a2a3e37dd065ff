package dev.outcrop.engines.speech.whisper;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.outcrop.engines.speech.whisper.WhisperModel.HeardSound;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Texts being written about one sound, beams beside each other, with what the decoder remembers of them. */
final class TextState implements AutoCloseable {
    private final WhisperModel model;
    private final HeardSound sound;
    private final OrtSession.RunOptions options;
    private final Set<String> outputs = new TreeSet<>(Set.of("log_probabilities"));
    private OrtSession.Result memory;
    private int length;

    /** @param options ends a run when told to terminate */
    TextState(WhisperModel model, HeardSound sound, OrtSession.RunOptions options) {
        this.model = model;
        this.sound = sound;
        this.options = options;
        for (int layer = 0; layer < model.dimensions().decoderLayers(); layer++) {
            outputs.add("present_key_" + layer);
            outputs.add("present_value_" + layer);
        }
    }

    /** How many tokens each text has. */
    int length() {
        return length;
    }

    /**
     * Goes on by the same number of tokens in each beam.
     *
     * @param tokens  the tokens of each beam
     * @param parents which of the beams before each goes on from; 0 at the beginning
     * @param rows    of the beams' tokens, one beam after the other, after which the next token's probabilities are wanted
     * @return logarithms of the probabilities of all tokens, for each row
     */
    float[][] write(int[][] tokens, int[] parents, int... rows) throws OrtException {
        OrtSession.Result result = run(tokens, parents, rows, outputs);
        close();
        memory = result;
        length += tokens[0].length;
        FloatBuffer values = tensor(result, "log_probabilities").getFloatBuffer();
        float[][] probabilities = new float[rows.length][model.dimensions().vocabulary()];
        for (float[] row : probabilities) {
            values.get(row);
        }
        return probabilities;
    }

    /**
     * Where in the sound the alignment heads look at each token of a text.
     *
     * @return weights that add up to one for each head and token: [heads, tokens, positions]
     */
    float[][][] attention(int[] tokens) throws OrtException {
        try (OrtSession.Result result = run(new int[][] {tokens}, new int[] {0}, new int[] {0}, Set.of("alignment"))) {
            OnnxTensor tensor = tensor(result, "alignment");
            long[] shape = tensor.getInfo().getShape();
            FloatBuffer values = tensor.getFloatBuffer();
            float[][][] weights = new float[(int) shape[0]][(int) shape[1]][(int) shape[2]];
            for (float[][] head : weights) {
                for (float[] token : head) {
                    values.get(token);
                }
            }
            return weights;
        }
    }

    private OrtSession.Result run(int[][] tokens, int[] parents, int[] rows, Set<String> wanted) throws OrtException {
        Dimensions dimensions = model.dimensions();
        List<OnnxTensor> made = new ArrayList<>();
        try {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            FloatBuffer hidden = floats(tokens.length * tokens[0].length * dimensions.width());
            for (int[] beam : tokens) {
                for (int i = 0; i < beam.length; i++) {
                    model.embed(beam[i], length + i, hidden);
                }
            }
            inputs.put("hidden", made(made, hidden.flip(), tokens.length, tokens[0].length, dimensions.width()));
            inputs.put("parents", made(made, parents));
            inputs.put("rows", made(made, rows));
            for (int layer = 0; layer < dimensions.decoderLayers(); layer++) {
                for (String kind : List.of("key_", "value_")) {
                    inputs.put(
                            "past_" + kind + layer,
                            memory == null
                                    ? made(made, floats(0), 1, dimensions.heads(), 0, Dimensions.HEAD_WIDTH)
                                    : tensor(memory, "present_" + kind + layer));
                }
                inputs.put("keys_" + layer, tensor(sound.result(), "keys_" + layer));
                inputs.put("values_" + layer, tensor(sound.result(), "values_" + layer));
            }
            return model.decoder().run(inputs, wanted, options);
        } finally {
            made.forEach(OnnxTensor::close);
        }
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private OnnxTensor made(List<OnnxTensor> made, FloatBuffer values, long... shape) throws OrtException {
        OnnxTensor tensor = OnnxTensor.createTensor(model.environment(), values, shape);
        made.add(tensor);
        return tensor;
    }

    private OnnxTensor made(List<OnnxTensor> made, int[] values) throws OrtException {
        LongBuffer longs = LongBuffer.allocate(values.length);
        for (int value : values) {
            longs.put(value);
        }
        OnnxTensor tensor = OnnxTensor.createTensor(model.environment(), longs.flip(), new long[] {values.length});
        made.add(tensor);
        return tensor;
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow(() -> new IllegalStateException("the model gave no " + name));
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
