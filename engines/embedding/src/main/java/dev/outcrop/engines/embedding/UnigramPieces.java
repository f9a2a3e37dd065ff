package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * SentencePiece's way to cut a text by a unigram language model: of all ways to cut, the one whose pieces' logarithmic
 * probabilities sum to the most, found by Viterbi's algorithm. Characters without a piece cost ten more than the least
 * likely piece; neighbours among them are one unknown token, or their bytes where the vocabulary has a token for each.
 *
 * <p>Gives the tokens that Hugging Face's {@code tokenizers} 0.23.3 gives, see {@code python/unigram.py}. Costs O(n · l ·
 * log v) for n characters, pieces of l characters and v pieces.
 *
 * <p>Source: Kudo, "Subword Regularization: Improving Neural Network Translation Models with Multiple Subword
 * Candidates", 2018; Kudo and Richardson, "SentencePiece", 2018.
 */
final class UnigramPieces implements TokenModel {
    private static final double UNKNOWN_PENALTY = 10;
    private static final int NONE = -1;

    private final TextNormalizer normalizer;
    private final WordSplit split;
    private final String[] pieces;
    private final int[] ids;
    private final double[] scores;
    private final int unknown;
    private final double unknownScore;
    /** The token of each byte; empty where there are none. */
    private final int[] byteIds;

    UnigramPieces(JsonNode root, Path file) {
        normalizer = TextNormalizer.of(root.path("normalizer"), file);
        split = WordSplit.of(root.path("pre_tokenizer"), file);
        JsonNode model = root.path("model");
        JsonNode vocabulary = model.path("vocab");
        List<Piece> sorted = new ArrayList<>(vocabulary.size());
        double least = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            JsonNode entry = vocabulary.get(id);
            if (!entry.path(0).isTextual() || !entry.path(1).isNumber()) {
                throw invalid(file, "entry " + id + " of its vocabulary is no text with a score");
            }
            Piece piece = new Piece(entry.get(0).asText(), id, entry.get(1).asDouble());
            least = Math.min(least, piece.score());
            if (!piece.text().isEmpty()) {
                sorted.add(piece);
            }
        }
        sorted.sort(Comparator.comparing(Piece::text));
        pieces = sorted.stream().map(Piece::text).toArray(String[]::new);
        ids = sorted.stream().mapToInt(Piece::id).toArray();
        scores = sorted.stream().mapToDouble(Piece::score).toArray();
        unknownScore = least - UNKNOWN_PENALTY;
        unknown = model.path("unk_id").asInt(NONE);
        if (unknown < 0 || unknown >= vocabulary.size()) {
            throw invalid(file, "it has no token for what is unknown");
        }
        byteIds = model.path("byte_fallback").asBoolean() ? byteIds() : new int[0];
    }

    private record Piece(String text, int id, double score) {}

    private static EmbeddingException invalid(Path file, String why) {
        return new EmbeddingException(
                EmbeddingException.Category.INVALID, "the tokenizer " + file + " cannot be used: " + why);
    }

    private int[] byteIds() {
        int[] found = new int[256];
        for (int value = 0; value < found.length; value++) {
            int place = Arrays.binarySearch(pieces, "<0x%02X>".formatted(value));
            if (place < 0) {
                return new int[0];
            }
            found[value] = ids[place];
        }
        return found;
    }

    @Override
    public void encode(String text, boolean first, TokenIds to) {
        split.words(normalizer.normalize(text), first, word -> encodeWord(word, to));
    }

    private void encodeWord(String word, TokenIds to) {
        int length = word.length();
        double[] best = new double[length + 1];
        int[] from = new int[length + 1];
        int[] piece = new int[length + 1];
        Arrays.fill(from, NONE);
        int start = 0;
        while (start < length) {
            int width = Character.charCount(word.codePointAt(start));
            boolean single = extend(word, start, width, best, from, piece);
            int end = start + width;
            double score = best[start] + unknownScore;
            if (!single && (from[end] == NONE || score > best[end])) {
                best[end] = score;
                from[end] = start;
                piece[end] = NONE;
            }
            start = end;
        }
        addPath(word, from, piece, to);
    }

    /** Tries all pieces that begin at {@code start}; whether one of them is the character there alone. */
    private boolean extend(String word, int start, int width, double[] best, int[] from, int[] piece) {
        boolean single = false;
        int low = 0;
        int high = pieces.length;
        for (int end = start + 1; end <= word.length(); end++) {
            int depth = end - start - 1;
            char character = word.charAt(end - 1);
            low = bound(low, high, depth, character);
            high = bound(low, high, depth, character + 1);
            if (low == high) {
                break;
            }
            if (pieces[low].length() > depth + 1) {
                continue;
            }
            double score = best[start] + scores[low];
            if (from[end] == NONE || score > best[end]) {
                best[end] = score;
                from[end] = start;
                piece[end] = low;
            }
            single |= end - start == width;
        }
        return single;
    }

    /** The first of the pieces from {@code low} to {@code high} whose character at {@code depth} is this one or later. */
    private int bound(int low, int high, int depth, int character) {
        int from = low;
        int to = high;
        while (from < to) {
            int middle = (from + to) >>> 1;
            String piece = pieces[middle];
            if (piece.length() <= depth || piece.charAt(depth) < character) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private void addPath(String word, int[] from, int[] piece, TokenIds to) {
        int[] ends = new int[word.length()];
        int count = 0;
        for (int end = word.length(); end > 0; end = from[end]) {
            ends[count++] = end;
        }
        int unknownFrom = NONE;
        for (int i = count - 1; i >= 0; i--) {
            int end = ends[i];
            boolean isUnknown = piece[end] == NONE || ids[piece[end]] == unknown;
            if (isUnknown) {
                unknownFrom = unknownFrom == NONE ? from[end] : unknownFrom;
                if (i == 0) {
                    addUnknown(word.substring(unknownFrom, end), to);
                }
                continue;
            }
            if (unknownFrom != NONE) {
                addUnknown(word.substring(unknownFrom, from[end]), to);
                unknownFrom = NONE;
            }
            to.add(ids[piece[end]]);
        }
    }

    private void addUnknown(String text, TokenIds to) {
        if (byteIds.length == 0) {
            to.add(unknown);
            return;
        }
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            to.add(byteIds[unit & 0xFF]);
        }
    }
}
