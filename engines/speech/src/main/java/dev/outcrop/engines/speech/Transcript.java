package dev.outcrop.engines.speech;

import java.util.List;

/**
 * What was said. Times are seconds from the beginning of the sound.
 *
 * @param language code of the language that was spoken; empty where nothing was said and none was asked for
 * @param segments in order of time
 */
public record Transcript(String language, List<Segment> segments) {
    public Transcript {
        segments = List.copyOf(segments);
    }

    /** All of the text, on one line. */
    public String text() {
        return String.join(" ", segments.stream().map(Segment::text).toList());
    }

    /**
     * A stretch of speech, such as a sentence.
     *
     * @param words        as written, punctuation clinging to the word before it
     * @param alternatives other readings of the stretch, most probable first, without the one that {@code words} is
     */
    public record Segment(double start, double end, List<RecognizedWord> words, List<Alternative> alternatives) {
        public Segment {
            words = List.copyOf(words);
            alternatives = List.copyOf(alternatives);
        }

        /** The words with what stands between them. */
        public String text() {
            return Transcript.text(words);
        }
    }

    /**
     * Another reading.
     *
     * @param confidence 0 to 1, the mean of its tokens' probabilities
     */
    public record Alternative(List<RecognizedWord> words, double confidence) {
        public Alternative {
            words = List.copyOf(words);
        }

        /** The words with what stands between them. */
        public String text() {
            return Transcript.text(words);
        }
    }

    /**
     * A word.
     *
     * @param text       with its punctuation, without surrounding spaces
     * @param spaced     whether a space stands before it; words of Chinese, Japanese and others have none
     * @param confidence 0 to 1, the mean of its tokens' probabilities
     */
    public record RecognizedWord(String text, boolean spaced, double start, double end, double confidence) {}

    private static String text(List<RecognizedWord> words) {
        StringBuilder text = new StringBuilder();
        for (RecognizedWord word : words) {
            if (word.spaced() && !text.isEmpty()) {
                text.append(' ');
            }
            text.append(word.text());
        }
        return text.toString();
    }
}
