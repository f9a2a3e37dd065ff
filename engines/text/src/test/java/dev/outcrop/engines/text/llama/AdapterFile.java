package dev.outcrop.engines.text.llama;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes a LoRA adapter of random weights for the query projections of a Llama model as a GGUF file, version 3.
 *
 * <p>The format: ggml's documentation, "GGUF"; the names of tensors and keys: llama.cpp, {@code convert_lora_to_gguf.py}.
 */
final class AdapterFile {
    private static final int TEXT = 8;
    private static final int FLOAT = 6;
    private static final int ALIGNMENT = 32;

    private AdapterFile() {}

    /**
     * A file for a model of {@code layers} blocks whose rows have {@code width} values.
     *
     * @param rank     of the update
     * @param strength standard deviation of the weights
     */
    static Path write(Path file, int layers, int width, int rank, double strength) throws IOException {
        Buffer head = new Buffer();
        head.bytes.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        head.number(3, 4);
        head.number(2L * layers, 8);
        head.number(4, 8);
        head.text("general.type", "adapter");
        head.text("general.architecture", "llama");
        head.text("adapter.type", "lora");
        head.text("adapter.lora.alpha");
        head.number(FLOAT, 4);
        head.number(Float.floatToIntBits(rank), 4);
        Buffer data = new Buffer();
        Random random = new Random(7);
        for (int layer = 0; layer < layers; layer++) {
            String name = "blk." + layer + ".attn_q.weight.lora_";
            tensor(head, data, name + "a", width, rank, random, strength);
            tensor(head, data, name + "b", rank, width, random, strength);
        }
        head.align();
        head.bytes.writeBytes(data.bytes.toByteArray());
        return Files.write(file, head.bytes.toByteArray());
    }

    private static void tensor(
            Buffer head, Buffer data, String name, int columns, int rows, Random random, double strength) {
        head.text(name);
        head.number(2, 4);
        head.number(columns, 8);
        head.number(rows, 8);
        head.number(0, 4); // 32-bit floats
        head.number(data.bytes.size(), 8);
        for (int value = 0; value < columns * rows; value++) {
            data.number(Float.floatToIntBits((float) (random.nextGaussian() * strength)), 4);
        }
        data.align();
    }

    private static final class Buffer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void number(long value, int size) {
            byte[] little = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array();
            bytes.write(little, 0, size);
        }

        void text(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            number(encoded.length, 8);
            bytes.writeBytes(encoded);
        }

        void text(String key, String value) {
            text(key);
            number(TEXT, 4);
            text(value);
        }

        void align() {
            while (bytes.size() % ALIGNMENT != 0) {
                bytes.write(0);
            }
        }
    }
}
