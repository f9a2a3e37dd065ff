package dev.outcrop.services.guardrails;

import java.util.ArrayList;
import java.util.List;

/** A text in parts that a small model can judge well, cut at white space where there is some. */
final class JudgedParts {
    private static final int LONGEST = 4000;

    private JudgedParts() {}

    static List<String> of(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = Math.min(text.length(), from + LONGEST);
            if (end < text.length()) {
                int space = end;
                while (space > from + LONGEST / 2 && !Character.isWhitespace(text.charAt(space - 1))) {
                    space--;
                }
                end = space > from + LONGEST / 2
                        ? space
                        : end - (Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0);
            }
            String part = text.substring(from, end);
            if (!part.isBlank()) {
                parts.add(part);
            }
            from = end;
        }
        return parts;
    }
}
