package dev.outcrop.engines.ocr;

import java.util.List;
import java.util.stream.Collectors;

/** Makes lines of words. */
final class Lines {
    private Lines() {}

    /** The line of {@code words}, at least one. */
    static Line of(List<Word> words, List<Point> polygon) {
        double sum = 0;
        int characters = 0;
        for (Word word : words) {
            sum += word.confidence() * word.text().length();
            characters += word.text().length();
        }
        return new Line(
                words.stream().map(Word::text).collect(Collectors.joining(" ")), words, polygon, sum / characters);
    }
}
