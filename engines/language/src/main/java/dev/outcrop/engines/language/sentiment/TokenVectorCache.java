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
    private final Map<String, float[][]> vectors = new HashMap<>();

    TokenVectorCache(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    String digest = in.readUTF();
                    float[][] tokens = new float[in.readInt()][in.readInt()];
                    for (float[] token : tokens) {
                        float scale = in.readFloat();
                        for (int value = 0; value < token.length; value++) {
                            token[value] = in.readByte() * scale;
                        }
                    }
                    vectors.put(digest, tokens);
                }
            }
        }
    }

    /** The vectors of texts, in 8 bits a value, made by the model where they are not here yet. */
    List<float[][]> of(List<String> texts, EmbeddingModel model) throws IOException {
        List<String> missing = texts.stream()
                .filter(text -> !vectors.containsKey(HeldOut.digest(text)))
                .distinct()
                .toList();
        TokenEmbeddings tokens = model.tokens().orElseThrow();
        for (int from = 0; from < missing.size(); from += 256) {
            List<String> some = missing.subList(from, Math.min(missing.size(), from + 256));
            List<float[][]> made = tokens.embed(some, Truncation.END);
            for (int i = 0; i < some.size(); i++) {
                vectors.put(HeldOut.digest(some.get(i)), made.get(i));
            }
        }
        if (!missing.isEmpty()) {
            write();
        }
        return texts.stream().map(text -> vectors.get(HeldOut.digest(text))).toList();
    }

    private void write() throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(vectors.size());
            for (Map.Entry<String, float[][]> entry : vectors.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().length);
                out.writeInt(entry.getValue()[0].length);
                for (float[] token : entry.getValue()) {
                    float largest = 1e-9f;
                    for (float value : token) {
                        largest = Math.max(largest, Math.abs(value));
                    }
                    out.writeFloat(largest / 127);
                    for (float value : token) {
                        out.writeByte(Math.round(value / largest * 127));
                    }
                }
            }
        }
    }
}
