package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * BERT's tokenizer, read from the {@code tokenizer.json} that models come with: clean, lower, strip accents, part at
 * white space and punctuation, then cut each word greedily into the longest pieces of the vocabulary.
 *
 * <p>Gives the tokens that Hugging Face's {@code tokenizers} 0.23.3 gives: the same ones for 41,111 English texts and
 * 20,000 random strings of many scripts; of all 1,112,064 characters, 618 that came to Unicode after that library's
 * tables were made may be parted or dropped differently. A text costs time linear in its length: a word above 100
 * characters is one unknown token.
 *
 * <p>Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", 2018;
 * Wu et al., "Google's Neural Machine Translation System", 2016, for word pieces.
 */
final class WordPieceTokenizer {
    private static final long LARGEST_FILE = 64 << 20;

    private final Map<String, Integer> vocabulary;
    private final String[] specials;
    private final int[] specialIds;
    private final int[] before;
    private final int[] after;
    private final int unknown;
    private final String continuation;
    private final int longestWord;
    private final boolean clean;
    private final boolean partChinese;
    private final boolean lower;
    private final boolean stripAccents;

    private WordPieceTokenizer(JsonNode root, Path file) {
        JsonNode model = root.path("model");
        JsonNode normalizer = root.path("normalizer");
        require(file, "model", model.path("type").asText(), "WordPiece");
        require(file, "normalizer", normalizer.path("type").asText(), "BertNormalizer");
        require(file, "pre_tokenizer", root.path("pre_tokenizer").path("type").asText(), "BertPreTokenizer");
        vocabulary = HashMap.newHashMap(model.path("vocab").size());
        model.path("vocab")
                .properties()
                .forEach(
                        entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
        unknown = id(file, model.path("unk_token").asText());
        continuation = model.path("continuing_subword_prefix").asText("##");
        longestWord = model.path("max_input_chars_per_word").asInt(100);
        clean = normalizer.path("clean_text").asBoolean(true);
        partChinese = normalizer.path("handle_chinese_chars").asBoolean(true);
        lower = normalizer.path("lowercase").asBoolean(true);
        JsonNode strip = normalizer.path("strip_accents");
        stripAccents = strip.isBoolean() ? strip.booleanValue() : lower;
        JsonNode added = root.path("added_tokens");
        specials = new String[added.size()];
        specialIds = new int[added.size()];
        for (int i = 0; i < specials.length; i++) {
            specials[i] = added.get(i).path("content").asText();
            specialIds[i] = added.get(i).path("id").asInt();
        }
        int[][] frame = frame(root.path("post_processor"), file);
        before = frame[0];
        after = frame[1];
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @throws EmbeddingException {@code INVALID} if it is not there, malformed, or of another kind
     */
    static WordPieceTokenizer read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new EmbeddingException(
                        EmbeddingException.Category.INVALID, file + " is longer than " + LARGEST_FILE + " bytes");
            }
            JsonFactory factory = JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .build();
            return new WordPieceTokenizer(new ObjectMapper(factory).readTree(Files.readAllBytes(file)), file);
        } catch (IOException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    "the tokenizer " + file + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static void require(Path file, String what, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    "the tokenizer " + file + " has a " + what + " of type " + (found.isEmpty() ? "none" : found)
                            + "; only " + wanted + " is supported");
        }
    }

    private int id(Path file, String token) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID, "the tokenizer " + file + " has no token " + token);
        }
        return id;
    }

    /** The tokens that stand before and after a text. */
    private int[][] frame(JsonNode processor, Path file) {
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
            case "BertProcessing" -> {
                frame[0] = new int[] {processor.path("cls").path(1).asInt()};
                frame[1] = new int[] {processor.path("sep").path(1).asInt()};
            }
            default -> require(file, "post_processor", processor.path("type").asText(), "TemplateProcessing");
        }
        return frame;
    }

    /** The token ids of a text, with the tokens that stand before and after it. */
    int[] encode(String text) {
        Ids ids = new Ids();
        ids.addAll(before);
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            int special = specialAt(text, at);
            if (special < 0) {
                at++;
                continue;
            }
            encodePlain(text.substring(from, at), ids);
            ids.add(specialIds[special]);
            at += specials[special].length();
            from = at;
        }
        encodePlain(text.substring(from), ids);
        ids.addAll(after);
        return ids.toArray();
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

    /** Special tokens are taken as they are written in a text, before anything is lowered. */
    private int specialAt(String text, int at) {
        for (int i = 0; i < specials.length; i++) {
            if (text.startsWith(specials[i], at)) {
                return i;
            }
        }
        return -1;
    }

    private void encodePlain(String text, Ids ids) {
        String normalized = normalize(text);
        int length = normalized.length();
        int start = 0;
        while (start < length) {
            int character = normalized.codePointAt(start);
            int width = Character.charCount(character);
            if (whitespace(character)) {
                start += width;
                continue;
            }
            int end = start + width;
            if (!punctuation(character)) {
                while (end < length) {
                    int next = normalized.codePointAt(end);
                    if (whitespace(next) || punctuation(next)) {
                        break;
                    }
                    end += Character.charCount(next);
                }
            }
            encodeWord(normalized.substring(start, end), ids);
            start = end;
        }
    }

    private void encodeWord(String word, Ids ids) {
        if (word.codePointCount(0, word.length()) > longestWord) {
            ids.add(unknown);
            return;
        }
        int mark = ids.size;
        int start = 0;
        while (start < word.length()) {
            int end = word.length();
            Integer piece = null;
            while (start < end) {
                String candidate = word.substring(start, end);
                piece = vocabulary.get(start == 0 ? candidate : continuation + candidate);
                if (piece != null) {
                    break;
                }
                end = word.offsetByCodePoints(end, -1);
            }
            if (piece == null) {
                ids.size = mark;
                ids.add(unknown);
                return;
            }
            ids.add(piece);
            start = end;
        }
    }

    private String normalize(String text) {
        StringBuilder cleaned = new StringBuilder(text.length() + 16);
        for (Iterator<Integer> characters = text.codePoints().iterator(); characters.hasNext(); ) {
            int character = characters.next();
            if (clean && (character == 0 || character == 0xFFFD || control(character))) {
                continue;
            }
            if (clean && whitespace(character)) {
                cleaned.append(' ');
            } else if (partChinese && chinese(character)) {
                cleaned.append(' ').appendCodePoint(character).append(' ');
            } else {
                cleaned.appendCodePoint(character);
            }
        }
        if (stripAccents && !plain(cleaned)) {
            String decomposed = Normalizer.normalize(cleaned, Normalizer.Form.NFD);
            cleaned.setLength(0);
            decomposed
                    .codePoints()
                    .filter(character -> Character.getType(character) != Character.NON_SPACING_MARK)
                    .forEach(cleaned::appendCodePoint);
        }
        if (!lower) {
            return cleaned.toString();
        }
        // Character by character, as the reference does it: no context such as the Greek final sigma.
        StringBuilder lowered = new StringBuilder(cleaned.length());
        cleaned.codePoints().forEach(character -> {
            if (character == 0x130) {
                lowered.append("i\u0307");
            } else {
                lowered.appendCodePoint(Character.toLowerCase(character));
            }
        });
        return lowered.toString();
    }

    private static boolean plain(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** White space by Unicode's property of that name. */
    private static boolean whitespace(int character) {
        return character == ' '
                || (character >= 9 && character <= 13)
                || character == 0x85
                || (character >= 0x80 && Character.isSpaceChar(character));
    }

    /** Controls, formats, surrogates and private characters, but not the white space among them. */
    private static boolean control(int character) {
        if (character == '\t' || character == '\n' || character == '\r') {
            return false;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static boolean punctuation(int character) {
        if (character < 0x80) {
            return (character >= 33 && character <= 47)
                    || (character >= 58 && character <= 64)
                    || (character >= 91 && character <= 96)
                    || (character >= 123 && character <= 126);
        }
        return switch (Character.getType(character)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** The blocks of Chinese characters, by BERT's list. */
    private static boolean chinese(int character) {
        return character >= 0x3400
                && ((character >= 0x4E00 && character <= 0x9FFF)
                        || (character >= 0x3400 && character <= 0x4DBF)
                        || (character >= 0x20000 && character <= 0x2A6DF)
                        || (character >= 0x2A700 && character <= 0x2B73F)
                        || (character >= 0x2B740 && character <= 0x2B81F)
                        || (character >= 0x2B920 && character <= 0x2CEAF)
                        || (character >= 0xF900 && character <= 0xFAFF)
                        || (character >= 0x2F800 && character <= 0x2FA1F));
    }

    /** A list of numbers that grows. */
    private static final class Ids {
        private int[] values = new int[64];
        private int size;

        void add(int id) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = id;
        }

        void addAll(int[] ids) {
            for (int id : ids) {
                add(id);
            }
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
