package dev.outcrop.engines.voice.markup;

import java.util.stream.IntStream;

/**
 * A text, and where each of its characters stood in the document that it comes from.
 *
 * @param offsets a place a character, and one for the end
 */
public record SourceText(String text, int[] offsets) {
    /** A text that is a document of its own. */
    public static SourceText of(String text) {
        return new SourceText(text, IntStream.rangeClosed(0, text.length()).toArray());
    }

    /** The part from {@code begin} to {@code end}. */
    public SourceText part(int begin, int end) {
        return new SourceText(text.substring(begin, end), java.util.Arrays.copyOfRange(offsets, begin, end + 1));
    }
}
