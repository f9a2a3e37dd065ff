package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tokenizer, read from the {@code tokenizer.json} that models come with: takes out special tokens, cuts what is between
 * them by {@link WordPieces} or {@link UnigramPieces}, and frames the whole with the tokens that the model wants.
 */
final class Tokenizer {
    private static final long LARGEST_FILE = 64 << 20;

    private final List<Special> specials;
    private final int[] before;
    private final int[] after;
    private final List<PairPiece> pair;
    private final TokenModel model;

    /**
     * A token that is taken as it is written in a text, before anything is lowered.
     *
     * @param stripLeft  whether white space before it belongs to it
     * @param stripRight whether white space after it belongs to it
     */
    private record Special(String text, int id, boolean stripLeft, boolean stripRight) {}

    /**
     * A piece of two texts that are read together.
     *
     * @param text 0 for the first text, 1 for the second, -1 for special tokens
     * @param ids  the special tokens
     * @param type which text its tokens are said to belong to
     */
    private record PairPiece(int text, int[] ids, int type) {
        static PairPiece special(int type, int... ids) {
            return new PairPiece(-1, ids, type);
        }

        static PairPiece text(int text, int type) {
            return new PairPiece(text, new int[0], type);
        }
    }

    private Tokenizer(JsonNode root, Path file) {
        String type = root.path("model").path("type").asText();
        model = switch (type) {
            case "WordPiece" -> new WordPieces(root, file);
            case "Unigram" -> new UnigramPieces(root, file);
            default -> throw unsupported(file, "model", type, "WordPiece and Unigram are");
        };
        List<Special> added = new ArrayList<>();
        for (JsonNode token : root.path("added_tokens")) {
            if (!token.path("content").asText().isEmpty()) {
                added.add(new Special(
                        token.path("content").asText(),
                        token.path("id").asInt(),
                        token.path("lstrip").asBoolean(),
                        token.path("rstrip").asBoolean()));
            }
        }
        specials = List.copyOf(added);
        int[][] frame = frame(root.path("post_processor"), file);
        before = frame[0];
        after = frame[1];
        pair = pairPieces(root.path("post_processor"));
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @throws EmbeddingException {@code INVALID} if it is not there, malformed, or of a kind that is not known here
     */
    static Tokenizer read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new EmbeddingException(
                        EmbeddingException.Category.INVALID, file + " is longer than " + LARGEST_FILE + " bytes");
            }
            JsonFactory factory = JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .build();
            return new Tokenizer(new ObjectMapper(factory).readTree(Files.readAllBytes(file)), file);
        } catch (IOException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    "the tokenizer " + file + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    static void require(Path file, String what, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw unsupported(file, what, found, wanted + " is");
        }
    }

    static EmbeddingException unsupported(Path file, String what, String found, String supported) {
        return new EmbeddingException(
                EmbeddingException.Category.INVALID,
                "the tokenizer " + file + " has a " + what + " of type " + (found.isEmpty() ? "none" : found)
                        + "; only " + supported + " supported");
    }

    /** The tokens that stand before and after a text. */
    private static int[][] frame(JsonNode processor, Path file) {
        int[][] frame = {{}, {}};
        switch (processor.path("type").asText()) {
            case "TemplateProcessing" -> {
                int side = 0;
                for (JsonNode piece : processor.path("single")) {
                    if (piece.has("Sequence")) {
                        side = 1;
                        continue;
                    }
                    String name = piece.path("SpecialToken").path("id").asText();
                    for (JsonNode id :
                            processor.path("special_tokens").path(name).path("ids")) {
                        frame[side] = Arrays.copyOf(frame[side], frame[side].length + 1);
                        frame[side][frame[side].length - 1] = id.asInt();
                    }
                }
            }
            case "BertProcessing", "RobertaProcessing" -> {
                frame[0] = new int[] {processor.path("cls").path(1).asInt()};
                frame[1] = new int[] {processor.path("sep").path(1).asInt()};
            }
            default -> require(file, "post_processor", processor.path("type").asText(), "TemplateProcessing");
        }
        return frame;
    }

    /** How two texts stand together; nothing where the tokenizer does not say. */
    private List<PairPiece> pairPieces(JsonNode processor) {
        List<PairPiece> pieces = new ArrayList<>();
        switch (processor.path("type").asText()) {
            case "BertProcessing" -> {
                pieces.add(PairPiece.special(0, before));
                pieces.add(PairPiece.text(0, 0));
                pieces.add(PairPiece.special(0, after));
                pieces.add(PairPiece.text(1, 1));
                pieces.add(PairPiece.special(1, after));
            }
            case "RobertaProcessing" -> {
                pieces.add(PairPiece.special(0, before));
                pieces.add(PairPiece.text(0, 0));
                pieces.add(PairPiece.special(0, after));
                pieces.add(PairPiece.special(0, after));
                pieces.add(PairPiece.text(1, 0));
                pieces.add(PairPiece.special(0, after));
            }
            default -> {
                for (JsonNode piece : processor.path("pair")) {
                    JsonNode sequence = piece.path("Sequence");
                    JsonNode special = piece.path("SpecialToken");
                    if (sequence.isObject()) {
                        pieces.add(PairPiece.text(
                                sequence.path("id").asText().equals("B") ? 1 : 0,
                                sequence.path("type_id").asInt()));
                    } else {
                        JsonNode ids = processor
                                .path("special_tokens")
                                .path(special.path("id").asText())
                                .path("ids");
                        for (JsonNode id : ids) {
                            pieces.add(PairPiece.special(special.path("type_id").asInt(), id.asInt()));
                        }
                    }
                }
            }
        }
        return List.copyOf(pieces);
    }

    /** The token ids of a text, with the tokens that stand before and after it. */
    int[] encode(String text) {
        TokenIds ids = new TokenIds();
        ids.addAll(before);
        add(text, ids);
        ids.addAll(after);
        return ids.toArray();
    }

    /** The token ids of a text alone. */
    int[] plain(String text) {
        TokenIds ids = new TokenIds();
        add(text, ids);
        return ids.toArray();
    }

    /**
     * Two texts as one sequence of at most {@code most} tokens, special ones included. Where they are longer, the longer
     * one loses its end until they fit, and both do where each is longer than half: as Hugging Face's {@code tokenizers}
     * cuts when told {@code longest_first}.
     *
     * @param first  as {@link #plain} gives it
     * @param second as {@link #plain} gives it
     */
    TokenPair pair(int[] first, int[] second, int most) {
        int room = Math.max(
                0, most - pair.stream().mapToInt(piece -> piece.ids().length).sum());
        int shorter = Math.min(first.length, second.length);
        int longer = Math.max(first.length, second.length);
        if (shorter + longer > room) {
            if (shorter > room / 2) {
                shorter = room / 2;
            }
            longer = room - shorter;
        }
        int[] lengths = first.length <= second.length ? new int[] {shorter, longer} : new int[] {longer, shorter};
        TokenIds ids = new TokenIds();
        TokenIds types = new TokenIds();
        for (PairPiece piece : pair) {
            int[] tokens = switch (piece.text()) {
                case 0 -> Arrays.copyOf(first, lengths[0]);
                case 1 -> Arrays.copyOf(second, lengths[1]);
                default -> piece.ids();
            };
            ids.addAll(tokens);
            for (int i = 0; i < tokens.length; i++) {
                types.add(piece.type());
            }
        }
        return new TokenPair(ids.toArray(), types.toArray());
    }

    private void add(String text, TokenIds ids) {
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            int special = specialAt(text, at);
            if (special < 0) {
                at++;
                continue;
            }
            Special found = specials.get(special);
            String plain = text.substring(from, at);
            model.encode(found.stripLeft() ? plain.stripTrailing() : plain, from == 0, ids);
            ids.add(found.id());
            at += found.text().length();
            while (found.stripRight() && at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            from = at;
        }
        model.encode(text.substring(from), from == 0, ids);
    }

    /** Whether it says how two texts stand together. */
    boolean readsPairs() {
        return !pair.isEmpty();
    }

    /** How many tokens stand before every text. */
    int tokensBefore() {
        return before.length;
    }

    /** How many tokens stand behind every text. */
    int tokensAfter() {
        return after.length;
    }

    /** Cuts what {@link #encode} gave down to {@code most} ids, leaving what stands before and after the text. */
    int[] truncate(int[] ids, int most, Truncation truncation) {
        if (ids.length <= most) {
            return ids;
        }
        int[] cut = new int[most];
        System.arraycopy(before, 0, cut, 0, before.length);
        int kept = most - before.length - after.length;
        int from = truncation == Truncation.START ? ids.length - after.length - kept : before.length;
        System.arraycopy(ids, from, cut, before.length, kept);
        System.arraycopy(after, 0, cut, most - after.length, after.length);
        return cut;
    }

    private int specialAt(String text, int at) {
        for (int i = 0; i < specials.size(); i++) {
            if (text.startsWith(specials.get(i).text(), at)) {
                return i;
            }
        }
        return -1;
    }
}
