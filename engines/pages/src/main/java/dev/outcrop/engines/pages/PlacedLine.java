package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Line;
import java.util.List;

/**
 * A line and where it stands.
 *
 * @param index its place among the lines of the sheet
 */
public record PlacedLine(Line line, Box box, List<PlacedWord> words, int index) {
    public PlacedLine {
        words = List.copyOf(words);
    }

    public String text() {
        return line.text();
    }
}
