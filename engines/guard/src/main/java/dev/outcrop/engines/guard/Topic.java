package dev.outcrop.engines.guard;

import java.util.List;

/**
 * A topic that shall not be spoken of.
 *
 * @param name       what it is called by
 * @param definition what belongs to it, in a sentence or two
 * @param examples   phrases that belong to it; may be empty
 */
public record Topic(String name, String definition, List<String> examples) {
    public Topic {
        examples = List.copyOf(examples);
    }
}
