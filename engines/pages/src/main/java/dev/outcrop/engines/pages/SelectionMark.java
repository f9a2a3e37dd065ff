package dev.outcrop.engines.pages;

import java.util.List;

/**
 * A box to tick.
 *
 * @param selected   whether it is ticked
 * @param words      what of the text it is, where it was read as such; else empty
 * @param confidence 0 to 1
 */
public record SelectionMark(Box box, boolean selected, List<PlacedWord> words, double confidence) {
    public SelectionMark {
        words = List.copyOf(words);
    }
}
