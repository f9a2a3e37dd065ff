package dev.outcrop.engines.sources;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * Which of a source's things are wanted: those that any inclusion pattern matches, or all where there is none, but for those
 * that an exclusion pattern matches, which takes precedence. A pattern must match the whole. Matching takes time linear in
 * the text, whatever the pattern (RE2).
 *
 * <p>Source: "Connect a data source to your knowledge base" of the Bedrock guide, inclusion and exclusion filters.
 */
public final class Patterns {
    /** Wants everything. */
    public static final Patterns ALL = new Patterns(List.of(), List.of());

    private static final int LONGEST = 1000;
    private static final int MOST = 25;

    private final List<Pattern> included;
    private final List<Pattern> excluded;

    /**
     * Compiles patterns.
     *
     * @throws SourceException if one is none, or is longer than 1,000 characters, or if there are more than 25
     */
    public Patterns(List<String> included, List<String> excluded) {
        this.included = compiled(included);
        this.excluded = compiled(excluded);
    }

    /** Whether something of this name is wanted. */
    public boolean want(String name) {
        return (included.isEmpty() || included.stream().anyMatch(pattern -> pattern.matches(name)))
                && excluded.stream().noneMatch(pattern -> pattern.matches(name));
    }

    private static List<Pattern> compiled(List<String> patterns) {
        if (patterns.size() > MOST) {
            throw new SourceException("There may be " + MOST + " filters, but are " + patterns.size());
        }
        return patterns.stream().map(Patterns::compiled).toList();
    }

    private static Pattern compiled(String pattern) {
        if (pattern.length() > LONGEST) {
            throw new SourceException("A filter may have " + LONGEST + " characters, but has " + pattern.length());
        }
        try {
            return Pattern.compile(pattern, Pattern.DOTALL);
        } catch (PatternSyntaxException wrong) {
            throw new SourceException(
                    "The filter " + pattern + " is no regular expression: " + wrong.getDescription(), wrong);
        }
    }
}
