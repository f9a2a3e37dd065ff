package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.onnx.OnnxGraph;
import dev.outcrop.engines.speech.onnx.OnnxGraph.Attribute;
import dev.outcrop.engines.speech.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a Whisper model's encoder and decoder as ONNX graphs with matrices in bytes.
 *
 * <p>{@code encoder}: {@code mel} f32 [1, bands, frames] to {@code keys_i} f32 [heads, 64, positions] and
 * {@code values_i} f32 [heads, positions, 64] for the cross-attention of each layer i of the decoder; a position is two
 * frames.
 *
 * <p>{@code decoder}: {@code hidden} f32 [beams, tokens, width] (token and position embeddings added),
 * {@code parents} i64 [beams] (which beam of the cache each one goes on from), {@code rows} i64 [rows] (of the
 * flattened beams and tokens, whose probabilities are wanted), the encoder's outputs, and the cache
 * {@code past_key_i}, {@code past_value_i} f32 [beams before, heads, tokens before, 64], to {@code log_probabilities}
 * f32 [rows, vocabulary], {@code alignment} f32 [alignment heads, beams · tokens, positions], and the cache
 * {@code present_key_i}, {@code present_value_i}. All beams hear the same sound, so their queries go through the
 * cross-attention as if they were tokens of one text.
 *
 * <p>{@code DynamicQuantizeMatMul} was the fastest of ONNX Runtime's products with bytes on AVX-512 VNNI, 3.5 times as
 * fast as 32-bit floats at 1,500 rows, where {@code MatMulNBits} was 1.6 times as fast. It scales all rows of its input
 * alike; where rows differ much each is first brought to the same length.
 */
final class WhisperGraphs {
    /** Changes whenever the graphs do. */
    static final int VERSION = 1;

    private static final float EPSILON = 1e-5f;

    private final ConvertedWeights weights;
    private final Dimensions dimensions;

    private WhisperGraphs(ConvertedWeights weights, Dimensions dimensions) {
        this.weights = weights;
        this.dimensions = dimensions;
    }

    static void write(ConvertedWeights weights, Path folder) throws IOException {
        WhisperGraphs graphs = new WhisperGraphs(weights, Dimensions.of(weights));
        graphs.writeEncoder(folder);
        graphs.writeDecoder(folder);
    }

    private void writeEncoder(Path folder) throws IOException {
        int width = dimensions.width();
        try (OnnxGraph graph = OnnxGraph.begin(folder, "encoder")) {
            String mel = graph.input("mel", ElementType.FLOAT, 1, dimensions.bands(), "frames");
            String hidden = gelu(graph, convolution(graph, mel, "encoder/conv1", dimensions.bands(), 1));
            hidden = gelu(graph, convolution(graph, hidden, "encoder/conv2", width, 2));
            hidden = graph.node("Transpose", List.of(hidden), Attribute.of("perm", List.of(0, 2, 1)));
            String length = graph.node("Shape", List.of(hidden), Attribute.of("start", 1), Attribute.of("end", 2));
            String positions = graph.constant(
                    weights.values("encoder/position_encodings/encodings", dimensions.audioPositions(), width),
                    dimensions.audioPositions(),
                    width);
            positions = graph.node("Slice", List.of(positions, graph.integers(0), length, graph.integers(0)));
            hidden = graph.node("Add", List.of(hidden, positions));
            for (int layer = 0; layer < dimensions.encoderLayers(); layer++) {
                String name = "encoder/layer_" + layer;
                String normal = normalized(graph, hidden, name + "/self_attention/layer_norm");
                List<String> parts = queryKeyValue(graph, normal, name + "/self_attention");
                String attended = graph.node(
                        OnnxGraph.MICROSOFT,
                        "MultiHeadAttention",
                        parts,
                        Attribute.of("num_heads", dimensions.heads()));
                String output = linear(graph, attended, name + "/self_attention/linear_1", width, width, true);
                hidden = graph.node("Add", List.of(hidden, output));
                hidden = feedForward(graph, hidden, name + "/ffn");
            }
            hidden = normalized(graph, hidden, "encoder/layer_norm");
            for (int layer = 0; layer < dimensions.decoderLayers(); layer++) {
                String both = linear(
                        graph, hidden, "decoder/layer_" + layer + "/attention/linear_1", 2 * width, width, false);
                List<String> parts = split(graph, both, 2);
                graph.name(heads(graph, parts.get(0), List.of(1, 2, 0)), "keys_" + layer);
                graph.output(
                        "keys_" + layer, ElementType.FLOAT, dimensions.heads(), Dimensions.HEAD_WIDTH, "positions");
                graph.name(heads(graph, parts.get(1), List.of(1, 0, 2)), "values_" + layer);
                graph.output(
                        "values_" + layer, ElementType.FLOAT, dimensions.heads(), "positions", Dimensions.HEAD_WIDTH);
            }
            graph.finish();
        }
    }

