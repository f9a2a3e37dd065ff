package dev.outcrop.engines.language.european;

import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.EntityFinder.Entity;
import dev.outcrop.engines.language.EntityType;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.Sentences;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.WordTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds entities in the languages of {@link Language}. Dates and amounts are found by their form ({@link Forms}). A name is a
 * run of words with capitals; what it names is told by known names and places ({@link Gazetteer}) and by the words in it and
 * before it ({@link NameRules}); in German, whose nouns all have capitals, the tagger says which words are names. Works,
 * products and events are not told from other names. Scores are the precision on the marked sentences ({@code
 * LanguageFigures}). Safe for concurrent use.
 */
public final class EuropeanEntityFinder {
    /** Which part of the findings of a type is right on the marked sentences of all languages together. */
    static final Map<EntityType, Double> PRECISIONS = Map.of(
            EntityType.PERSON, 0.92,
            EntityType.LOCATION, 0.935,
            EntityType.ORGANIZATION, 0.88,
            EntityType.OTHER, 0.33,
            EntityType.DATE, 0.945,
            EntityType.QUANTITY, 0.965);

    private static final Pattern ELISION =
            Pattern.compile("(?i)(?:[ldjmtsncv]|qu|dell|nell|all|dall|sull|un|c)['’](?=\\p{L})");

    private static final Set<String> ANDS = Set.of("und", "y", "e", "et", "ed");

    private final Language language;
    private final NameRules rules;
    private final Gazetteer known = Gazetteer.shipped();

    /** A finder for a language. */
    public EuropeanEntityFinder(Language language) {
        this.language = language;
        rules = NameRules.in(language);
    }

    /** A word of a sentence. */
    private record Word(int start, int end, String text, boolean name) {
        String lowered() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    /** The entities of a text, in the order of their places; they do not overlap. */
    public List<Entity> find(String text) {
        List<Entity> found = new ArrayList<>();
        Forms forms = Forms.in(language);
        match(forms.date(), text, EntityType.DATE, found);
        match(forms.quantity(), text, EntityType.QUANTITY, found);
        Set<Integer> proper = language == Language.GERMAN ? properNouns(text) : Set.of();
        for (Sentences.Sentence sentence : Sentences.of(text)) {
            names(text, words(text, sentence, proper), found);
        }
        return apart(found);
    }

