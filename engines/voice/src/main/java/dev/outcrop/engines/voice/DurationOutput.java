package dev.outcrop.engines.voice;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes an ONNX model tell a tensor of its inside: how many frames of sound it gave each symbol. A model of VITS rounds
 * the durations that it predicts up to whole frames by its only node of type {@code Ceil}; the graph gets that node's
 * output as one of its own.
 *
 * <p>Source: {@code onnx.proto3} of ONNX for the numbers of the fields; Kim, Kong and Son, "Conditional Variational
 * Autoencoder with Adversarial Learning for End-to-End Text-to-Speech", 2021, for the durations.
 */
final class DurationOutput {
    private static final int GRAPH = 7;
    private static final int NODE = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_TYPE = 4;
    private static final int GRAPH_OUTPUT = 12;

    private DurationOutput() {}

    /**
     * A model with one more output.
     *
     * @param output what the output is called
     */
    record Exposed(byte[] model, String output) {}

    /**
     * The model, with the durations as its last output.
     *
     * @throws VoiceException {@code INVALID} if it is no ONNX model, or rounds nothing up, or more than one tensor
     */
    static Exposed expose(byte[] model) {
        Field graph = fields(model, 0, model.length).stream()
                .filter(field -> field.number == GRAPH)
                .findFirst()
                .orElseThrow(() -> invalid("the model has no graph"));
        List<String> durations = new ArrayList<>();
        for (Field node : fields(model, graph.begin, graph.end)) {
            if (node.number == NODE) {
                List<Field> parts = fields(model, node.begin, node.end);
                if (text(model, parts, NODE_TYPE).equals("Ceil")) {
                    durations.add(text(model, parts, NODE_OUTPUT));
                }
            }
        }
        if (durations.size() != 1) {
            throw invalid("a model of VITS rounds one tensor up, but this one " + durations.size());
        }
        String output = durations.getFirst();
        byte[] value = valueInfo(output);
        ByteArrayOutputStream edited = new ByteArrayOutputStream(model.length + value.length + 32);
        edited.write(model, 0, graph.start);
        writeNumber(edited, (GRAPH << 3) | 2);
        writeNumber(edited, graph.end - graph.begin + value.length);
        edited.write(model, graph.begin, graph.end - graph.begin);
        edited.writeBytes(value);
        edited.write(model, graph.end, model.length - graph.end);
        return new Exposed(edited.toByteArray(), output);
    }

    /** The field of a graph that names an output of 32-bit floats. */
    private static byte[] valueInfo(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write((1 << 3) | 2);
        writeNumber(value, bytes.length);
        value.writeBytes(bytes);
        // Its type: a tensor (1) whose elements (1) are floats (1).
        value.writeBytes(new byte[] {(2 << 3) | 2, 4, (1 << 3) | 2, 2, 1 << 3, 1});
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        writeNumber(field, (GRAPH_OUTPUT << 3) | 2);
        writeNumber(field, value.size());
        field.writeBytes(value.toByteArray());
        return field.toByteArray();
    }

    /** A field of a message: from {@code start} with its tag, from {@code begin} to {@code end} what is in it. */
    private record Field(int number, int start, int begin, int end) {}

    private static String text(byte[] model, List<Field> parts, int number) {
        return parts.stream()
                .filter(part -> part.number == number)
                .findFirst()
                .map(part -> new String(Arrays.copyOfRange(model, part.begin, part.end), StandardCharsets.UTF_8))
                .orElse("");
    }

    private static List<Field> fields(byte[] model, int begin, int end) {
        List<Field> fields = new ArrayList<>();
        int at = begin;
        while (at < end) {
            int start = at;
            long tag = number(model, at, end);
            at += length(model, at);
            int type = (int) (tag & 7);
            long size = switch (type) {
                case 0 -> length(model, at);
                case 1 -> 8;
                case 2 -> number(model, at, end);
                case 5 -> 4;
                default -> throw invalid("the model is damaged");
            };
            if (type == 2) {
                at += length(model, at);
            }
            if (size < 0 || size > end - at) {
                throw invalid("the model is damaged");
            }
            fields.add(new Field((int) (tag >>> 3), start, at, (int) (at + size)));
            at += (int) size;
        }
        return fields;
    }

    /** The number of varying length that begins at {@code at}. */
    private static long number(byte[] model, int at, int end) {
        long value = 0;
        for (int i = 0; i < 10 && at + i < end; i++) {
            value |= (model[at + i] & 0x7FL) << (7 * i);
            if (model[at + i] >= 0) {
                return value;
            }
        }
        throw invalid("the model is damaged");
    }

    private static int length(byte[] model, int at) {
        int length = 1;
        while (at + length <= model.length && model[at + length - 1] < 0) {
            length++;
        }
        return length;
    }

    private static void writeNumber(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static VoiceException invalid(String message) {
        return new VoiceException(VoiceException.Category.INVALID, message);
    }
}
