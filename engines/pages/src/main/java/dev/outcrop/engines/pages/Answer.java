package dev.outcrop.engines.pages;

import java.util.List;

/**
 * What a document says to a question.
 *
 * @param page       whose words they are, from 0 among the pages asked
 * @param words      at least one, except where the answer is whether something is ticked
 * @param confidence 0 to 1
 */
public record Answer(String text, int page, List<PlacedWord> words, Box box, double confidence) {
    public Answer {
        words = List.copyOf(words);
    }
}
