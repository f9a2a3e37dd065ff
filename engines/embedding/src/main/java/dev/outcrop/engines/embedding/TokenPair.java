package dev.outcrop.engines.embedding;

/**
 * Two texts as one sequence of tokens, which a model reads together.
 *
 * @param ids   the tokens, special ones included
 * @param types of each token: 0 where it belongs to the first text, 1 where to the second
 */
record TokenPair(int[] ids, int[] types) {}
