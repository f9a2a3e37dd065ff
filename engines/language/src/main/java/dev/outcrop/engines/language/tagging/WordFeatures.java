package dev.outcrop.engines.language.tagging;

import dev.outcrop.engines.language.WordVectors;
import java.util.List;
import java.util.Locale;

/**
 * What {@link SequenceTagger} sees of each token of a text: the words around it, their forms, their ends, their clusters.
 * For one thread.
 */
public final class WordFeatures {
    /** The number of places that features are hashed into. */
    public static final int SIZE = 1 << 17;

    private static final int REACH = 2;

    private final List<String> texts;
    private final int[] words;
    private final int[] shapes;
    private final int[] clusters;
    private final int[] known;
    private final int[] lines;
    private final int[] places = new int[80];
    private int size;

    /** The features of a text's tokens; an end of a line may be a token, {@code "\n"}. */
    public WordFeatures(List<String> tokens) {
        texts = tokens;
        int count = tokens.size();
        words = new int[count];
        shapes = new int[count];
        clusters = new int[count];
        known = new int[count];
        lines = new int[count];
        int line = 0;
        for (int at = 0; at < count; at++) {
            String lowered = lowered(texts.get(at));
            words[at] = withoutDigits(lowered).hashCode();
            shapes[at] = shape(texts.get(at)).hashCode();
            clusters[at] = WordVectors.shipped().cluster(lowered);
            known[at] = TagDictionary.of(lowered);
            lines[at] = line;
            line = texts.get(at).equals("\n") ? 0 : line + 1;
        }
    }

    /** Of numbers only the length tells. */
    private static String withoutDigits(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!Character.isDigit(word.charAt(i))) {
                return word;
            }
        }
        return "0".repeat(word.length());
    }

    /** The places of the features of a token; good until the next call. Their number is {@link #size()}. */
    public int[] of(int token) {
        size = 0;
        add(0, 0, 0);
        for (int by = -REACH; by <= REACH; by++) {
            int at = token + by;
            boolean inside = at >= 0 && at < words.length;
            add(10 + by, inside ? words[at] : 1, 0);
            add(20 + by, inside ? shapes[at] : 1, 0);
            add(30 + by, inside ? clusters[at] : -2, 0);
            if (by < REACH) {
                boolean next = at + 1 >= 0 && at + 1 < words.length;
                add(40 + by, inside ? words[at] : 1, next ? words[at + 1] : 1);
                add(50 + by, inside ? shapes[at] : 1, next ? shapes[at + 1] : 1);
            }
        }
        boolean before = token > 0;
        boolean after = token + 1 < words.length;
        add(60, before ? words[token - 1] : 1, shapes[token]);
        add(61, after ? words[token + 1] : 1, shapes[token]);
        add(62, before ? clusters[token - 1] : -2, shapes[token]);
        add(63, after ? clusters[token + 1] : -2, shapes[token]);
        add(64, before ? shapes[token - 1] : 1, shapes[token] * 31 + (after ? shapes[token + 1] : 1));
        add(65, token > 2 ? words[token - 3] : 1, 0);
        add(66, token + 3 < words.length ? words[token + 3] : 1, 0);
        add(67, Math.min(3, lines[token]), shapes[token]);
        String word = texts.get(token);
        String lowered = lowered(word);
        int length = lowered.length();
        for (int part = 2; part <= 4 && part <= length; part++) {
            add(70 + part, lowered.substring(0, part).hashCode(), 0);
            add(80 + part, lowered.substring(length - part).hashCode(), 0);
        }
        add(90, before ? ending(token - 1) : 1, ending(token));
        add(91, after ? ending(token + 1) : 1, ending(token));
        add(92, before ? ending(token - 1) : 1, 0);
        add(93, after ? ending(token + 1) : 1, 0);
        add(94, clusters[token], before ? clusters[token - 1] : -2);
        add(96, known[token], 0);
        add(97, known[token], before ? known[token - 1] : 1);
        add(98, known[token], after ? known[token + 1] : 1);
        add(99, before ? known[token - 1] : 1, after ? known[token + 1] : 1);
        add(100, known[token], shapes[token]);
        add(101, known[token], ending(token));
        add(102, before ? words[token - 1] : 1, known[token]);
        add(103, after ? words[token + 1] : 1, known[token]);
        add(104, token > 1 ? known[token - 2] : 1, before ? known[token - 1] : 1);
        add(105, after ? known[token + 1] : 1, token + 2 < words.length ? known[token + 2] : 1);
        add(95, clusters[token], after ? clusters[token + 1] : -2);
        return places;
    }

    /** The number of features of the token last asked for. */
    public int size() {
        return size;
    }

    /** The number of tokens. */
    public int tokens() {
        return words.length;
    }

    private int ending(int token) {
        String text = texts.get(token);
        return lowered(text.substring(Math.max(0, text.length() - 3))).hashCode();
    }

    private void add(int kind, int left, int right) {
        int hash = kind * 0x9E3779B1 ^ left * 0x85EBCA6B ^ Integer.rotateLeft(right * 0xC2B2AE35, 13);
        hash ^= hash >>> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >>> 12;
        hash *= 0x297A2D39;
        hash ^= hash >>> 15;
        places[size++] = hash & (SIZE - 1);
    }

    /** The form of a token: capitals X, small letters x, digits 0, at most two of one kind after another. */
    static String shape(String token) {
        StringBuilder shape = new StringBuilder();
        int same = 0;
        char last = 0;
        for (int i = 0; i < Math.min(12, token.length()); i++) {
            char character = token.charAt(i);
            char kind;
            if (Character.isUpperCase(character)) {
                kind = 'X';
            } else if (Character.isDigit(character)) {
                kind = '0';
            } else if (Character.isLetter(character)) {
                kind = 'x';
            } else {
                kind = character;
            }
            same = kind == last ? same + 1 : 0;
            last = kind;
            if (same < (kind == '0' ? 6 : 2)) {
                shape.append(kind);
            }
        }
        return shape.toString();
    }

    private static String lowered(String token) {
        return token.toLowerCase(Locale.ROOT);
    }
}
