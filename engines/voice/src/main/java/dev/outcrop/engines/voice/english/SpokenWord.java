package dev.outcrop.engines.voice.english;

/**
 * A word as it is said.
 *
 * @param text      the word, or one letter
 * @param spelled   whether it is the name of a letter, not a word
 */
public record SpokenWord(String text, boolean spelled) {
    static SpokenWord of(String word) {
        return new SpokenWord(word, false);
    }

    static SpokenWord letter(String letter) {
        return new SpokenWord(letter, true);
    }
}
