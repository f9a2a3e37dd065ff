package dev.outcrop.services.cloudwatchlogs.filter;

import java.util.Map;
import java.util.Optional;

/** Says which events are meant. Safe for concurrent use. */
public sealed interface FilterPattern permits TermPattern, JsonPattern, FieldsPattern {
    /** Whether an event with this message is meant. */
    boolean matches(String message);

    /** What the pattern finds in a message that it matches, by names that begin with a dollar sign. */
    Map<String, String> extracted(String message);

    /** One thing of a message, by a name such as {@code $.latency} or {@code $status}; nothing if it is not there. */
    Optional<String> value(String message, String name);

    /**
     * Reads a pattern: terms, a JSON object in braces, or fields between spaces in brackets.
     *
     * @throws InvalidPatternException if it is none
     */
    static FilterPattern parse(String text) throws InvalidPatternException {
        String pattern = text.strip();
        if (pattern.startsWith("{")) {
            return JsonPattern.read(pattern);
        }
        if (pattern.startsWith("[")) {
            return FieldsPattern.read(pattern);
        }
        return TermPattern.read(pattern);
    }
}
