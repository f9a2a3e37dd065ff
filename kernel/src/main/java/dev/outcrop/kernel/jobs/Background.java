package dev.outcrop.kernel.jobs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What goes on while nobody calls.
 *
 * @param work how each kind of job is done, by its name
 * @param chores what is done again and again, by one server of those that share the database
 */
public record Background(Map<String, Work> work, List<Chore> chores) {
    /** Nothing. */
    public static final Background NONE = new Background(Map.of(), List.of());

    public Background {
        work = Map.copyOf(work);
        chores = List.copyOf(chores);
    }

    /** Chores without jobs. */
    public static Background of(List<Chore> chores) {
        return new Background(Map.of(), chores);
    }

    /** Both. */
    public Background and(Background other) {
        Map<String, Work> both = new HashMap<>(work);
        both.putAll(other.work);
        return new Background(
                both, Stream.concat(chores.stream(), other.chores.stream()).toList());
    }
}
