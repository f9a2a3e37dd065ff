package dev.outcrop.engines.language.sentiment;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.TokenEmbeddings;
import dev.outcrop.engines.embedding.Truncation;
import dev.outcrop.engines.language.training.HeldOut;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The token vectors of sentences, kept in a file between runs of the recipe, since making them takes minutes. */
final class TokenVectorCache {
    private final Path file;
    private final Map<String, Vectors> vectors = new HashMap<>();

    /** The vectors of a text's tokens in 8 bits a value: what a unit of each is, and the values. */
    private record Vectors(float[] scales, byte[][] values) {
        static Vectors of(float[][] tokens) {
            Vectors vectors = new Vectors(new float[tokens.length], new byte[tokens.length][tokens[0].length]);
            for (int token = 0; token < tokens.length; token++) {
                float largest = 1e-9f;
                for (float value : tokens[token]) {
                    largest = Math.max(largest, Math.abs(value));
                }
                vectors.scales[token] = largest / 127;
                for (int i = 0; i < tokens[token].length; i++) {
                    vectors.values[token][i] = (byte) Math.round(tokens[token][i] / largest * 127);
                }
            }
            return vectors;
        }

        float[][] tokens() {
            float[][] tokens = new float[values.length][values[0].length];
            for (int token = 0; token < tokens.length; token++) {
                for (int i = 0; i < tokens[token].length; i++) {
                    tokens[token][i] = values[token][i] * scales[token];
                }
            }
            return tokens;
        }
    }

    TokenVectorCache(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    String digest = in.readUTF();
                    float[] scales = new float[in.readInt()];
                    byte[][] values = new byte[scales.length][in.readInt()];
                    for (int token = 0; token < scales.length; token++) {
                        scales[token] = in.readFloat();
                        in.readFully(values[token]);
                    }
                    vectors.put(digest, new Vectors(scales, values));
                }
            }
        }
    }

    /**
     * The vectors of texts, made by the model where they are not here yet: one text at a time, since the model's own 8 bits
     * depend on what is seen together.
     */
    List<float[][]> of(List<String> texts, EmbeddingModel model) throws IOException {
        TokenEmbeddings tokens = model.tokens().orElseThrow();
        boolean changed = false;
        for (String text : texts) {
            String digest = HeldOut.digest(text);
            if (!vectors.containsKey(digest)) {
                vectors.put(
                        digest,
                        Vectors.of(tokens.embed(List.of(text), Truncation.END).getFirst()));
                changed = true;
            }
        }
        if (changed) {
            write();
        }
        return texts.stream()
                .map(text -> vectors.get(HeldOut.digest(text)).tokens())
                .toList();
    }

    private void write() throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(vectors.size());
            for (Map.Entry<String, Vectors> entry : vectors.entrySet()) {
                byte[][] values = entry.getValue().values();
                out.writeUTF(entry.getKey());
                out.writeInt(values.length);
                out.writeInt(values[0].length);
                for (int token = 0; token < values.length; token++) {
                    out.writeFloat(entry.getValue().scales()[token]);
                    out.write(values[token]);
                }
            }
        }
    }
}
