package dev.outcrop.engines.language.sentiment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How pleasant words are, and what turns that round.
 *
 * <p>Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis", 2014, for the valences.
 */
public final class Valences {
    private static final Map<String, Float> VALENCES = read();
    private static final Set<String> NEGATIONS = Set.of(
            "not",
            "no",
            "never",
            "n't",
            "n’t",
            "nothing",
            "nobody",
            "none",
            "nor",
            "neither",
            "without",
            "hardly",
            "barely",
            "scarcely",
            "rarely",
            "seldom",
            "lacks",
            "lack",
            "lacking",
            "cannot",
            "cant",
            "dont",
            "didnt",
            "doesnt",
            "isnt",
            "wasnt",
            "wont",
            "wouldnt",
            "couldnt",
            "shouldnt",
            "havent",
            "hasnt",
            "aint",
            "fails",
            "nowhere",
            "far");

    /** After so many words a negation is forgotten. */
    private static final int SCOPE = 5;

    private Valences() {}

    /** How pleasant a lowered word is, −4 to 4; 0 if that is not known. */
    public static float of(String word) {
        return VALENCES.getOrDefault(word, 0f);
    }

    /** The words that are known. */
    static Map<String, Float> all() {
        return VALENCES;
    }

    /** For each of the lowered words of a sentence, whether a negation before it reaches it. */
    public static boolean[] negated(List<String> words) {
        boolean[] negated = new boolean[words.size()];
        int left = 0;
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (",.;:!?()".contains(word) || word.equals("but")) {
                left = 0;
            }
            negated[at] = left > 0;
            left--;
            if (NEGATIONS.contains(word)) {
                left = SCOPE;
            }
        }
        return negated;
    }

    private static Map<String, Float> read() {
        try (InputStream stream = Valences.class.getResourceAsStream("valences.txt")) {
            Map<String, Float> valences = new HashMap<>();
            new String(stream.readAllBytes(), UTF_8).lines().skip(1).forEach(line -> {
                int space = line.lastIndexOf(' ');
                valences.put(line.substring(0, space), Float.parseFloat(line.substring(space + 1)));
            });
            return Map.copyOf(valences);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
