package dev.outcrop.engines.learning;

import java.util.List;

/** A text with the things that it names, none of which overlap. */
public record AnnotatedText(String text, List<Annotation> annotations) {
    public AnnotatedText {
        annotations = List.copyOf(annotations);
    }

    /**
     * A thing that a text names.
     *
     * @param start where, in UTF-16 units
     * @param end   where it ends, exclusive
     */
    public record Annotation(int start, int end, String type) {}
}
