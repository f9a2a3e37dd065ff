package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Word;

/**
 * A word and where it stands.
 *
 * @param line the place of its line among those of the sheet
 */
public record PlacedWord(Word word, Box box, int line) {
    public String text() {
        return word.text();
    }

    double confidence() {
        return word.confidence();
    }
}
