package dev.outcrop.engines.ocr;

import java.util.List;

/**
 * A word: characters with no space between them.
 *
 * @param polygon     its four corners in the order of reading: upper left, upper right, lower right, lower left of the
 *                    word as it is read, on the upright page
 * @param confidence  0 to 1: the mean of the probabilities of its characters, 1 for words of a text layer
 * @param handwritten always false so far: nothing here tells handwriting from print
 */
public record Word(String text, List<Point> polygon, double confidence, boolean handwritten) {
    public Word {
        polygon = List.copyOf(polygon);
    }
}
