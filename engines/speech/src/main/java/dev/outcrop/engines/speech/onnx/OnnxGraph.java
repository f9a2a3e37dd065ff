package dev.outcrop.engines.speech.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An ONNX model being written: a file for the graph, and one beside it for its weights, which ONNX Runtime maps. What is
 * made by {@link #node} is named by the graph; values are passed on by their names.
 *
 * <p>Source: onnx.proto of ONNX 1.17, operator set 17, with the operators of ONNX Runtime's domain com.microsoft.
 */
public final class OnnxGraph implements AutoCloseable {
    /** ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private static final int MODEL_VERSION = 9;
    private static final int OPERATOR_SET = 17;
    private static final int ALIGNMENT = 64;

    /** Constants up to this size lie in the graph's own file. */
    private static final int LARGEST_INLINE = 1024;

    private final ProtobufMessage graph = new ProtobufMessage();
    private final Path file;
    private final Path weights;
    private final FileChannel channel;
    private long position;
    private int values;

    private OnnxGraph(Path file, Path weights, FileChannel channel) {
        this.file = file;
        this.weights = weights;
        this.channel = channel;
    }

    /** Begins a model in the files {@code name.onnx} and {@code name.weights} of a folder. */
    public static OnnxGraph begin(Path folder, String name) throws IOException {
        Path weights = folder.resolve(name + ".weights");
        OnnxGraph begun = new OnnxGraph(
                folder.resolve(name + ".onnx"),
                weights,
                FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        begun.graph.text(2, name);
        return begun;
    }

    /** Types of the elements of tensors, by their numbers in onnx.proto. */
    public enum ElementType {
        FLOAT(1),
        INT8(3),
        INT64(7);

        private final int number;

        ElementType(int number) {
            this.number = number;
        }
    }

    /**
     * Declares an input.
     *
     * @param shape sizes as numbers, or names of sizes that vary
     * @return its name
     */
    public String input(String name, ElementType type, Object... shape) {
        graph.message(11, valueInfo(name, type, shape));
        return name;
    }

    /** Declares an output: the value of that name. */
    public void output(String name, ElementType type, Object... shape) {
        graph.message(12, valueInfo(name, type, shape));
    }

    /** A constant of real numbers. */
    public String constant(float[] data, long... shape) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return constant(ElementType.FLOAT, bytes, shape);
    }

    /** A constant of signed bytes. */
    public String constant(byte[] data, long... shape) throws IOException {
        return constant(ElementType.INT8, ByteBuffer.wrap(data), shape);
    }

    /** A list of whole numbers, such as a shape. */
    public String integers(long... data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(data.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(data);
        return constant(ElementType.INT64, bytes, data.length);
    }

    private String constant(ElementType type, ByteBuffer data, long... shape) throws IOException {
        String name = newValue();
        ProtobufMessage tensor = new ProtobufMessage();
        for (long size : shape) {
            tensor.integer(1, size);
        }
        tensor.integer(2, type.number).text(8, name);
        if (data.remaining() <= LARGEST_INLINE) {
            byte[] inline = new byte[data.remaining()];
            data.get(inline);
            tensor.bytes(9, inline);
        } else {
            position = (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            tensor.message(13, entry("location", weights.getFileName().toString()))
                    .message(13, entry("offset", Long.toString(position)))
                    .message(13, entry("length", Integer.toString(data.remaining())))
                    .integer(14, 1);
            while (data.hasRemaining()) {
                position += channel.write(data, position);
            }
        }
        graph.message(5, tensor);
        return name;
    }

    /** Adds an operator of the standard domain with one output, and gives that output's name. */
    public String node(String operator, List<String> inputs, Attribute... attributes) {
        return node("", operator, inputs, attributes);
    }

    /** Adds an operator with one output, and gives that output's name. */
    public String node(String domain, String operator, List<String> inputs, Attribute... attributes) {
        return nodes(domain, operator, inputs, 1, attributes).getFirst();
    }

    /** Adds an operator, and gives the names of its first outputs. An input that is left out has the empty name. */
    public List<String> nodes(
            String domain, String operator, List<String> inputs, int outputs, Attribute... attributes) {
        List<String> names =
                IntStream.range(0, outputs).mapToObj(_ -> newValue()).toList();
        add(domain, operator, inputs, names, attributes);
        return names;
    }

    /** Gives a value another name, as outputs need one. */
    public void name(String value, String name) {
        add("", "Identity", List.of(value), List.of(name));
    }

    private void add(
            String domain, String operator, List<String> inputs, List<String> outputs, Attribute... attributes) {
        ProtobufMessage node = new ProtobufMessage();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        graph.message(1, node.text(7, domain));
    }

    private String newValue() {
        return "v" + values++;
    }

    private static ProtobufMessage entry(String key, String value) {
        return new ProtobufMessage().text(1, key).text(2, value);
    }

    private static ProtobufMessage valueInfo(String name, ElementType type, Object... shape) {
        ProtobufMessage sizes = new ProtobufMessage();
        for (Object size : shape) {
            sizes.message(
                    1,
                    size instanceof Number number
                            ? new ProtobufMessage().integer(1, number.longValue())
                            : new ProtobufMessage().text(2, size.toString()));
        }
        ProtobufMessage tensor = new ProtobufMessage().integer(1, type.number).message(2, sizes);
        return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
    }

    /** Writes the graph; nothing can be added any more. */
    public void finish() throws IOException {
        ProtobufMessage model = new ProtobufMessage()
                .integer(1, MODEL_VERSION)
                .text(2, "outcrop")
                .message(7, graph)
                .message(8, new ProtobufMessage().text(1, "").integer(2, OPERATOR_SET))
                .message(8, new ProtobufMessage().text(1, MICROSOFT).integer(2, 1));
        channel.force(true);
        Files.write(file, model.toByteArray());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A named setting of an operator. */
    public sealed interface Attribute {
        /** A whole number. */
        static Attribute of(String name, long value) {
            return new Whole(name, value);
        }

        /** A real number. */
        static Attribute of(String name, float value) {
            return new Real(name, value);
        }

        /** Whole numbers. */
        static Attribute of(String name, List<Integer> values) {
            return new Wholes(name, values);
        }

        private ProtobufMessage message() {
            return switch (this) {
                case Real(String name, float value) ->
                    new ProtobufMessage().text(1, name).real(2, value).integer(20, 1);
                case Whole(String name, long value) ->
                    new ProtobufMessage().text(1, name).integer(3, value).integer(20, 2);
                case Wholes(String name, List<Integer> values) -> {
                    ProtobufMessage message = new ProtobufMessage().text(1, name);
                    values.forEach(value -> message.integer(8, value));
                    yield message.integer(20, 7);
                }
            };
        }

        /** A whole number. */
        record Whole(String name, long value) implements Attribute {}

        /** A real number. */
        record Real(String name, float value) implements Attribute {}

        /** Whole numbers. */
        record Wholes(String name, List<Integer> values) implements Attribute {}
    }
}
