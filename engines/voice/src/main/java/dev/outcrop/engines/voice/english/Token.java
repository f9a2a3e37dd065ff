package dev.outcrop.engines.voice.english;

import java.util.List;

/** A piece of a text that is read aloud. */
public sealed interface Token {
    /** Where it begins in the text. */
    int start();

    /** Where it ends, exclusive. */
    int end();

    /**
     * Something that is said.
     *
     * @param words what is said for it; a comma among them is a short pause
     */
    record Words(int start, int end, List<SpokenWord> words) implements Token {}

    /**
     * Punctuation that is heard.
     *
     * @param mark one of {@code , ; : . ? !}
     * @param ends whether a sentence ends with it
     */
    record Stop(int start, int end, char mark, boolean ends) implements Token {}
}
