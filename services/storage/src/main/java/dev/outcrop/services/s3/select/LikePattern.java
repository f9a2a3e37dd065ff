package dev.outcrop.services.s3.select;

import java.util.Arrays;
import java.util.Optional;

/**
 * A pattern in which a per cent sign stands for any characters and an underscore for one. Matching takes no longer than
 * the lengths of pattern and text multiplied.
 *
 * @param characters of the pattern
 * @param kinds      what each is: {@code %} and {@code _} for the wildcards, anything else for itself
 */
record LikePattern(int[] characters, char[] kinds) {
    private static final long MOST_STEPS = 1L << 28;

    static LikePattern of(String pattern, Optional<Character> escape) {
        int[] written = pattern.codePoints().toArray();
        int[] characters = new int[written.length];
        char[] kinds = new char[written.length];
        int count = 0;
        for (int i = 0; i < written.length; i++) {
            boolean escaped = escape.isPresent() && written[i] == escape.get();
            if (escaped && ++i == written.length) {
                throw SelectErrors.of(
                        "LikeInvalidInputs", "Invalid argument given to the LIKE clause in the SQL expression.");
            }
            characters[count] = written[i];
            kinds[count] = escaped || (written[i] != '%' && written[i] != '_') ? ' ' : (char) written[i];
            count++;
        }
        return new LikePattern(Arrays.copyOf(characters, count), Arrays.copyOf(kinds, count));
    }

    boolean matches(String text) {
        int[] subject = text.codePoints().toArray();
        if ((long) kinds.length * subject.length > MOST_STEPS) {
            throw SelectErrors.of(
                    "LikeInvalidInputs",
                    "The pattern of a LIKE clause in the SQL expression is too long for its text.");
        }
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (at < subject.length) {
            if (in < kinds.length && kinds[in] == '%') {
                star = in;
                in++;
                resume = at;
            } else if (in < kinds.length && (kinds[in] == '_' || characters[in] == subject[at])) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                resume++;
                at = resume;
            } else {
                return false;
            }
        }
        while (in < kinds.length && kinds[in] == '%') {
            in++;
        }
        return in == kinds.length;
    }
}
