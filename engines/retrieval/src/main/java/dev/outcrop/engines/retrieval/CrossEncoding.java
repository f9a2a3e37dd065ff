package dev.outcrop.engines.retrieval;

import dev.outcrop.engines.embedding.OnnxCrossEncoder;
import java.util.List;

/** Query and passage read together by a {@link OnnxCrossEncoder}, whose logit becomes a probability. */
public final class CrossEncoding implements Reranker {
    private final OnnxCrossEncoder model;

    /** @param model trained with a logistic loss, as those for MS MARCO are; whoever opened it closes it */
    public CrossEncoding(OnnxCrossEncoder model) {
        this.model = model;
    }

    @Override
    public String name() {
        return "cross-encoder " + model.id();
    }

    @Override
    public double[] scores(String query, List<String> passages) {
        double[] scores = model.logits(query, passages);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 1 / (1 + Math.exp(-scores[i]));
        }
        return scores;
    }
}
