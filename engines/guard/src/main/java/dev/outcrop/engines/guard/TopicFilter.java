package dev.outcrop.engines.guard;

import java.util.List;

/** Tells whether a text speaks of topics that were defined. Safe for concurrent use. */
public interface TopicFilter {
    /**
     * The topics that {@code text} speaks of, in the order in which they were defined.
     */
    List<Topic> find(String text);
}
