package dev.outcrop.engines.guard;

import java.util.List;

/** Small numbers written as words. */
final class NumberWords {
    private static final List<String> WORDS = List.of(
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

    private NumberWords() {}

    /** The number of a lowered word, or -1. {@code one} is more often a pronoun, and none. */
    static int value(String word) {
        return switch (word) {
            case "one" -> -1;
            case "once" -> 1;
            case "twice" -> 2;
            default -> WORDS.indexOf(word);
        };
    }
}
