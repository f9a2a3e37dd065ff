package dev.outcrop.services.guardrails;

import java.util.Arrays;
import java.util.Optional;

/**
 * A text without the characters that nobody sees and that would hide words from filters: zero-width spaces and joiners,
 * soft hyphens, marks of direction, tags, variation selectors. Knows where each of its characters came from.
 */
final class VisibleText {
    private final String original;
    private final String text;
    private final Optional<int[]> origins;

    private VisibleText(String original, String text, Optional<int[]> origins) {
        this.original = original;
        this.text = text;
        this.origins = origins;
    }

    /** What is to be seen of {@code original}. */
    static VisibleText of(String original) {
        int first = firstHidden(original);
        if (first < 0) {
            return new VisibleText(original, original, Optional.empty());
        }
        StringBuilder visible = new StringBuilder(original.length());
        int[] origins = new int[original.length() + 1];
        int at = 0;
        while (at < original.length()) {
            int character = original.codePointAt(at);
            int width = Character.charCount(character);
            if (!isHidden(character)) {
                for (int i = 0; i < width; i++) {
                    origins[visible.length() + i] = at + i;
                }
                visible.append(original, at, at + width);
            }
            at += width;
        }
        origins[visible.length()] = original.length();
        return new VisibleText(original, visible.toString(), Optional.of(Arrays.copyOf(origins, visible.length() + 1)));
    }

    private static int firstHidden(String text) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (isHidden(text.codePointAt(at))) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isHidden(int character) {
        return character > 0xA0
                && (Character.getType(character) == Character.FORMAT
                        || (character >= 0xFE00 && character <= 0xFE0F)
                        || (character >= 0xE0100 && character <= 0xE01EF)
                        || character == 0x034F
                        || character == 0x115F
                        || character == 0x1160
                        || character == 0x3164
                        || character == 0xFFA0);
    }

    /** What filters read. */
    String text() {
        return text;
    }

    /** Where the visible character at {@code index} begins in the original. */
    int start(int index) {
        return origins.map(places -> places[index]).orElse(index);
    }

    /** Where what ends before the visible index {@code end} ends in the original. */
    int end(int end) {
        return end == 0 ? 0 : origins.map(places -> places[end - 1] + 1).orElse(end);
    }

    /** The original between two visible places. */
    String original(int start, int end) {
        return original.substring(start(start), end(end));
    }
}
