package dev.outcrop.engines.voice.markup;

import dev.outcrop.engines.voice.Phone;
import java.time.Duration;
import java.util.List;

/**
 * What is to be said.
 *
 * @param source the document, which offsets are of
 */
public record Speech(String source, List<Part> parts) {
    public Speech {
        parts = List.copyOf(parts);
    }

    /** A plain text. */
    public static Speech of(String text) {
        return new Speech(text, List.of(new Said(SourceText.of(text), Style.USUAL, new Reading.Plain())));
    }

    /** One after the other. */
    public sealed interface Part {}

    /** A text. */
    public record Said(SourceText text, Style style, Reading reading) implements Part {}

    /** Silence that a tag from {@code start} to {@code end} asks for. */
    public record Pause(int start, int end, Duration length) implements Part {}

    /** A place with a name. */
    public record Bookmark(int start, int end, String name) implements Part {}

    /** The end of a sentence, and perhaps of a paragraph. */
    public record Boundary(boolean paragraph) implements Part {}

    /** How a text is read. */
    public sealed interface Reading {
        /** As it stands. */
        record Plain() implements Reading {}

        /** Something else is said. */
        record Substitute(String alias) implements Reading {}

        /** By these sounds. */
        record Sounds(List<Phone> phones) implements Reading {
            public Sounds {
                phones = List.copyOf(phones);
            }
        }

        /** As a word of some kind. */
        record Role(String role) implements Reading {}

        /**
         * As something of a kind, such as {@code date}.
         *
         * @param format of a date, or nothing
         */
        record Kind(String kind, String format) implements Reading {}
    }
}
