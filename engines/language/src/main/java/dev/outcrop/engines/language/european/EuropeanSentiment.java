package dev.outcrop.engines.language.european;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.language.SentimentScores;
import dev.outcrop.engines.language.WordTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells how a text feels by the pleasant and unpleasant words in it: a negation before a word turns it round, a word such as
 * <i>very</i> makes it stronger, and what follows a <i>but</i> counts more. Nothing is learned: there are no openly licensed
 * labelled texts for these languages. Safe for concurrent use.
 *
 * <p>After Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis", 2014; the lexicons are our own.
 */
public final class EuropeanSentiment {
    /** After so many words a negation is forgotten. */
    private static final int SCOPE = 4;

    private static final double NEGATED = -1;
    private static final double STRONGER = 1.4;
    private static final double AFTER_BUT = 1.5;
    private static final int SHORTEST_STEM = 2;

    private static final Map<Language, EuropeanSentiment> SHIPPED = new ConcurrentHashMap<>();

    private final Map<String, Integer> words = new HashMap<>();
    private final Map<String, Integer> stems = new HashMap<>();
    private final Set<String> negations = new HashSet<>();
    private final Set<String> intensifiers = new HashSet<>();
    private final Set<String> turns = new HashSet<>();

    private EuropeanSentiment(Language language) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                EuropeanSentiment.class.getResourceAsStream("sentiment-" + language.code() + ".txt"), UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classifier for a language; its lexicon is read when it is first asked for. */
    public static EuropeanSentiment of(Language language) {
        return SHIPPED.computeIfAbsent(language, EuropeanSentiment::new);
    }

    private void read(String line) {
        String[] entries = line.split(" ");
        for (int i = 1; i < entries.length; i++) {
            String word = entries[i];
            switch (entries[0]) {
                case "++" -> valence(word, 2);
                case "+" -> valence(word, 1);
                case "--" -> valence(word, -2);
                case "-" -> valence(word, -1);
                case "not" -> negations.add(word);
                case "very" -> intensifiers.add(word);
                case "but" -> turns.add(word);
                default -> throw new IllegalStateException("no such kind of word: " + entries[0]);
            }
        }
    }

    private void valence(String word, int valence) {
        if (word.endsWith("*")) {
            stems.putIfAbsent(word.substring(0, word.length() - 1), valence);
        } else {
            words.putIfAbsent(word, valence);
        }
    }

    /** How a text feels as a whole. */
    public SentimentScores classify(String text) {
        List<String> tokens = new ArrayList<>();
        for (WordTokens.Token token : WordTokens.of(text)) {
            String word = token.in(text).toLowerCase(Locale.ROOT).replace('’', '\'');
            int elision = word.indexOf('\'');
            tokens.add(elision > 0 && elision < word.length() - 1 ? word.substring(elision + 1) : word);
        }
        double pleasant = 0;
        double unpleasant = 0;
        double pleasantBefore = 0;
        double unpleasantBefore = 0;
        boolean turned = false;
        int negated = 0;
        boolean stronger = false;
        for (String word : tokens) {
            int valence = valence(word);
            double felt = valence * (stronger ? STRONGER : 1) * (negated > 0 ? NEGATED : 1) * (turned ? AFTER_BUT : 1);
            pleasant += Math.max(0, felt);
            unpleasant -= Math.min(0, felt);
            negated = Math.max(0, negated - 1);
            if (".;:!?,()".contains(word) || turns.contains(word)) {
                negated = 0;
            }
            if (turns.contains(word) && !turned) {
                turned = true;
                pleasantBefore = pleasant;
                unpleasantBefore = unpleasant;
            }
            if (negations.contains(word)) {
                negated = SCOPE;
            }
            stronger = intensifiers.contains(word);
        }
        boolean turns = turned
                && (pleasantBefore - unpleasantBefore) * (pleasant - pleasantBefore - unpleasant + unpleasantBefore)
                        < 0;
        return scores(pleasant, unpleasant, turns);
    }

    private static SentimentScores scores(double pleasant, double unpleasant, boolean turns) {
        double even = Math.min(pleasant, unpleasant) / Math.max(1e-9, Math.max(pleasant, unpleasant));
        double mixed = turns && even > 0.4 ? 0.6 : 0.25 * even * Math.min(1, Math.min(pleasant, unpleasant) / 2);
        double positive = Math.exp(1.2 * pleasant - 0.8 * unpleasant);
        double negative = Math.exp(1.2 * unpleasant - 0.8 * pleasant);
        double neutral = Math.exp(0.9);
        double sum = positive + negative + neutral;
        return new SentimentScores(
                (1 - mixed) * positive / sum, (1 - mixed) * negative / sum, (1 - mixed) * neutral / sum, mixed);
    }

    /** The valence of the word, or of the longest of its beginnings that has one. */
    private int valence(String word) {
        Integer whole = words.get(word);
        if (whole != null) {
            return whole;
        }
        for (int length = word.length(); length >= SHORTEST_STEM; length--) {
            Integer stem = stems.get(word.substring(0, length));
            if (stem != null) {
                return stem;
            }
        }
        return 0;
    }
}
