package dev.outcrop.engines.retrieval;

import java.util.List;

/** Says how well passages fit a query by reading both. Safe for concurrent use. */
public interface Reranker {
    /** What it is, for people: the method and the model. */
    String name();

    /**
     * How well each of {@code passages} fits {@code query}, in their order.
     *
     * @return 0, not at all, to 1; scores of one reranker can be compared with each other
     */
    double[] scores(String query, List<String> passages);
}
