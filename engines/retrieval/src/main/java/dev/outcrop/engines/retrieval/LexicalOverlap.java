package dev.outcrop.engines.retrieval;

import java.util.List;

/**
 * The share of a query's words that a passage has: what reranks where no encoder is installed. Common English words do
 * not count, and longer passages are not better.
 */
public final class LexicalOverlap implements Reranker {
    @Override
    public String name() {
        return "lexical overlap";
    }

    @Override
    public double[] scores(String query, List<String> passages) {
        Words asked = Words.of(query);
        return passages.stream()
                .mapToDouble(passage -> asked.shareIn(Words.of(passage)))
                .toArray();
    }
}
