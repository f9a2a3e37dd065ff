package dev.outcrop.engines.text.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text whose every character knows where it came from: 0 for the template, other numbers for what it was given.
 *
 * <p>Equal to another text with the same characters, wherever they came from. Positions count UTF-16 units.
 */
public final class Text implements Comparable<Text> {
    /** The origin of what the template itself says. */
    public static final int TEMPLATE = 0;

    /** No characters. */
    public static final Text EMPTY = new Text("", new int[0], new int[0]);

    private final String value;
    /** Where each run ends; a run goes from the end of the one before. */
    private final int[] ends;

    private final int[] origins;

    private Text(String value, int[] ends, int[] origins) {
        this.value = value;
        this.ends = ends;
        this.origins = origins;
    }

    /** A run of characters with one origin. */
    public record Run(String text, int origin) {}

    /** {@code value}, all of it from {@code origin}. */
    public static Text of(String value, int origin) {
        return value.isEmpty() ? EMPTY : new Text(value, new int[] {value.length()}, new int[] {origin});
    }

    /** {@code value} as said by the template. */
    public static Text of(String value) {
        return of(value, TEMPLATE);
    }

    /** The characters. */
    public String value() {
        return value;
    }

    /** How many UTF-16 units. */
    public int length() {
        return value.length();
    }

    /** The runs, in order. */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>(ends.length);
        int start = 0;
        for (int run = 0; run < ends.length; run++) {
            runs.add(new Run(value.substring(start, ends[run]), origins[run]));
            start = ends[run];
        }
        return runs;
    }

    /** The characters from {@code start} to before {@code end}. */
    public Text substring(int start, int end) {
        if (start >= end) {
            return EMPTY;
        }
        if (start == 0 && end == value.length()) {
            return this;
        }
        Builder builder = new Builder();
        builder.append(this, start, end);
        return builder.build();
    }

    /** The characters from {@code start} on. */
    public Text substring(int start) {
        return substring(start, value.length());
    }

    /** This and then {@code other}. */
    public Text concat(Text other) {
        return new Builder().append(this).append(other).build();
    }

    /**
     * {@code changed}, which was made from this text by a change that cannot be followed: as from the template only if
     * all of this was.
     */
    public Text changedTo(String changed) {
        if (changed.length() == value.length()) {
            return changed.isEmpty() ? EMPTY : new Text(changed, ends, origins);
        }
        return of(changed, dominantOrigin());
    }

    /** The origin of the last run that is not the template's, or the template. */
    int dominantOrigin() {
        for (int run = origins.length - 1; run >= 0; run--) {
            if (origins[run] != TEMPLATE) {
                return origins[run];
            }
        }
        return TEMPLATE;
    }

    @Override
    public int compareTo(Text other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && value.equals(text.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /** Puts texts together. */
    public static final class Builder {
        private final StringBuilder characters = new StringBuilder();
        private int[] ends = new int[4];
        private int[] origins = new int[4];
        private int runs;

        /** Adds characters from {@code origin}. */
        public Builder append(String text, int origin) {
            characters.append(text);
            endRun(origin, text.length());
            return this;
        }

        /** Adds characters that the template says. */
        public Builder append(String text) {
            return append(text, TEMPLATE);
        }

        /** Adds a text. */
        public Builder append(Text text) {
            return append(text, 0, text.length());
        }

        /** Adds the characters of {@code text} from {@code start} to before {@code end}. */
        public Builder append(Text text, int start, int end) {
            int from = start;
            for (int run = 0; run < text.ends.length && from < end; run++) {
                int to = Math.min(text.ends[run], end);
                if (to > from) {
                    characters.append(text.value, from, to);
                    endRun(text.origins[run], to - from);
                    from = to;
                }
            }
            return this;
        }

        /** How many UTF-16 units so far. */
        public int length() {
            return characters.length();
        }

        /** What was put together. */
        public Text build() {
            if (runs == 0) {
                return EMPTY;
            }
            return new Text(characters.toString(), Arrays.copyOf(ends, runs), Arrays.copyOf(origins, runs));
        }

        private void endRun(int origin, int length) {
            if (length == 0) {
                return;
            }
            if (runs > 0 && origins[runs - 1] == origin) {
                ends[runs - 1] = characters.length();
                return;
            }
            if (runs == ends.length) {
                ends = Arrays.copyOf(ends, runs * 2);
                origins = Arrays.copyOf(origins, runs * 2);
            }
            ends[runs] = characters.length();
            origins[runs] = origin;
            runs++;
        }
    }
}
