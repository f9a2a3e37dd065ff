package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.embedding.EmbeddingModel;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Embeddings of texts, kept in a file from one run of a recipe to the next. */
final class Embeddings {
    private final Path file;
    private final Map<String, float[]> vectors = new HashMap<>();

    Embeddings(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    String digest = in.readUTF();
                    float[] vector = new float[in.readInt()];
                    for (int value = 0; value < vector.length; value++) {
                        vector[value] = in.readFloat();
                    }
                    vectors.put(digest, vector);
                }
            }
        }
    }

    List<float[]> of(List<String> texts, EmbeddingModel model) throws IOException {
        List<String> missing = List.copyOf(new LinkedHashSet<>(texts.stream()
                .filter(text -> !vectors.containsKey(HeldOut.digest(text)))
                .toList()));
        for (int from = 0; from < missing.size(); from += 256) {
            List<String> some = missing.subList(from, Math.min(missing.size(), from + 256));
            List<EmbeddingModel.Embedding> made = model.embed(some, Truncation.END);
            for (int i = 0; i < some.size(); i++) {
                vectors.put(HeldOut.digest(some.get(i)), made.get(i).vector());
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
            for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().length);
                for (float value : entry.getValue()) {
                    out.writeFloat(value);
                }
            }
        }
    }
}
