package dev.outcrop.engines.ocr.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many words of pages were read, wherever on the page: the same letters in the same case. */
public final class WordScores {
    private int wanted;
    private int found;
    private int right;

    /** Counts one page. */
    public void add(List<String> words, List<String> read) {
        Map<String, Integer> left = new HashMap<>();
        words.forEach(word -> left.merge(word, 1, Integer::sum));
        for (String word : read) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                right++;
            }
        }
        wanted += words.size();
        found += read.size();
    }

    public double recall() {
        return (double) right / wanted;
    }

    public double precision() {
        return (double) right / found;
    }
}
