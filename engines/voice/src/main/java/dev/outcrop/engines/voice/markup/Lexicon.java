package dev.outcrop.engines.voice.markup;

import dev.outcrop.engines.voice.Phone;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Words, and what is said for them.
 *
 * @param language what it is for, such as {@code en-US}
 * @param alphabet of its sounds, {@code ipa} or {@code x-sampa}
 * @param entries  by what is written, as it is written
 * @param lexemes  how many entries the document has; one may be written in several ways
 */
public record Lexicon(String language, String alphabet, Map<String, Entry> entries, int lexemes) {
    private static final int LONGEST = 100;

    public Lexicon {
        entries = Map.copyOf(entries);
    }

    /** What is said. */
    public sealed interface Entry {}

    /** These words. */
    public record Alias(String words) implements Entry {}

    /** These sounds. */
    public record Sounds(List<Phone> phones) implements Entry {
        public Sounds {
            phones = List.copyOf(phones);
        }
    }

    /**
     * Reads a lexicon.
     *
     * <p>Source: "Pronunciation Lexicon Specification (PLS) Version 1.0", W3C; "Managing lexicons" of the Amazon Polly
     * developer guide for the limit of 100 characters for what an entry says.
     *
     * @throws MarkupException {@code INVALID} if it is none, {@code ALPHABET} or {@code ENTRY_TOO_LONG}
     */
    public static Lexicon read(String document) {
        Xml.Element root = Xml.read(document);
        String language = root.attributes().getOrDefault("xml:lang", "");
        if (!root.name().equals("lexicon") || language.isBlank()) {
            throw invalid("the root element must be <lexicon> with xml:lang");
        }
        String alphabet = root.attributes().getOrDefault("alphabet", "").toLowerCase(Locale.ROOT);
        if (!alphabet.equals("ipa") && !alphabet.equals("x-sampa")) {
            throw new MarkupException(
                    MarkupException.Category.ALPHABET, "the alphabet " + alphabet + " is not supported");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        int lexemes = 0;
        for (Xml.Element element : root.elements()) {
            switch (element.name()) {
                case "lexeme" -> {
                    lexemes++;
                    read(element, alphabet, entries);
                }
                case "meta", "metadata" -> {
                    // About the lexicon, not of it.
                }
                default -> throw invalid("<" + element.name() + "> is no element of a lexicon");
            }
        }
        return new Lexicon(language, alphabet, entries, lexemes);
    }

    private static void read(Xml.Element lexeme, String alphabet, Map<String, Entry> entries) {
        Entry entry = null;
        int written = 0;
        for (Xml.Element element : lexeme.elements()) {
            String text = element.characters().strip();
            if (text.isEmpty() && !element.name().equals("example")) {
                throw invalid("<" + element.name() + "> is empty");
            }
            switch (element.name()) {
                case "grapheme" -> written++;
                case "alias", "phoneme" -> {
                    if (text.codePointCount(0, text.length()) > LONGEST) {
                        throw new MarkupException(
                                MarkupException.Category.ENTRY_TOO_LONG,
                                "what a lexeme says may have " + LONGEST + " characters");
                    }
                    Entry said = element.name().equals("alias")
                            ? new Alias(text)
                            : new Sounds(Ssml.sounds(element.attributes().getOrDefault("alphabet", alphabet), text)
                                    .orElseThrow(() -> invalid("\"" + text + "\" is no transcription")));
                    entry = entry == null || "true".equals(element.attributes().get("prefer")) ? said : entry;
                }
                case "example" -> {
                    // For people.
                }
                default -> throw invalid("<" + element.name() + "> is no element of a lexeme");
            }
        }
        if (written == 0 || entry == null) {
            throw invalid("a lexeme needs a grapheme, and a phoneme or an alias");
        }
        for (Xml.Element element : lexeme.elements()) {
            if (element.name().equals("grapheme")) {
                entries.putIfAbsent(element.characters().strip(), entry);
            }
        }
    }

    private static MarkupException invalid(String message) {
        return new MarkupException(MarkupException.Category.INVALID, message);
    }
}
