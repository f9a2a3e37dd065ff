package dev.outcrop.engines.language.european;

import dev.outcrop.engines.language.KeyPhraseFinder.Phrase;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.SyntaxTagger.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the noun phrases of German and French texts: a noun with its article, adjectives and numbers before it, and in French
 * with the adjectives behind it; names with what joins them; dates by their form. Safe for concurrent use.
 */
public final class EuropeanPhrases {
    private static final Set<String> JOINS = Set.of("de", "du", "des", "d'", "d’");

    private final EuropeanTagger tagger;
    private final Pattern date;
    private final boolean adjectivesFollow;

    /**
     * A finder for a language.
     *
     * @param language one of {@link EuropeanTagger#languages}
     */
    public EuropeanPhrases(Language language) {
        tagger = EuropeanTagger.of(language);
        date = Forms.in(language).date();
        adjectivesFollow = language == Language.FRENCH;
    }

    /** The phrases of a text, in the order of their places; they do not overlap. */
    public List<Phrase> find(String text) {
        List<Tagged> words = tagger.tag(text);
        Matcher dates = date.matcher(text);
        List<Phrase> phrases = new ArrayList<>();
        int at = 0;
        while (dates.find()) {
            int before = at;
            while (at < words.size() && words.get(at).end() <= dates.start()) {
                at++;
            }
            add(text, words.subList(before, at), phrases);
            int first = at;
            while (at < words.size() && words.get(at).start() < dates.end()) {
                at++;
            }
            if (at > first) {
                phrases.add(new Phrase(dates.start(), dates.end(), score(words.subList(first, at))));
            }
        }
        add(text, words.subList(at, words.size()), phrases);
        return List.copyOf(phrases);
    }

    private void add(String text, List<Tagged> words, List<Phrase> phrases) {
        int at = 0;
        while (at < words.size()) {
            int end = end(text, words, at);
            if (end > at) {
                phrases.add(new Phrase(words.get(at).start(), words.get(end - 1).end(), score(words.subList(at, end))));
                at = end;
            } else {
                at++;
            }
        }
    }

    private static double score(List<Tagged> words) {
        return words.stream().mapToDouble(Tagged::score).average().orElse(0);
    }

    /** Where the phrase ends that begins at a word; the beginning if none does. */
    private int end(String text, List<Tagged> words, int from) {
        int end = from;
        for (int at = from; at < words.size(); at++) {
            boolean joined = at == from
                    || text.substring(words.get(at - 1).end(), words.get(at).start())
                                    .indexOf('\n')
                            < 0;
            boolean behindNoun = end == at && at > from;
            boolean goesOn = joined
                    && switch (words.get(at).tag()) {
                        case NOUN, PROPN -> true;
                        case NUM -> !behindNoun || isYear(text, words.get(at)) || isName(words, at - 1);
                        case DET -> at == from || words.get(at - 1).tag() == PartOfSpeech.DET;
                        case ADJ -> !behindNoun || adjectivesFollow;
                        case ADV ->
                            at > from
                                    && end == from
                                    && at + 1 < words.size()
                                    && words.get(at + 1).tag() == PartOfSpeech.ADJ;
                        case ADP ->
                            behindNoun
                                    && JOINS.contains(text.substring(
                                            words.get(at).start(), words.get(at).end()))
                                    && hasCapital(text, words, at - 1)
                                    && hasCapital(text, words, at + 1);
                        case SYM -> at > from;
                        case PUNCT -> hyphen(text, words, at) && behindNoun;
                        default -> false;
                    };
            if (!goesOn) {
                return end;
            }
            PartOfSpeech tag = words.get(at).tag();
            boolean amount = tag == PartOfSpeech.SYM && words.get(at - 1).tag() == PartOfSpeech.NUM;
            if (tag == PartOfSpeech.NOUN
                    || tag == PartOfSpeech.PROPN
                    || amount
                    || (behindNoun && (tag == PartOfSpeech.ADJ || tag == PartOfSpeech.NUM))) {
                end = at + 1;
            }
        }
        return end;
    }

    private static boolean hasCapital(String text, List<Tagged> words, int at) {
        return at < words.size()
                && Character.isUpperCase(text.charAt(words.get(at).start()));
    }

    private static boolean isName(List<Tagged> words, int at) {
        return words.get(at).tag() == PartOfSpeech.PROPN;
    }

    private static boolean isYear(String text, Tagged word) {
        return text.substring(word.start(), word.end()).matches("(?:1[5-9]|20)\\d\\d");
    }

    private static boolean hyphen(String text, List<Tagged> words, int at) {
        return text.startsWith("-", words.get(at).start())
                && at + 1 < words.size()
                && words.get(at - 1).end() == words.get(at).start()
                && words.get(at + 1).start() == words.get(at).end();
    }
}
