package dev.outcrop.engines.embedding;

/** A way to cut plain text into the tokens of a vocabulary. Safe for concurrent use. */
interface TokenModel {
    /**
     * Adds the ids of a text that has no special tokens.
     *
     * @param first whether nothing stands before it
     */
    void encode(String text, boolean first, TokenIds ids);
}
