package dev.outcrop.engines.text.llama.decoding;

import java.util.Arrays;

/** Tokens of a prompt and its answer, growing. */
final class TokenSequence {
    private int[] tokens;
    private int size;

    TokenSequence(int[] prompt) {
        tokens = Arrays.copyOf(prompt, prompt.length + 64);
        size = prompt.length;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return tokens[index];
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    int[] first(int count) {
        return Arrays.copyOf(tokens, count);
    }

    /** How many tokens this and another begin with in common, of this one's first {@code limit}. */
    int common(int[] other, int limit) {
        int length = Math.min(Math.min(size, limit), other.length);
        int mismatch = Arrays.mismatch(tokens, 0, length, other, 0, length);
        return mismatch < 0 ? length : mismatch;
    }

    /** How many tokens this and another begin with in common, of this one's first {@code limit}. */
    int common(TokenSequence other, int limit) {
        int length = Math.min(Math.min(size, limit), other.size);
        int mismatch = Arrays.mismatch(tokens, 0, length, other.tokens, 0, length);
        return mismatch < 0 ? length : mismatch;
    }
}
