package dev.outcrop.engines.voice.english;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Guesses how a word that no dictionary has is pronounced, by a model of pairs of a letter and its sounds: the likeliest
 * sequence of pairs whose letters spell the word, where a pair depends on the five before it.
 *
 * <p>Trained on CMU's dictionary by {@link dev.outcrop.engines.voice.english.training.PronunciationRecipe}, which prints
 * its errors on words that it did not see.
 *
 * <p>Source: Bisani and Ney, "Joint-sequence models for grapheme-to-phoneme conversion", 2008, with pairs of one letter;
 * Kneser and Ney, "Improved backing-off for m-gram language modeling", 1995. A word of n letters costs O(n) for a beam of
 * fixed width.
 */
public final class LetterToSound {
    private static final String RESOURCE = "letter-to-sound.bin.gz";
    private static final int BEAM = 32;
    private static final int LONGEST_WORD = 64;
    private static final double DISCOUNT = .8;
    private static final double FLOOR = 1e-7;

    /** The pair that stands at the begin and at the end of a word. */
    static final int BOUNDARY = 0;

    private final int order;
    private final String[] sounds;
    private final Map<Character, int[]> pairsOf;
    private final int[] childStart;
    private final int[] pair;
    private final int[] count;
    private final int[] total;
    private final int rootEnd;

    private LetterToSound(DataInputStream in) throws IOException {
        order = in.readInt();
        int pairs = in.readInt();
        sounds = new String[pairs];
        Map<Character, List<Integer>> byLetter = new HashMap<>();
        for (int i = 0; i < pairs; i++) {
            char letter = in.readChar();
            sounds[i] = in.readUTF();
            if (i != BOUNDARY) {
                byLetter.computeIfAbsent(letter, _ -> new ArrayList<>()).add(i);
            }
        }
        pairsOf = new HashMap<>();
        byLetter.forEach((letter, all) ->
                pairsOf.put(letter, all.stream().mapToInt(Integer::intValue).toArray()));
        // Level by level: the children of a node lie beside each other, sorted by pair.
        int nodes = in.readInt();
        pair = new int[nodes];
        count = new int[nodes];
        childStart = new int[nodes + 1];
        total = new int[nodes];
        rootEnd = in.readInt();
        int next = rootEnd;
        for (int i = 0; i < nodes; i++) {
            pair[i] = number(in);
            count[i] = number(in);
            childStart[i] = next;
            next += number(in);
        }
        childStart[nodes] = next;
        for (int i = 0; i < nodes; i++) {
            for (int child = childStart[i]; child < childStart[i + 1]; child++) {
                total[i] += count[child];
            }
        }
    }

    /** The model that comes with the engine. */
    public static LetterToSound shipped() {
        try (InputStream resource = LetterToSound.class.getResourceAsStream(RESOURCE)) {
            return read(resource);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Reads a model as {@code PronunciationRecipe} writes it. */
    public static LetterToSound read(InputStream compressed) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(compressed)))) {
            return new LetterToSound(in);
        }
    }

    private static int number(DataInputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int one = in.readUnsignedByte();
            value |= (one & 0x7F) << shift;
            if (one < 0x80) {
                return value;
            }
        }
    }

    /** The pairs so far, and how likely they are; {@code history} holds the last ones, the newest first. */
    private record Path(double logarithm, int[] history, Path before, int newest) {}

    /** ARPAbet with stress; empty if the word has other characters than letters from a to z and apostrophes. */
    public Optional<String> pronounce(String word) {
        String letters = word.toLowerCase(Locale.ROOT).replace("'", "");
        if (letters.isEmpty() || letters.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        int[] start = new int[order - 1];
        Arrays.fill(start, BOUNDARY);
        List<Path> beam = List.of(new Path(0, start, null, BOUNDARY));
        for (int i = 0; i < letters.length(); i++) {
            int[] candidates = pairsOf.get(letters.charAt(i));
            if (candidates == null) {
                return Optional.empty();
            }
            List<Path> longer = new ArrayList<>(beam.size() * candidates.length);
            for (Path path : beam) {
                int[][] contexts = contexts(path.history);
                for (int candidate : candidates) {
                    longer.add(extend(path, contexts, candidate));
                }
            }
            longer.sort(Comparator.comparingDouble(Path::logarithm).reversed());
            beam = List.copyOf(longer.subList(0, Math.min(BEAM, longer.size())));
        }
        Path best = null;
        double highest = Double.NEGATIVE_INFINITY;
        for (Path path : beam) {
            double whole = path.logarithm + Math.log(probability(contexts(path.history), BOUNDARY));
            if (whole > highest) {
                highest = whole;
                best = path;
            }
        }
        List<String> spoken = new ArrayList<>();
        for (Path path = best; path != null && path.before != null; path = path.before) {
            if (!sounds[path.newest].isEmpty()) {
                spoken.addFirst(sounds[path.newest]);
            }
        }
        return spoken.isEmpty() ? Optional.empty() : Optional.of(stressed(String.join(" ", spoken)));
    }

    /** A word of a language with stress has one vowel that is stressed most. */
    private static String stressed(String arpabet) {
        if (arpabet.contains("1")) {
            int first = arpabet.indexOf('1');
            return arpabet.substring(0, first + 1)
                    + arpabet.substring(first + 1).replace('1', '2');
        }
        if (arpabet.contains("2")) {
            return arpabet.replaceFirst("2", "1");
        }
        return arpabet.replaceFirst("0", "1");
    }

    private Path extend(Path path, int[][] contexts, int candidate) {
        int[] history = new int[path.history.length];
        history[0] = candidate;
        System.arraycopy(path.history, 0, history, 1, history.length - 1);
        return new Path(path.logarithm + Math.log(probability(contexts, candidate)), history, path, candidate);
    }

    /** For each length of history, the nodes whose children follow it: from and to; from is -1 where it never occurred. */
    private int[][] contexts(int[] history) {
        int[][] ranges = new int[order][];
        for (int length = 0; length < order; length++) {
            int from = 0;
            int to = rootEnd;
            int node = -1;
            for (int i = length - 1; i >= 0 && from >= 0; i--) {
                node = child(from, to, history[i]);
                from = node < 0 ? -1 : childStart[node];
                to = node < 0 ? -1 : childStart[node + 1];
            }
            ranges[length] = new int[] {from, to, node};
        }
        return ranges;
    }

    private int child(int from, int to, int wanted) {
        int found = Arrays.binarySearch(pair, from, to, wanted);
        return found < 0 ? -1 : found;
    }

    private double probability(int[][] contexts, int candidate) {
        double probability = FLOOR;
        for (int length = 0; length < order; length++) {
            int from = contexts[length][0];
            int to = contexts[length][1];
            if (from < 0 || from == to) {
                continue;
            }
            double all = length == 0 ? rootTotal() : total[contexts[length][2]];
            int found = child(from, to, candidate);
            double own = found < 0 ? 0 : Math.max(0, count[found] - DISCOUNT) / all;
            probability = own + DISCOUNT * (to - from) / all * probability;
        }
        return probability;
    }

    private int rootTotal;

    private int rootTotal() {
        if (rootTotal == 0) {
            int sum = 0;
            for (int i = 0; i < rootEnd; i++) {
                sum += count[i];
            }
            rootTotal = sum;
        }
        return rootTotal;
    }
}
