package dev.outcrop.engines.text.llama.decoding;

import java.util.List;
import java.util.Optional;

/**
 * Looks for the texts that end an answer, wherever tokens cut them: what may be the beginning of one is held back until
 * that is known.
 */
final class StopSequences {
    private final List<String> sequences;
    private final int longest;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> met = Optional.empty();

    StopSequences(List<String> sequences) {
        this.sequences =
                sequences.stream().filter(sequence -> !sequence.isEmpty()).toList();
        this.longest = this.sequences.stream().mapToInt(String::length).max().orElse(0);
    }

    /** The text that is certain to belong to the answer now. Not to be called once a sequence was met. */
    String accept(String text) {
        if (sequences.isEmpty()) {
            return text;
        }
        held.append(text);
        int first = held.length();
        for (String sequence : sequences) {
            int place = held.indexOf(sequence);
            if (place >= 0 && place < first) {
                first = place;
                met = Optional.of(sequence);
            }
        }
        return release(met.isPresent() ? first : held.length() - beginningAtEnd());
    }

    /** The sequence that ended the answer. */
    Optional<String> met() {
        return met;
    }

    /** What was held back, once nothing follows. */
    String finish() {
        return met.isPresent() ? "" : release(held.length());
    }

    private String release(int length) {
        String released = held.substring(0, length);
        held.delete(0, length);
        return released;
    }

    /** The length of the longest end of the text that some sequence begins with. */
    private int beginningAtEnd() {
        for (int length = Math.min(longest - 1, held.length()); length > 0; length--) {
            String end = held.substring(held.length() - length);
            for (String sequence : sequences) {
                if (sequence.startsWith(end)) {
                    return length;
                }
            }
        }
        return 0;
    }
}
