package dev.outcrop.engines.embedding;

import java.util.List;
import java.util.Optional;

/** Turns texts into vectors whose cosine tells how near their meanings are. Safe for concurrent use. */
public interface EmbeddingModel extends AutoCloseable {
    /** What the model is. */
    Description description();

    /**
     * The vectors of {@code texts}, in their order, each of {@link Description#dimension()} values and unit length.
     *
     * @param truncation what to do with a text that is longer than {@link Description#maximumTokens()}
     * @throws EmbeddingException {@code TOO_LONG} if a text is longer than the model reads and may not be cut,
     *                            {@code OVERLOADED} if too much is waiting, {@code TIMED_OUT}, or as the model fails
     */
    List<Embedding> embed(List<String> texts, Truncation truncation);

    /** {@link #embed(List, Truncation)}, refusing what is too long. */
    default List<Embedding> embed(List<String> texts) {
        return embed(texts, Truncation.NONE);
    }

    /** The number of tokens that the model reads of {@code text}, special tokens included, were there no limit. */
    int countTokens(String text);

    /** The vectors of single tokens, where the model gives them; servers of embeddings do not. */
    default Optional<TokenEmbeddings> tokens() {
        return Optional.empty();
    }

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
