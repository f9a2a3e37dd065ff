package dev.outcrop.bench;

import java.util.Random;

/** Texts of any length that look like English to a tokenizer, the same for the same seed. */
final class RandomWords {
    private static final String[] WORDS =
            ("river stone winter engine paper garden window number forest letter bridge salt market copper morning "
                            + "village silver thunder harbor meadow candle orange mirror desert velvet island")
                    .split(" ");

    private RandomWords() {}

    static String of(Random random, int count) {
        StringBuilder words = new StringBuilder();
        for (int word = 0; word < count; word++) {
            words.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return words.toString();
    }
}
