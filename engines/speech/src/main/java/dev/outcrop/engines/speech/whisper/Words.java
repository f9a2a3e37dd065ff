package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Makes words of tokens.
 *
 * <p>Source: OpenAI's {@code split_to_word_tokens} and {@code add_word_timestamps}: a word begins with a space, save in
 * languages that have none, where it is a character; punctuation clings to its word; words that are much longer than the
 * others are cut at the beginning of a sentence and after a pause.
 */
final class Words {
    private static final Set<String> UNSPACED = Set.of("zh", "ja", "th", "lo", "my", "yue");
    private static final String OPENING = "\"'“¿([{-";
    private static final String CLOSING = "\"'.。,，!！?？:：”)]}、";
    private static final String SENTENCE_ENDS = ".。!！?？";
    private static final double LONGEST_USUAL = 0.7;

    private final WhisperTokenizer tokenizer;
    private final boolean spaced;

    Words(WhisperTokenizer tokenizer, String language) {
        this.tokenizer = tokenizer;
        this.spaced = !UNSPACED.contains(language);
    }

    /** A word's tokens, from the first to before the last; those from {@code closing} on are its punctuation. */
    private record Extent(int from, int closing, int to, String text) {}

    /**
     * The words of a text.
     *
     * @param tokens     text only
     * @param logarithms of the tokens' probabilities
     * @param starts     second at which each token begins, and at the end the one at which the last ends
     */
    List<RecognizedWord> of(int[] tokens, float[] logarithms, double[] starts) {
        List<Extent> extents = extents(tokens);
        double[] begins = new double[extents.size()];
        double[] ends = new double[extents.size()];
        for (int i = 0; i < begins.length; i++) {
            begins[i] = starts[extents.get(i).from()];
            ends[i] = Math.max(begins[i], starts[extents.get(i).closing()]);
        }
        shorten(extents, begins, ends);
        List<RecognizedWord> words = new ArrayList<>();
        for (int i = 0; i < begins.length; i++) {
            Extent extent = extents.get(i);
            String text = extent.text().strip();
            if (!text.isEmpty()) {
                words.add(new RecognizedWord(
                        text,
                        extent.text().startsWith(" "),
                        begins[i],
                        ends[i],
                        confidence(logarithms, extent.from(), extent.closing())));
            }
        }
        return words;
    }

    private static double confidence(float[] logarithms, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp(logarithms[i]);
        }
        return Math.clamp(sum / (to - from), 0, 1);
    }

    private static void shorten(List<Extent> extents, double[] begins, double[] ends) {
        double[] lengths = new double[begins.length];
        int count = 0;
        for (int i = 0; i < begins.length; i++) {
            if (ends[i] > begins[i]) {
                lengths[count++] = ends[i] - begins[i];
            }
        }
        if (count == 0) {
            return;
        }
        Arrays.sort(lengths, 0, count);
        double longest = 2 * Math.min(LONGEST_USUAL, lengths[count / 2]);
        for (int i = 0; i < begins.length; i++) {
            if (ends[i] - begins[i] > longest) {
                if (i == 0 || endsSentence(extents.get(i - 1).text())) {
                    begins[i] = ends[i] - longest;
                } else if (endsSentence(extents.get(i).text()) || i == begins.length - 1) {
                    ends[i] = begins[i] + longest;
                }
            }
        }
    }

    private static boolean endsSentence(String text) {
        return !text.isEmpty() && SENTENCE_ENDS.indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    private List<Extent> extents(int[] tokens) {
        List<Extent> extents = new ArrayList<>();
        int from = 0;
        int closing = 0;
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < tokens.length) {
            int next = at + 1;
            while (next < tokens.length && !whole(tokens, at, next)) {
                next++;
            }
            String piece = tokenizer.decode(Arrays.copyOfRange(tokens, at, next));
            boolean punctuation = consistsOf(piece.strip(), CLOSING) && !piece.startsWith(" ");
            boolean opened = consistsOf(word.toString().strip(), OPENING);
            if (!word.isEmpty() && !opened && !punctuation && (piece.startsWith(" ") || !spaced)) {
                extents.add(new Extent(from, closing, at, word.toString()));
                word.setLength(0);
                from = at;
            }
            word.append(piece);
            // A word that is all punctuation ends with it.
            if (!punctuation || word.length() == piece.length()) {
                closing = next;
            }
            at = next;
        }
        if (!word.isEmpty()) {
            extents.add(new Extent(from, closing, tokens.length, word.toString()));
        }
        return extents;
    }

    /** Whether these tokens' bytes are whole characters. */
    private boolean whole(int[] tokens, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            length += tokenizer.piece(tokens[i]).length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = from; i < to; i++) {
            bytes.put(tokenizer.piece(tokens[i]));
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean consistsOf(String text, String characters) {
        return !text.isEmpty() && text.chars().allMatch(character -> characters.indexOf(character) >= 0);
    }
}