    private void writeDecoder(Path folder) throws IOException {
        int width = dimensions.width();
        int heads = dimensions.heads();
        try (OnnxGraph graph = OnnxGraph.begin(folder, "decoder")) {
            String hidden = graph.input("hidden", ElementType.FLOAT, "beams", "tokens", width);
            String parents = graph.input("parents", ElementType.INT64, "beams");
            String rows = graph.input("rows", ElementType.INT64, "rows");
            String shape = graph.node("Shape", List.of(hidden));
            List<String> alignment = new ArrayList<>();
            for (int layer = 0; layer < dimensions.decoderLayers(); layer++) {
                String name = "decoder/layer_" + layer;
                String normal = normalized(graph, hidden, name + "/self_attention/layer_norm");
                List<String> inputs = new ArrayList<>(queryKeyValue(graph, normal, name + "/self_attention"));
                inputs.addAll(List.of("", "", ""));
                for (String kind : List.of("key_", "value_")) {
                    String past = graph.input(
                            "past_" + kind + layer, ElementType.FLOAT, "before", heads, "past", Dimensions.HEAD_WIDTH);
                    inputs.add(graph.node("Gather", List.of(past, parents), Attribute.of("axis", 0)));
                }
                List<String> attended = graph.nodes(
                        OnnxGraph.MICROSOFT,
                        "MultiHeadAttention",
                        inputs,
                        3,
                        Attribute.of("num_heads", heads),
                        Attribute.of("unidirectional", 1));
                for (int i = 0; i < 2; i++) {
                    String present = List.of("present_key_", "present_value_").get(i) + layer;
                    graph.name(attended.get(1 + i), present);
                    graph.output(present, ElementType.FLOAT, "beams", heads, "present", Dimensions.HEAD_WIDTH);
                }
                String output =
                        linear(graph, attended.getFirst(), name + "/self_attention/linear_1", width, width, true);
                hidden = graph.node("Add", List.of(hidden, output));
                hidden = graph.node("Add", List.of(hidden, crossAttention(graph, hidden, layer, shape, alignment)));
                hidden = feedForward(graph, hidden, name + "/ffn");
            }
            graph.name(graph.node("Concat", alignment, Attribute.of("axis", 0)), "alignment");
            graph.output("alignment", ElementType.FLOAT, "alignment heads", "all tokens", "positions");
            String flat = graph.node("Reshape", List.of(hidden, graph.integers(-1, width)));
            String chosen = graph.node("Gather", List.of(flat, rows), Attribute.of("axis", 0));
            String normal = normalized(graph, chosen, "decoder/layer_norm");
            float[] embeddings = weights.values("decoder/projection/weight", dimensions.vocabulary(), width);
            String logits = product(
                    graph, normal, QuantizedMatrix.of(embeddings, dimensions.vocabulary(), width), new float[0]);
            graph.name(graph.node("LogSoftmax", List.of(logits), Attribute.of("axis", -1)), "log_probabilities");
            graph.output("log_probabilities", ElementType.FLOAT, "rows", dimensions.vocabulary());
            graph.finish();
        }
    }

    private String crossAttention(OnnxGraph graph, String hidden, int layer, String shape, List<String> alignment)
            throws IOException {
        int width = dimensions.width();
        int heads = dimensions.heads();
        String name = "decoder/layer_" + layer + "/attention";
        String keys = graph.input("keys_" + layer, ElementType.FLOAT, heads, Dimensions.HEAD_WIDTH, "positions");
        String values = graph.input("values_" + layer, ElementType.FLOAT, heads, "positions", Dimensions.HEAD_WIDTH);
        String normal = normalized(graph, hidden, name + "/layer_norm");
        String query = linear(graph, normal, name + "/linear_0", width, width, false);
        query = heads(graph, query, List.of(1, 0, 2));
        query = graph.node(
                "Mul", List.of(query, graph.constant(new float[] {(float) (1 / Math.sqrt(Dimensions.HEAD_WIDTH))}, 1)));
        String weight =
                graph.node("Softmax", List.of(graph.node("MatMul", List.of(query, keys))), Attribute.of("axis", -1));
        long[] chosen = AlignmentHeads.of(dimensions).inLayer(layer);
        if (chosen.length > 0) {
            alignment.add(graph.node("Gather", List.of(weight, graph.integers(chosen)), Attribute.of("axis", 0)));
        }
        String attended = graph.node("MatMul", List.of(weight, values));
        attended = graph.node("Transpose", List.of(attended), Attribute.of("perm", List.of(1, 0, 2)));
        attended = graph.node("Reshape", List.of(attended, shape));
        return linear(graph, attended, name + "/linear_2", width, width, true);
    }

