package dev.outcrop.services.cloudwatchlogs.filter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Decides about a text. */
interface TextMatch {
    boolean matches(String text);

    /** Whether the text has {@code part} in it. */
    static TextMatch containing(String part) {
        return text -> text.contains(part);
    }

    /** Whether the text is {@code wanted}, in which an asterisk stands for anything. */
    static TextMatch like(String wanted) {
        if (wanted.indexOf('*') < 0) {
            return wanted::equals;
        }
        String[] parts = wanted.split("\\*", -1);
        return text -> {
            if (!text.startsWith(parts[0])) {
                return false;
            }
            int at = parts[0].length();
            for (int i = 1; i < parts.length - 1; i++) {
                int found = text.indexOf(parts[i], at);
                if (found < 0) {
                    return false;
                }
                at = found + parts[i].length();
            }
            String last = parts[parts.length - 1];
            return text.length() - at >= last.length() && text.endsWith(last);
        };
    }

    /**
     * Whether a regular expression is found in the text. Those that take too long on a text are not found there.
     *
     * @throws InvalidPatternException if it is none
     */
    static TextMatch regex(String expression) throws InvalidPatternException {
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException invalid) {
            throw new InvalidPatternException("Invalid regular expression: " + invalid.getDescription());
        }
        return text -> {
            Matcher matcher = pattern.matcher(new LimitedText(text));
            try {
                return matcher.find();
            } catch (TooMuchException | StackOverflowError endless) {
                return false;
            }
        };
    }

    /** Ends the search for an expression that goes back again and again. */
    final class LimitedText implements CharSequence {
        private static final int STEPS_A_CHARACTER = 100;
        private static final int LEAST_STEPS = 100_000;

        private final CharSequence text;
        private int left;

        LimitedText(CharSequence text) {
            this.text = text;
            left = Math.max(LEAST_STEPS, STEPS_A_CHARACTER * text.length());
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooMuchException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** A search has taken too many steps. */
    final class TooMuchException extends RuntimeException {
        TooMuchException() {
            super("too many steps", null, false, false);
        }
    }
}
