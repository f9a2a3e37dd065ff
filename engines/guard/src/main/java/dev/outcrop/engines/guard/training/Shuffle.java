package dev.outcrop.engines.guard.training;

import java.util.Random;

/** The order in which examples are shown. */
final class Shuffle {
    private Shuffle() {}

    static int[] order(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }

    static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
    }
}