    /** [1 or beams, tokens, width] to heads, transposed as told from [tokens, heads, 64]. */
    private String heads(OnnxGraph graph, String value, List<Integer> order) throws IOException {
        String split =
                graph.node("Reshape", List.of(value, graph.integers(-1, dimensions.heads(), Dimensions.HEAD_WIDTH)));
        return graph.node("Transpose", List.of(split), Attribute.of("perm", order));
    }

    private List<String> queryKeyValue(OnnxGraph graph, String value, String name) throws IOException {
        int width = dimensions.width();
        return split(graph, linear(graph, value, name + "/linear_0", 3 * width, width, false), 3);
    }

    private List<String> split(OnnxGraph graph, String value, int parts) throws IOException {
        long[] sizes = new long[parts];
        Arrays.fill(sizes, dimensions.width());
        return graph.nodes("", "Split", List.of(value, graph.integers(sizes)), parts, Attribute.of("axis", -1));
    }

    private String convolution(OnnxGraph graph, String value, String name, int inputs, int stride) throws IOException {
        int width = dimensions.width();
        return graph.node(
                "Conv",
                List.of(
                        value,
                        graph.constant(weights.values(name + "/weight", width, inputs, 3), width, inputs, 3),
                        graph.constant(weights.values(name + "/bias", width), width)),
                Attribute.of("kernel_shape", List.of(3)),
                Attribute.of("pads", List.of(1, 1)),
                Attribute.of("strides", List.of(stride)));
    }

    private String feedForward(OnnxGraph graph, String hidden, String name) throws IOException {
        int width = dimensions.width();
        int inner = dimensions.inner();
        String normal = normalized(graph, hidden, name + "/layer_norm");
        String middle = gelu(graph, linear(graph, normal, name + "/linear_0", inner, width, false));
        return graph.node("Add", List.of(hidden, linear(graph, middle, name + "/linear_1", width, inner, true)));
    }

    private static String gelu(OnnxGraph graph, String value) {
        return graph.node(OnnxGraph.MICROSOFT, "Gelu", List.of(value));
    }

    private String normalized(OnnxGraph graph, String value, String name) throws IOException {
        int width = dimensions.width();
        return graph.node(
                "LayerNormalization",
                List.of(
                        value,
                        graph.constant(weights.values(name + "/gamma", width), width),
                        graph.constant(weights.values(name + "/beta", width), width)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", EPSILON));
    }

    /**
     * A layer's product and bias.
     *
     * @param uneven whether rows of the input differ much in length
     */
    private String linear(OnnxGraph graph, String value, String name, int outputs, int inputs, boolean uneven)
            throws IOException {
        QuantizedMatrix matrix = QuantizedMatrix.of(weights.values(name + "/weight", outputs, inputs), outputs, inputs);
        float[] bias = weights.values(name + "/bias", outputs);
        if (!uneven) {
            return product(graph, value, matrix, bias);
        }
        String lengths = graph.node(
                "ReduceMax",
                List.of(graph.node("Abs", List.of(value))),
                Attribute.of("axes", List.of(-1)),
                Attribute.of("keepdims", 1));
        lengths = graph.node("Add", List.of(lengths, graph.constant(new float[] {EPSILON}, 1)));
        String even = product(graph, graph.node("Div", List.of(value, lengths)), matrix, new float[0]);
        return graph.node("Add", List.of(graph.node("Mul", List.of(even, lengths)), graph.constant(bias, outputs)));
    }

    private static String product(OnnxGraph graph, String value, QuantizedMatrix matrix, float[] bias)
            throws IOException {
        List<String> inputs = new ArrayList<>(List.of(
                value,
                graph.constant(matrix.values(), matrix.inputs(), matrix.outputs()),
                graph.constant(matrix.scales(), matrix.outputs())));
        if (bias.length > 0) {
            inputs.addAll(List.of("", graph.constant(bias, bias.length)));
        }
        return graph.node(OnnxGraph.MICROSOFT, "DynamicQuantizeMatMul", inputs);
    }
}
