package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What is done to a text before it is parted: the {@code normalizer} of a {@code tokenizer.json}. */
final class TextNormalizer {
    private static final int LONGEST_PATTERN = 1_000;

    private final List<UnaryOperator<String>> steps;

    private TextNormalizer(List<UnaryOperator<String>> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * The steps of a {@code normalizer}.
     *
     * @throws EmbeddingException {@code INVALID} if one is not known here
     */
    static TextNormalizer of(JsonNode node, Path file) {
        List<UnaryOperator<String>> steps = new ArrayList<>();
        add(node, file, steps);
        return new TextNormalizer(steps);
    }

    private static void add(JsonNode node, Path file, List<UnaryOperator<String>> steps) {
        String type = node.path("type").asText();
        switch (type) {
            case "" -> {
                // The text as it is.
            }
            case "Sequence" -> node.path("normalizers").forEach(step -> add(step, file, steps));
            case "Precompiled" -> precompiled(node.path("precompiled_charsmap").asText(), file, steps);
            case "NFC", "NFD", "NFKC", "NFKD" -> {
                Normalizer.Form form = Normalizer.Form.valueOf(type);
                steps.add(text -> Normalizer.normalize(text, form));
            }
            case "Lowercase" -> steps.add(TextNormalizer::lowered);
            case "StripAccents" -> steps.add(TextNormalizer::withoutAccents);
            case "Strip" -> {
                boolean left = node.path("strip_left").asBoolean(true);
                boolean right = node.path("strip_right").asBoolean(true);
                steps.add(text -> stripped(text, left, right));
            }
            case "Prepend" -> {
                String prefix = node.path("prepend").asText();
                steps.add(text -> text.isEmpty() ? text : prefix + text);
            }
            case "Replace" -> steps.add(replacement(node, file));
            default ->
                throw Tokenizer.unsupported(
                        file,
                        "normalizer",
                        type,
                        "Precompiled, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace and"
                                + " sequences of them are");
        }
    }

    private static void precompiled(String map, Path file, List<UnaryOperator<String>> steps) {
        if (map.isEmpty()) {
            return;
        }
        try {
            PrecompiledCharacters characters =
                    new PrecompiledCharacters(Base64.getDecoder().decode(map));
            steps.add(characters::normalize);
        } catch (IllegalArgumentException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    "the tokenizer " + file + " has a map of characters that cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static UnaryOperator<String> replacement(JsonNode node, Path file) {
        String content = node.path("content").asText();
        JsonNode pattern = node.path("pattern");
        if (pattern.has("String")) {
            String wanted = pattern.path("String").asText();
            return text -> wanted.isEmpty() ? text : text.replace(wanted, content);
        }
        String expression = pattern.path("Regex").asText();
        try {
            if (expression.length() > LONGEST_PATTERN) {
                throw new PatternSyntaxException("longer than " + LONGEST_PATTERN + " characters", "", 0);
            }
            Pattern compiled = Pattern.compile(expression);
            return text -> compiled.matcher(text).replaceAll(Matcher.quoteReplacement(content));
        } catch (PatternSyntaxException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    "the tokenizer " + file + " has a pattern that cannot be read: " + e.getDescription(),
                    e);
        }
    }

    private static String withoutAccents(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> switch (Character.getType(character)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
                        false;
                    default -> true;
                })
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static String stripped(String text, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && isWhitespace(text.charAt(start))) {
            start++;
        }
        while (right && end > start && isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** In lower case, character by character as the reference does it: no context such as the Greek final sigma. */
    static String lowered(CharSequence text) {
        StringBuilder lowered = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character == 0x130) {
                lowered.append("i\u0307");
            } else {
                lowered.appendCodePoint(Character.toLowerCase(character));
            }
        });
        return lowered.toString();
    }

    /** White space by Unicode's property of that name. */
    static boolean isWhitespace(int character) {
        return character == ' '
                || (character >= 9 && character <= 13)
                || character == 0x85
                || (character >= 0x80 && Character.isSpaceChar(character));
    }

    String normalize(String text) {
        String normalized = text;
        for (UnaryOperator<String> step : steps) {
            normalized = step.apply(normalized);
        }
        return normalized;
    }
}
