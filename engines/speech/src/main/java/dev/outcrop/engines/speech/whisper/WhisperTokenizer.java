package dev.outcrop.engines.speech.whisper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whisper's tokens: pairs of bytes merged as GPT-2 does, then languages, tasks and times.
 *
 * <p>Source: {@code tokenizer.json} as Hugging Face writes it, of type BPE with byte-level pieces.
 */
final class WhisperTokenizer {
    private static final long LARGEST_FILE = 32L << 20;
    private static final int MOST_TOKENS = 200_000;
    private static final int TIMES = 1501;
    private static final Pattern PIECES =
            Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");
    private static final Pattern LANGUAGE = Pattern.compile("<\\|([a-z]{2,3})\\|>");

    private final Map<String, Integer> numbers;
    private final Map<String, Integer> mergeRanks;
    private final byte[][] pieces;
    private final Map<String, Integer> languages;
    private final Map<String, Integer> special;
    private final int[] suppressed;

    private WhisperTokenizer(
            Map<String, Integer> numbers, Map<String, Integer> mergeRanks, Map<String, Integer> special) {
        this.numbers = numbers;
        this.mergeRanks = mergeRanks;
        this.special = special;
        this.languages = new LinkedHashMap<>();
        special.forEach((text, number) -> {
            Matcher matcher = LANGUAGE.matcher(text);
            if (matcher.matches()) {
                languages.put(matcher.group(1), number);
            }
        });
        int[] bytes = bytesOfCharacters();
        pieces = new byte[special("<|endoftext|>")][];
        Arrays.fill(pieces, new byte[0]);
        numbers.forEach((text, number) -> {
            if (number < pieces.length) {
                ByteArrayOutputStream piece = new ByteArrayOutputStream();
                text.chars().forEach(character -> piece.write(character < bytes.length ? bytes[character] : '?'));
                pieces[number] = piece.toByteArray();
            }
        });
        suppressed = findSuppressed();
    }

