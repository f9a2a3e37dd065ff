package dev.outcrop.engines.embedding;

import java.util.List;

/** Turns texts into vectors whose cosine tells how near their meanings are. Safe for concurrent use. */
public interface EmbeddingModel extends AutoCloseable {
    /** What the model is. */
    Description description();

    /**
     * The vectors of {@code texts}, in their order, each of {@link Description#dimension()} values and unit length.
     *
     * @throws EmbeddingException if a text is longer than the model reads, or the model fails
     */
    List<Embedding> embed(List<String> texts);

    /** The number of tokens that the model reads of {@code text}, special tokens included. */
    int countTokens(String text);

    @Override
    void close();

    /**
     * What an embedding model is.
     *
     * @param maximumTokens the longest text that it reads, in tokens
     */
    record Description(String id, int dimension, int maximumTokens) {}

    /** A vector with the number of tokens that it was made from. */
    record Embedding(float[] vector, int tokens) {}
}
