package dev.outcrop.engines.sources;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Patterns for the names of each kind of object of a source ({@code PatternObjectFilter} of Bedrock). Kinds without a filter
 * are wanted whole.
 */
public final class ObjectFilters {
    /** Wants everything. */
    public static final ObjectFilters NONE = new ObjectFilters(List.of());

    private final Map<String, Patterns> patterns;

    /**
     * Patterns for one kind of object.
     *
     * @param kind as the source's class names it, in any case, such as {@code Attachment}
     */
    public record ObjectFilter(String kind, List<String> included, List<String> excluded) {}

    /**
     * Compiles the patterns.
     *
     * @throws SourceException if one is wrong, or a kind has two filters
     */
    public ObjectFilters(List<ObjectFilter> filters) {
        Map<String, Patterns> compiled = new HashMap<>();
        for (ObjectFilter filter : filters) {
            if (compiled.put(key(filter.kind()), new Patterns(filter.included(), filter.excluded())) != null) {
                throw new SourceException("There are two filters for " + filter.kind());
            }
        }
        patterns = Map.copyOf(compiled);
    }

    /** Whether an object of this kind and name is wanted. */
    public boolean want(String kind, String name) {
        return patterns.getOrDefault(key(kind), Patterns.ALL).want(name);
    }

    /**
     * Refuses kinds that a source does not have.
     *
     * @throws SourceException naming those that it has
     */
    public void allow(List<String> kinds) {
        List<String> known = kinds.stream().map(ObjectFilters::key).toList();
        for (String kind : patterns.keySet()) {
            if (!known.contains(kind)) {
                throw new SourceException("Filters are for " + String.join(", ", kinds) + ", but one is for " + kind);
            }
        }
    }

    private static String key(String kind) {
        return kind.toLowerCase(Locale.ROOT);
    }
}
