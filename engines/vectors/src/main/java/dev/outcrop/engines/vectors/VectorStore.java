package dev.outcrop.engines.vectors;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Vectors of one dimension under keys, with texts and metadata, to be found by nearness, by keywords and by key. Safe for
 * concurrent use. Whoever reads sees every put and delete that has returned.
 */
public interface VectorStore extends AutoCloseable {
    /** How many values the vectors have. */
    int dimension();

    /** How similarities are computed. */
    DistanceMetric metric();

    /**
     * Makes sure that a vector can be put and looked for.
     *
     * @throws IllegalArgumentException if it has another dimension, or values that cannot be compared
     */
    default void check(float[] vector) {
        metric().check(vector, dimension());
    }

    /**
     * Stores entries, in place of those with the same keys. Of two with one key the later counts. They are durable when
     * this returns; when it throws, any of them may be stored.
     *
     * @throws IllegalArgumentException if a vector has another dimension, or values that cannot be compared
     * @throws VectorStoreException     if the store cannot be reached or written
     */
    void put(List<VectorEntry> entries);

    /**
     * Removes the entries with these keys; those that are not there are passed over. Durable when this returns.
     *
     * @throws VectorStoreException if the store cannot be reached or written
     */
    void delete(Collection<String> keys);

    /** The entry under {@code key}. */
    Optional<VectorEntry> get(String key);

    /**
     * Entries in an order that does not change: those behind the one with the key {@code after}, whether that is still
     * there or not.
     *
     * @param after empty for the first
     * @param count how many at most, at least 1; fewer come only where no more follow
     */
    List<VectorEntry> list(Optional<String> after, int count);

    /**
     * The entries nearest to {@code query}, nearest first, each with its similarity.
     *
     * @param count how many at most, 1 to 10,000
     * @throws IllegalArgumentException if the query has another dimension, or values that cannot be compared
     * @throws VectorStoreException     if the store cannot be reached or read
     */
    List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter);

    /** Whether it finds by {@link #keywords}. */
    boolean searchesText();

    /**
     * The entries whose texts fit {@code query} best, best first. The query is words, without any syntax; entries with
     * none of them are not found.
     *
     * @param count how many at most, 1 to 10,000
     * @throws UnsupportedOperationException if this store does not search texts
     * @throws VectorStoreException          if the store cannot be reached or read
     */
    List<Match> keywords(String query, int count, Optional<MetadataFilter> filter);

    @Override
    void close();
}
