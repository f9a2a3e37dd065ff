package dev.outcrop.engines.guard;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.Truncation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Embeddings of short texts, the last few hundred of them kept: a guard's filters look at the same sentences one after
 * the other, and each should be embedded once. Safe for concurrent use.
 */
final class EmbeddedTexts {
    private static final int KEPT = 512;

    private final Supplier<EmbeddingModel> model;
    private final Map<String, float[]> vectors = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > KEPT;
        }
    };

    EmbeddedTexts(Supplier<EmbeddingModel> model) {
        this.model = model;
    }

    float[] of(String text) {
        return of(List.of(text)).getFirst();
    }

    List<float[]> of(List<String> texts) {
        List<float[]> found = new ArrayList<>(texts.size());
        List<String> missing = new ArrayList<>();
        synchronized (vectors) {
            for (String text : texts) {
                float[] vector = vectors.get(text);
                found.add(vector);
                if (vector == null) {
                    missing.add(text);
                }
            }
        }
        if (missing.isEmpty()) {
            return found;
        }
        List<EmbeddingModel.Embedding> made = model.get().embed(missing, Truncation.END);
        int next = 0;
        synchronized (vectors) {
            for (int i = 0; i < found.size(); i++) {
                if (found.get(i) == null) {
                    found.set(i, made.get(next).vector());
                    vectors.put(texts.get(i), made.get(next).vector());
                    next++;
                }
            }
        }
        return found;
    }
}
