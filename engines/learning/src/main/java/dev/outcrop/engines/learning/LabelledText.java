package dev.outcrop.engines.learning;

import java.util.Set;

/**
 * A text with what it is about.
 *
 * @param labels one where labels exclude each other; else any number
 */
public record LabelledText(String text, Set<String> labels) {
    public LabelledText {
        labels = Set.copyOf(labels);
    }

    public LabelledText(String text, String label) {
        this(text, Set.of(label));
    }
}