    /**
     * Reads a tokenizer.
     *
     * @throws SpeechException {@code MODEL} if the file is not one of Whisper's
     */
    static WhisperTokenizer read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw damaged(file, "it is larger than " + LARGEST_FILE + " bytes");
            }
            return read(new ObjectMapper().readTree(Files.readAllBytes(file)), file);
        } catch (IOException e) {
            throw new SpeechException(Category.MODEL, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static WhisperTokenizer read(JsonNode json, Path file) {
        Map<String, Integer> numbers = new HashMap<>();
        json.path("model")
                .path("vocab")
                .properties()
                .forEach(entry -> numbers.put(entry.getKey(), number(entry.getValue(), file)));
        Map<String, Integer> ranks = new HashMap<>();
        for (JsonNode merge : json.path("model").path("merges")) {
            // Older files write a pair as one text, newer ones as two.
            String pair = merge.isArray()
                    ? merge.path(0).asText() + " " + merge.path(1).asText()
                    : merge.asText();
            ranks.put(pair, ranks.size());
        }
        Map<String, Integer> special = new LinkedHashMap<>();
        for (JsonNode token : json.path("added_tokens")) {
            special.put(token.path("content").asText(), number(token.path("id"), file));
        }
        for (String name : List.of(
                "<|endoftext|>", "<|startoftranscript|>", "<|transcribe|>", "<|startofprev|>", "<|notimestamps|>")) {
            if (!special.containsKey(name)) {
                throw damaged(file, "it has no token " + name);
            }
        }
        if (numbers.isEmpty() || numbers.size() > MOST_TOKENS) {
            throw damaged(file, "it has " + numbers.size() + " tokens");
        }
        return new WhisperTokenizer(numbers, ranks, special);
    }

    private static int number(JsonNode node, Path file) {
        if (!node.isInt() || node.intValue() < 0 || node.intValue() >= MOST_TOKENS) {
            throw damaged(file, "a token in it has the number " + node);
        }
        return node.intValue();
    }

    private static SpeechException damaged(Path file, String what) {
        return new SpeechException(Category.MODEL, file + " is not a tokenizer of Whisper: " + what);
    }

    /** GPT-2 writes each byte as a character that can be seen; this is the way back. */
    private static int[] bytesOfCharacters() {
        int[] bytes = new int[512];
        Arrays.fill(bytes, '?');
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean visible = (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            bytes[visible ? value : next++] = value;
        }
        return bytes;
    }

    private int special(String text) {
        return special.get(text);
    }

    /** The token that ends a text; all before it stand for text. */
    int end() {
        return pieces.length;
    }

    int start() {
        return special("<|startoftranscript|>");
    }

    int transcribe() {
        return special("<|transcribe|>");
    }

    int previous() {
        return special("<|startofprev|>");
    }

    int noTimes() {
        return special("<|notimestamps|>");
    }

    /** The token whose probability at the beginning tells that nobody speaks. */
    int noSpeech() {
        return special.getOrDefault("<|nospeech|>", special.getOrDefault("<|nocaptions|>", noTimes() - 1));
    }

    /** The token of the time zero; the next ones are a fiftieth of a second apart. */
    int firstTime() {
        return noTimes() + 1;
    }

    /** The token of half a minute. */
    int lastTime() {
        return noTimes() + TIMES;
    }

    /** Codes of languages and their tokens. */
    Map<String, Integer> languages() {
        return languages;
    }

    /** The token of a language. */
    OptionalInt language(String code) {
        Integer number = languages.get(code);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Tokens that are never written: brackets, notes and other signs of what is not speech, and what starts a text. */
    int[] suppressed() {
        return suppressed;
    }

    /** As OpenAI's {@code non_speech_tokens}, with the tokens that only stand before a text. */
    private int[] findSuppressed() {
        List<String> symbols = new ArrayList<>();
        "\"#()*+/:;<=>@[\\]^_`{|}~「」『』".codePoints().forEach(symbol -> symbols.add(Character.toString(symbol)));
        symbols.addAll(List.of(
                "<<", ">>", "<<<", ">>>", "--", "---", "-(", "-[", "('", "(\"", "((", "))", "(((", ")))", "[[", "]]",
                "{{", "}}", "♪♪", "♪♪♪"));
        List<String> music = List.of("♩", "♪", "♫", "♬", "♭", "♮", "♯");
        List<Integer> found = new ArrayList<>();
        for (String sign : List.of(" -", " '")) {
            Arrays.stream(encode(sign)).limit(1).forEach(found::add);
        }
        symbols.addAll(music);
        for (String symbol : symbols) {
            for (int[] tokens : List.of(encode(symbol), encode(" " + symbol))) {
                if (tokens.length == 1 || (tokens.length > 1 && music.contains(symbol))) {
                    found.add(tokens[0]);
                }
            }
        }
        for (int token = end() + 1; token < firstTime(); token++) {
            found.add(token);
        }
        return found.stream().mapToInt(Integer::intValue).distinct().sorted().toArray();
    }

    /** The bytes of a token's text; none for one that is not text. */
    byte[] piece(int token) {
        return token >= 0 && token < pieces.length ? pieces[token] : new byte[0];
    }

    /** The text of tokens, without those that are not text. */
    String decode(int... tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(piece(token));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The tokens of a text, in which no special token is recognised. */
    int[] encode(String text) {
        List<Integer> tokens = new ArrayList<>();
        Matcher matcher = PIECES.matcher(text);
        while (matcher.find()) {
            merge(matcher.group(), tokens);
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private void merge(String piece, List<Integer> tokens) {
        List<String> parts = new ArrayList<>();
        for (byte value : piece.getBytes(StandardCharsets.UTF_8)) {
            parts.add(Character.toString(CHARACTERS[value & 0xFF]));
        }
        while (parts.size() > 1) {
            int best = -1;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = mergeRanks.getOrDefault(parts.get(i) + " " + parts.get(i + 1), Integer.MAX_VALUE);
                if (rank < lowest) {
                    lowest = rank;
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
        for (String part : parts) {
            Integer number = numbers.get(part);
            if (number != null) {
                tokens.add(number);
            }
        }
    }

    private static final char[] CHARACTERS = charactersOfBytes();

    private static char[] charactersOfBytes() {
        char[] characters = new char[256];
        int[] bytes = bytesOfCharacters();
        for (char character = 0; character < bytes.length; character++) {
            if (bytes[character] != '?' || character == '?') {
                characters[bytes[character]] = character;
            }
        }
        return characters;
    }
}
