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
    private final TokenModel model;

    /**
     * A token that is taken as it is written in a text, before anything is lowered.
     *
     * @param stripLeft  whether white space before it belongs to it
     * @param stripRight whether white space after it belongs to it
     */
    private record Special(String text, int id, boolean stripLeft, boolean stripRight) {}

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

    /** The token ids of a text, with the tokens that stand before and after it. */
    int[] encode(String text) {
        TokenIds ids = new TokenIds();
        ids.addAll(before);
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
        ids.addAll(after);
        return ids.toArray();
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
