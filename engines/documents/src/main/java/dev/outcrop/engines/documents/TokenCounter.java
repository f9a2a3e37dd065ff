package dev.outcrop.engines.documents;

/**
 * Counts the tokens of a text, special tokens not included. A chunk's tokens are the sum of its pieces' (sentences,
 * rows), so a counter's error on a piece is a chunk's error.
 */
@FunctionalInterface
public interface TokenCounter {
    /**
     * Counts without a vocabulary: a word of up to six letters is a token, a longer one one more for each four letters
     * begun, digits go by threes, every other sign and every letter of a script without spaces between words is one.
     */
    TokenCounter APPROXIMATE = new ApproximateTokens();

    /** The number of tokens of {@code text}. */
    int count(String text);
}
