package dev.outcrop.engines.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words that stand before values on forms, from the resource {@code labels.txt}. */
final class Labels {
    private static final Pattern TIME = Pattern.compile("\\d{1,2}:");
    private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}#]+");
    private static final Set<String> KNOWN = read();

    private Labels() {}

    private static Set<String> read() {
        try (InputStream resource = Labels.class.getResourceAsStream("labels.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(resource, UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("//"))
                    .map(Labels::normalized)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Lower case, with single spaces in place of all marks. */
    static String normalized(String text) {
        return MARKS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }

    /** Whether a text is a label of forms, as a whole. */
    static boolean isKnown(String text) {
        return KNOWN.contains(normalized(text));
    }

    /** Whether a word ends a label: a colon that belongs to no time of day. */
    static boolean endsLabel(String word) {
        return word.endsWith(":") && word.length() > 1 && !TIME.matcher(word).matches();
    }

    /** Whether words are or end with a label. */
    static boolean isLabel(List<PlacedWord> words) {
        return endsLabel(words.getLast().text()) || isKnown(Segment.text(words));
    }

    /** Whether a label stands somewhere within. */
    static boolean hasLabel(List<PlacedWord> words) {
        return isKnown(Segment.text(words)) || words.stream().anyMatch(word -> endsLabel(word.text()));
    }
}
