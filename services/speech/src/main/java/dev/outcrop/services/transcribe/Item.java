package dev.outcrop.services.transcribe;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, or a mark of punctuation, of a transcript.
 *
 * @param punctuation whether it is a mark; marks have no times of their own
 * @param spaced      whether a space stands before it
 * @param start       seconds from the beginning
 * @param filtered    whether the vocabulary filter found it
 * @param redaction   how sure it is that personal data stood here, 0 to 1; −1 where none did
 */
public record Item(
        boolean punctuation,
        String content,
        boolean spaced,
        double start,
        double end,
        double confidence,
        boolean filtered,
        double redaction) {
    private static final String MARKS = ".,?!;:。，、？！；：।؟،…";
    private static final String OPENING = "\"'“”‘([{«¿¡-–—";
    private static final String CLOSING = "\"“”’)]}»-–—";

    /** The word, and the marks behind it, of what a model wrote as one; quotation marks and brackets are left out. */
    public static List<Item> of(String written, boolean spaced, double start, double end, double confidence) {
        int from = 0;
        int to = written.length();
        while (from < to && OPENING.indexOf(written.charAt(from)) >= 0) {
            from++;
        }
        StringBuilder marks = new StringBuilder();
        while (to > from && (MARKS + CLOSING).indexOf(written.charAt(to - 1)) >= 0) {
            to--;
            if (MARKS.indexOf(written.charAt(to)) >= 0) {
                marks.insert(0, written.charAt(to));
            }
        }
        List<Item> items = new ArrayList<>();
        if (to > from) {
            items.add(new Item(false, written.substring(from, to), spaced, start, end, confidence, false, -1));
        }
        if (!marks.isEmpty()) {
            // Of "..." and "?!" the first says enough, as AWS writes one mark at a time.
            items.add(new Item(true, marks.substring(0, 1), false, end, end, 0, false, -1));
        }
        return items;
    }

    /** The same with another content. */
    public Item with(String other) {
        return new Item(punctuation, other, spaced, start, end, confidence, filtered, redaction);
    }

    /** The same, found by a vocabulary filter. */
    public Item found() {
        return new Item(punctuation, content, spaced, start, end, confidence, true, redaction);
    }

    /** The same, later. */
    Item later(double seconds) {
        return new Item(punctuation, content, spaced, start + seconds, end + seconds, confidence, filtered, redaction);
    }

    /** The text of items. */
    public static String text(List<Item> items) {
        StringBuilder text = new StringBuilder();
        for (Item item : items) {
            if (item.spaced() && !item.punctuation() && !text.isEmpty()) {
                text.append(' ');
            }
            text.append(item.content());
        }
        return text.toString();
    }
}