    private static void match(Pattern pattern, String text, EntityType type, List<Entity> found) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(new Entity(matcher.start(), matcher.end(), type, PRECISIONS.get(type)));
        }
    }

    private static Set<Integer> properNouns(String text) {
        Set<Integer> proper = new HashSet<>();
        for (SyntaxTagger.Tagged word : EuropeanTagger.of(Language.GERMAN).tag(text)) {
            if (word.tag() == PartOfSpeech.PROPN) {
                proper.add(word.start());
            }
        }
        return proper;
    }

    private List<Word> words(String text, Sentences.Sentence sentence, Set<Integer> proper) {
        List<Word> words = new ArrayList<>();
        for (WordTokens.Token token : WordTokens.of(text, sentence.start(), sentence.end())) {
            int start = token.start();
            Matcher elision = ELISION.matcher(text).region(start, token.end());
            if (elision.lookingAt()) {
                words.add(new Word(start, elision.end(), text.substring(start, elision.end()), false));
                start = elision.end();
            }
            String word = text.substring(start, token.end());
            boolean capital =
                    Character.isUpperCase(word.codePointAt(0)) && word.chars().anyMatch(Character::isLetter);
            boolean first =
                    words.stream().noneMatch(before -> before.text().chars().anyMatch(Character::isLetter));
            boolean name = capital && !(first && rules.openers().contains(word)) && !mayBegin(word, first);
            if (language == Language.GERMAN) {
                name = name
                        && (proper.contains(start)
                                || rules.organizations().contains(word)
                                || known.isOrganization(word)
                                || known.isFirstName(word));
            }
            words.add(new Word(start, token.end(), word, name));
        }
        return words;
    }

    /** The first word of a sentence has a capital anyway: it is a name only if it is known as one. */
    private boolean mayBegin(String word, boolean first) {
        return first && !isKnown(word) && !rules.organizations().contains(word) && !isAcronym(word);
    }

    private boolean isKnown(String word) {
        return known.isFirstName(word) || known.isPlace(word) || known.isOrganization(word);
    }

    private static boolean isAcronym(String word) {
        return word.matches("\\p{Lu}{2,6}");
    }

    private void names(String text, List<Word> words, List<Entity> found) {
        int at = 0;
        while (at < words.size()) {
            if (!words.get(at).name() || rules.titles().contains(words.get(at).lowered())) {
                at++;
                continue;
            }
            int end = end(text, words, at);
            add(text, words, at, end, found);
            at = end;
        }
    }

    /** Behind the last word of the name that begins with a word. */
    private int end(String text, List<Word> words, int from) {
        int end = from + 1;
        int at = end;
        while (at < words.size() && at < from + 8) {
            Word word = words.get(at);
            boolean near = text.substring(words.get(at - 1).end(), word.start()).isBlank();
            if (near && word.name()) {
                end = at + 1;
            } else if (!near
                    || !(rules.joins().contains(word.text())
                            || word.text().equals("&")
                            || word.text().equals("-"))) {
                return end;
            }
            at++;
        }
        return end;
    }

    private void add(String text, List<Word> words, int from, int to, List<Entity> found) {
        EntityType type = type(text, words, from, to);
        // What a small word joins may be two names: "Anna y Pedro", "Mercedes und BMW".
        for (int at = from + 1; at < to - 1 && type != EntityType.ORGANIZATION; at++) {
            boolean and = ANDS.contains(words.get(at).text());
            boolean of = rules.joins().contains(words.get(at).text())
                    && !and
                    && !known.isPlace(text.substring(
                            words.get(from).start(), words.get(to - 1).end()))
                    && (known.isPlace(words.get(at - 1).text())
                            || known.isPlace(words.get(to - 1).text()))
                    && !known.isFirstName(words.get(from).text());
            if (and || of) {
                add(text, words, from, at, found);
                int next = at + 1;
                while (next < to && !words.get(next).name()) {
                    next++;
                }
                if (next < to) {
                    add(text, words, next, to, found);
                }
                return;
            }
        }
        found.add(new Entity(words.get(from).start(), words.get(to - 1).end(), type, PRECISIONS.get(type)));
    }

    private EntityType type(String text, List<Word> words, int from, int to) {
        String name = text.substring(words.get(from).start(), words.get(to - 1).end());
        String first = words.get(from).text();
        String before = from > 0 ? words.get(from - 1).lowered() : "";
        String earlier = from > 1 ? words.get(from - 2).lowered() : "";
        if (rules.titles().contains(before)
                || (before.equals(".") && rules.titles().contains(earlier + "."))) {
            return EntityType.PERSON;
        }
        if (known.isOrganization(name)) {
            return EntityType.ORGANIZATION;
        }
        for (int at = from; at < to; at++) {
            if (rules.organizations().contains(words.get(at).text())) {
                return EntityType.ORGANIZATION;
            }
        }
        if (known.isPlace(name)) {
            return EntityType.LOCATION;
        }
        if (rules.kinds().contains(before) || rules.kinds().contains(earlier)) {
            return EntityType.ORGANIZATION;
        }
        if (known.isFirstName(first) && (to - from > 1 || !rules.prepositions().contains(before))) {
            return EntityType.PERSON;
        }
        if (to - from == 1 && isAcronym(first)) {
            return EntityType.ORGANIZATION;
        }
        if (to - from > 1 && known.isFamilyName(words.get(to - 1).text())) {
            return EntityType.PERSON;
        }
        if (rules.prepositions().contains(before)) {
            return EntityType.LOCATION;
        }
        if (to - from == 1 && known.isFamilyName(first)) {
            return EntityType.PERSON;
        }
        return to - from == 1 ? EntityType.ORGANIZATION : EntityType.OTHER;
    }

    /** Of overlapping entities the longest; dates and amounts before names, since they are told by more than a capital. */
    private static List<Entity> apart(List<Entity> found) {
        return EntityFinder.apart(
                found,
                Comparator.comparing((Entity entity) -> entity.type() != EntityType.DATE)
                        .thenComparing(entity -> entity.type() != EntityType.QUANTITY));
    }
}
