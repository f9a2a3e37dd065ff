package dev.outcrop.services.transcribe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.transcribe.model.VocabularyFilterMethod;

/**
 * The words of a vocabulary filter. Whole words are found, whatever their case.
 *
 * <p>Source: "Using custom vocabulary filters to delete, mask, or flag words" of the Amazon Transcribe developer guide.
 */
public final class FilterWords {
    private static final String MASK = "***";

    private final Set<String> words;

    FilterWords(Collection<String> words) {
        this.words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** The words of a file, one a line. */
    static FilterWords read(String text) {
        return new FilterWords(lines(text));
    }

    static List<String> lines(String text) {
        return Arrays.stream(text.replace("\uFEFF", "").split("\r\n|\r|\n"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** The items with the words removed, masked or tagged. */
    public List<Item> applied(List<Item> items, VocabularyFilterMethod method) {
        List<Item> kept = new ArrayList<>();
        for (Item item : items) {
            if (item.punctuation() || !words.contains(item.content().toLowerCase(Locale.ROOT))) {
                kept.add(item);
            } else if (method == VocabularyFilterMethod.MASK) {
                kept.add(item.with(MASK));
            } else if (method == VocabularyFilterMethod.TAG) {
                kept.add(item.found());
            }
        }
        return kept;
    }
}
