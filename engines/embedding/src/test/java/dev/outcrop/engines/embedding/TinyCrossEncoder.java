package dev.outcrop.engines.embedding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cross-encoder whose score anybody can work out: the sum of the token ids that belong to the second text over the sum
 * of all that are not masked. Written in the form of ONNX, field by field.
 */
public final class TinyCrossEncoder {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    /** The ids are those of the words' names; [CLS] is 2, [SEP] 3, and whatever else 1. */
    public static final String TOKENIZER = """
            {"model": {"type": "WordPiece", "unk_token": "[UNK]",
                       "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3,
                                 "ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "hundred": 100}},
             "normalizer": {"type": "BertNormalizer"},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "TemplateProcessing",
                                "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                                           {"Sequence": {"id": "A", "type_id": 0}},
                                           {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                                "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                                         {"Sequence": {"id": "A", "type_id": 0}},
                                         {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                                         {"Sequence": {"id": "B", "type_id": 1}},
                                         {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
                                "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2]},
                                                   "[SEP]": {"id": "[SEP]", "ids": [3]}}}}
            """;

    private TinyCrossEncoder() {}

    /** The ONNX file. */
    public static byte[] weights() {
        return model("logits", 1);
    }

    /** Writes the model and its tokenizer into a folder and opens them. */
    static OnnxCrossEncoder open(Path folder, int maximumTokens) throws IOException {
        return OnnxCrossEncoder.open(
                "tiny",
                Files.write(folder.resolve("model.onnx"), weights()),
                Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER),
                maximumTokens,
                Duration.ofMinutes(1));
    }

    /** The same graph with another result as its output: {@code read} is [pairs, tokens]. */
    static byte[] model(String output, int columns) {
        Message graph = new Message();
        for (List<String> cast : List.of(
                List.of("input_ids", "ids"), List.of("attention_mask", "mask"), List.of("token_type_ids", "types"))) {
            graph.message(1, node("Cast", cast.subList(0, 1), cast.get(1)).message(5, number("to", FLOAT)));
        }
        graph.message(1, node("Mul", List.of("ids", "mask"), "read"));
        graph.message(1, node("Mul", List.of("read", "types"), "second"));
        graph.message(1, sum("read", "all"));
        graph.message(1, sum("second", "part"));
        graph.message(1, node("Div", List.of("part", "all"), "logits"));
        graph.text(2, "tiny");
        for (String input : List.of("input_ids", "attention_mask", "token_type_ids")) {
            graph.message(11, value(input, INT64, new Message().text(2, "tokens")));
        }
        graph.message(12, value(output, FLOAT, new Message().number(1, columns)));
        return new Message()
                .number(1, 7)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, 11))
                .bytes();
    }

    private static Message node(String operator, List<String> inputs, String output) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        return node.text(2, output).text(4, operator);
    }

    private static Message sum(String input, String output) {
        Message axes = new Message().text(1, "axes").number(8, 1).number(20, 7);
        return node("ReduceSum", List.of(input), output).message(5, axes).message(5, number("keepdims", 1));
    }

    private static Message number(String attribute, int value) {
        return new Message().text(1, attribute).number(3, value).number(20, 2);
    }

    private static Message value(String name, int type, Message columns) {
        Message shape = new Message().message(1, new Message().text(2, "pairs")).message(1, columns);
        Message tensor = new Message().number(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** A message of protocol buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, int value) {
            varint(field << 3);
            varint(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        private Message bytes(int field, byte[] value) {
            varint((field << 3) | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void varint(int value) {
            int rest = value;
            while (rest >= 0x80) {
                out.write((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
