package dev.outcrop.engines.guard;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Regular expressions of one's own, matched in time linear in the text whatever they are: RE2's syntax, so without
 * look-around and back references. Safe for concurrent use.
 *
 * <p>Source: Cox, "Regular Expression Matching Can Be Simple And Fast", 2007, by RE2/J.
 */
public final class CustomPatterns {
    /** The longest regular expression, in UTF-16 units. */
    public static final int LONGEST = 500;

    /** The largest compiled one; {@code (a{100}){100}} is beyond it. */
    private static final int LARGEST_PROGRAM = 20_000;

    private final List<Compiled> patterns;

    /**
     * A regular expression.
     *
     * @param name what its findings are called by
     */
    public record NamedPattern(String name, String expression) {}

    /** What was found: of which pattern, and where, in UTF-16 units, {@code end} exclusive. */
    public record Match(String name, int start, int end) {}

    private record Compiled(String name, Pattern pattern) {}

    /**
     * Compiles patterns.
     *
     * @throws InvalidGuardException if one is malformed, too long, too large, or matches the empty text
     */
    public CustomPatterns(List<NamedPattern> patterns) {
        this.patterns = patterns.stream().map(CustomPatterns::compile).toList();
    }

    private static Compiled compile(NamedPattern pattern) {
        if (pattern.expression().isEmpty() || pattern.expression().length() > LONGEST) {
            throw new InvalidGuardException("the regular expression " + pattern.name() + " must have 1 to " + LONGEST
                    + " characters, but has " + pattern.expression().length());
        }
        Pattern compiled;
        try {
            compiled = Pattern.compile(pattern.expression());
        } catch (PatternSyntaxException e) {
            throw new InvalidGuardException(
                    "the regular expression " + pattern.name() + " is malformed: " + e.getDescription(), e);
        }
        if (compiled.programSize() > LARGEST_PROGRAM) {
            throw new InvalidGuardException("the regular expression " + pattern.name() + " is too large: it has "
                    + compiled.programSize() + " states, at most " + LARGEST_PROGRAM + " are taken");
        }
        return new Compiled(pattern.name(), compiled);
    }

    /** All matches that are not empty, pattern by pattern, those of one pattern in the order of their places. */
    public List<Match> find(String text) {
        List<Match> found = new ArrayList<>();
        for (Compiled pattern : patterns) {
            Matcher matcher = pattern.pattern().matcher(text);
            while (matcher.find()) {
                if (matcher.end() > matcher.start()) {
                    found.add(new Match(pattern.name(), matcher.start(), matcher.end()));
                }
            }
        }
        return List.copyOf(found);
    }
}
