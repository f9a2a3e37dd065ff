package dev.outcrop.engines.ocr;

import java.util.List;

/**
 * What the recogniser saw on a line: its characters but for spaces, and what lies between each two of them.
 *
 * @param glyphs     from left to right
 * @param gaps       one less than glyphs
 * @param left       where ink begins, as a share of the line's width
 * @param right      where it ends
 * @param confidence the mean of the characters' probabilities, 0 if there are none
 */
record LineReading(List<Glyph> glyphs, List<Gap> gaps, double left, double right, double confidence) {
    /**
     * A character.
     *
     * @param spaced      whether its writing separates words by spaces, as Chinese's does not
     * @param probability of it at its clearest
     */
    record Glyph(String text, boolean spaced, double probability) {}

    /**
     * What lies between the middles of two characters.
     *
     * @param space      the highest probability of a space that the recogniser gave
     * @param distance   between the middles, in heights of the line
     * @param clear      the widest part without ink, in heights of the line
     * @param clearLeft  where that part begins, as a share of the line's width
     * @param clearRight where it ends
     */
    record Gap(double space, double distance, double clear, double clearLeft, double clearRight) {}
}
