package dev.outcrop.engines.embedding;

import java.util.Arrays;

/** Token ids of a text while it is being cut. */
final class TokenIds {
    private int[] values = new int[64];
    private int size;

    void add(int id) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = id;
    }

    void addAll(int[] ids) {
        for (int id : ids) {
            add(id);
        }
    }

    int size() {
        return size;
    }

    /** Drops all but the first {@code length}. */
    void cutTo(int length) {
        size = length;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
