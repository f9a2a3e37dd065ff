package dev.outcrop.kernel.validation;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pattern of a service description that gives up, saying no, on texts that would take it for ever. Java's matcher goes
 * back and forth over the text and some of AWS's patterns, such as {@code ([a-z]+)*x}, let it do so exponentially often,
 * so its steps are counted.
 */
final class BoundedPattern {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedPattern.class);
    private static final long LEAST_STEPS = 1_000_000;
    private static final long STEPS_PER_CHARACTER = 200;

    private final String source;
    private final Pattern pattern;

    private BoundedPattern(String source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /** The pattern, unless Java cannot read it (it reads all of today's). */
    static Optional<BoundedPattern> compile(String source) {
        try {
            return Optional.of(new BoundedPattern(source, Pattern.compile(source)));
        } catch (PatternSyntaxException unreadable) {
            LOG.warn("pattern {} cannot be checked: {}", source, unreadable.getDescription());
            return Optional.empty();
        }
    }

    /** The pattern as the description has it, which is what AWS's messages repeat. */
    String source() {
        return source;
    }

    boolean matches(String text) {
        try {
            return pattern.matcher(new CountedText(text)).matches();
        } catch (TooManySteps | StackOverflowError endless) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        TooManySteps() {
            super("the pattern takes too many steps", null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private long stepsLeft;

        CountedText(String text) {
            this.text = text;
            stepsLeft = Math.max(LEAST_STEPS, text.length() * STEPS_PER_CHARACTER);
        }

        @Override
        public char charAt(int index) {
            if (--stepsLeft < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
