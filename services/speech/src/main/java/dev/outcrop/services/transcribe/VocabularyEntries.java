package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a custom vocabulary says: phrases to recognise, and how they are written. The columns SoundsLike and IPA are read
 * and have no effect, as AWS has it, too.
 *
 * <p>Source: "Creating a custom vocabulary using a table" and "using a list" of the Amazon Transcribe developer guide.
 */
public final class VocabularyEntries {
    private static final int LONGEST_ENTRY = 256;
    private static final Set<String> COLUMNS = Set.of("phrase", "soundslike", "ipa", "displayas");

    /** A phrase, its words apart by hyphens, and how it is to be written. */
    private record Entry(String phrase, Optional<String> displayAs) {
        String written() {
            return displayAs.orElseGet(
                    () -> phrase.replace(".-", " ").replace('-', ' ').replace(".", ""));
        }

        List<String> words() {
            return normal(phrase.replace('-', ' '));
        }
    }

    /** Nothing. */
    public static final VocabularyEntries NONE = new VocabularyEntries(List.of());

    private final List<Entry> entries;
    private final Map<String, List<Entry>> byFirstWord = new HashMap<>();

    private VocabularyEntries(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        for (Entry entry : entries) {
            List<String> words = entry.words();
            if (!words.isEmpty()) {
                byFirstWord
                        .computeIfAbsent(words.getFirst(), _ -> new ArrayList<>())
                        .add(entry);
            }
        }
    }

    /** A table cannot be read. */
    static final class MalformedVocabularyException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedVocabularyException(String message) {
            super(message);
        }
    }

    /**
     * The entries of a file: a table with a head, its columns apart by tabs, or a phrase a line.
     *
     * @throws MalformedVocabularyException if it is neither
     */
    static VocabularyEntries read(String text) throws MalformedVocabularyException {
        String[] lines = text.replace("\uFEFF", "").split("\r\n|\r|\n");
        List<String> head = Arrays.stream(lines[0].split("\t", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        boolean table = head.contains("phrase");
        if (table && !COLUMNS.containsAll(head)) {
            throw new MalformedVocabularyException(
                    "The vocabulary table's columns must be Phrase, SoundsLike, IPA and DisplayAs.");
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = table ? 1 : 0; i < lines.length; i++) {
            if (lines[i].isBlank()) {
                continue;
            }
            String[] cells = table ? lines[i].split("\t", -1) : new String[] {lines[i].strip()};
            if (table && cells.length > head.size()) {
                throw malformed(i, "has more columns than the head of the table");
            }
            String phrase = cell(cells, table ? head.indexOf("phrase") : 0);
            check(i, phrase);
            Optional<String> display = Optional.of(cell(cells, table ? head.indexOf("displayas") : -1))
                    .filter(value -> !value.isEmpty());
            if (display.filter(value -> value.length() > LONGEST_ENTRY).isPresent()) {
                throw malformed(i, "is longer than " + LONGEST_ENTRY + " characters");
            }
            if (seen.add(phrase)) {
                entries.add(new Entry(phrase, display));
            }
        }
        if (entries.isEmpty()) {
            throw new MalformedVocabularyException("The vocabulary has no phrases.");
        }
        return new VocabularyEntries(entries);
    }

    private static String cell(String[] cells, int column) {
        return column < 0 || column >= cells.length ? "" : cells[column].strip();
    }

    private static void check(int line, String phrase) throws MalformedVocabularyException {
        if (phrase.isEmpty()) {
            throw malformed(line, "has no phrase");
        }
        if (phrase.length() > LONGEST_ENTRY) {
            throw malformed(line, "is longer than " + LONGEST_ENTRY + " characters");
        }
        if (phrase.chars().anyMatch(Character::isWhitespace)) {
            throw malformed(line, "has a phrase with spaces; separate words with hyphens");
        }
        if (phrase.chars().anyMatch(Character::isDigit)) {
            throw malformed(line, "has a phrase with digits; spell numbers out");
        }
        if (phrase.chars().noneMatch(Character::isLetter)) {
            throw malformed(line, "has a phrase without letters");
        }
    }

    private static MalformedVocabularyException malformed(int line, String what) {
        return new MalformedVocabularyException("Line " + (line + 1) + " of the vocabulary " + what + ".");
    }

    /** What recognition is to prefer. */
    public List<BoostedPhrase> boosted() {
        return entries.stream().map(entry -> BoostedPhrase.of(entry.written())).toList();
    }

    /** Writes what was recognised as the vocabulary has it. */
    public List<Item> applied(List<Item> items) {
        if (byFirstWord.isEmpty()) {
            return items;
        }
        List<Item> written = new ArrayList<>();
        int at = 0;
        while (at < items.size()) {
            Optional<Found> found = longest(items, at);
            if (found.isPresent()) {
                Item first = items.get(at);
                Item last = items.get(at + found.get().length() - 1);
                double confidence = items.subList(at, at + found.get().length()).stream()
                        .mapToDouble(Item::confidence)
                        .average()
                        .orElse(0);
                written.add(new Item(
                        false,
                        found.get().entry().written(),
                        first.spaced(),
                        first.start(),
                        last.end(),
                        confidence,
                        false,
                        -1));
                at += found.get().length();
            } else {
                written.add(items.get(at));
                at++;
            }
        }
        return written;
    }

    private record Found(Entry entry, int length) {}

    private Optional<Found> longest(List<Item> items, int at) {
        if (items.get(at).punctuation()) {
            return Optional.empty();
        }
        List<String> first = normal(items.get(at).content());
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Found best = null;
        for (Entry entry : byFirstWord.getOrDefault(first.getFirst(), List.of())) {
            int length = matches(entry.words(), items, at);
            if (length > 0 && (best == null || length > best.length())) {
                best = new Found(entry, length);
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many items the words are; 0 if they are not there. */
    private static int matches(List<String> words, List<Item> items, int from) {
        int word = 0;
        int at = from;
        while (word < words.size()) {
            if (at >= items.size() || items.get(at).punctuation()) {
                return 0;
            }
            List<String> parts = normal(items.get(at).content());
            if (parts.isEmpty()
                    || word + parts.size() > words.size()
                    || !words.subList(word, word + parts.size()).equals(parts)) {
                return 0;
            }
            word += parts.size();
            at++;
        }
        return at - from;
    }

    private static List<String> normal(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT)
                        .replace('-', ' ')
                        .replace(".", "")
                        .split(" "))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
