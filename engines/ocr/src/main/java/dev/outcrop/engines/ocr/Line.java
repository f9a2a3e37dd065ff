package dev.outcrop.engines.ocr;

import java.util.List;

/**
 * Words that stand next to one another on one baseline; a wide gap, as between columns, ends a line.
 *
 * @param text       the words, one space between each two
 * @param words      at least one, in the order of reading
 * @param polygon    the four corners, as of a {@link Word}
 * @param confidence the mean of the words' confidences, each as often as it has characters
 */
public record Line(String text, List<Word> words, List<Point> polygon, double confidence) {
    public Line {
        words = List.copyOf(words);
        polygon = List.copyOf(polygon);
    }
}
