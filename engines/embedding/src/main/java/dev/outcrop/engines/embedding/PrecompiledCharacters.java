package dev.outcrop.engines.embedding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SentencePiece's map of characters ({@code precompiled_charsmap}): a length, a trie of UTF-8 texts as a double array,
 * and what they become, each ended by a zero byte.
 *
 * <p>Does as Hugging Face's {@code tokenizers} does: a grapheme of fewer than six bytes is replaced as a whole by what its
 * shortest beginning in the trie becomes, any other character by character.
 *
 * <p>Source: Yata's darts-clone for the array; Kudo and Richardson, "SentencePiece", 2018, for its use.
 */
final class PrecompiledCharacters {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int WHOLE_BELOW_BYTES = 6;

    private final int[] units;
    private final byte[] replacements;

    /**
     * Reads a map.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    PrecompiledCharacters(byte[] map) {
        ByteBuffer buffer = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
        if (trieBytes < Integer.BYTES || trieBytes % Integer.BYTES != 0 || trieBytes > buffer.remaining()) {
            throw new IllegalArgumentException("its trie cannot have " + trieBytes + " bytes");
        }
        units = new int[trieBytes / Integer.BYTES];
        for (int i = 0; i < units.length; i++) {
            units[i] = buffer.getInt();
        }
        replacements = new byte[buffer.remaining()];
        buffer.get(replacements);
    }

    String normalize(String text) {
        StringBuilder normalized = new StringBuilder(text.length() + 16);
        for (Matcher graphemes = GRAPHEME.matcher(text); graphemes.find(); ) {
            String grapheme = graphemes.group();
            byte[] bytes = grapheme.getBytes(StandardCharsets.UTF_8);
            Optional<String> whole = bytes.length < WHOLE_BELOW_BYTES ? replacement(bytes) : Optional.empty();
            if (whole.isPresent()) {
                normalized.append(whole.get());
            } else {
                grapheme.codePoints()
                        .mapToObj(Character::toString)
                        .forEach(character -> normalized.append(replacement(character.getBytes(StandardCharsets.UTF_8))
                                .orElse(character)));
            }
        }
        return normalized.toString();
    }

    /** What the shortest beginning of {@code text} that is in the trie becomes. */
    private Optional<String> replacement(byte[] text) {
        int node = offset(units[0]);
        for (byte character : text) {
            if (character == 0) {
                return Optional.empty();
            }
            node ^= character & 0xFF;
            if (node >= units.length || label(units[node]) != (character & 0xFF)) {
                return Optional.empty();
            }
            boolean leaf = ((units[node] >>> 8) & 1) == 1;
            node ^= offset(units[node]);
            if (leaf) {
                return node < units.length ? Optional.of(textAt(units[node] & 0x7FFF_FFFF)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The character that leads to a unit; more than a byte where it holds a value. */
    private static int label(int unit) {
        return unit & 0x8000_00FF;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private String textAt(int start) {
        int end = Math.min(start, replacements.length);
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        int from = Math.min(start, end);
        return new String(replacements, from, end - from, StandardCharsets.UTF_8);
    }
}
