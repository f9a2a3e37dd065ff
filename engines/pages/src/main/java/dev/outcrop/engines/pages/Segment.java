package dev.outcrop.engines.pages;

import java.util.List;
import java.util.stream.Collectors;

/** Words of one row that no wide gap parts: a cell of a table, a label, a value. */
record Segment(List<PlacedWord> words, Box box) {
    Segment {
        words = List.copyOf(words);
    }

    static Segment of(List<PlacedWord> words) {
        return new Segment(words, Box.of(words));
    }

    String text() {
        return text(words);
    }

    static String text(List<PlacedWord> words) {
        return words.stream().map(PlacedWord::text).collect(Collectors.joining(" "));
    }

    /** The mean of the words' confidences, 0 to 1. */
    static double confidence(List<PlacedWord> words) {
        return words.stream().mapToDouble(PlacedWord::confidence).average().orElse(0);
    }
}
