package dev.outcrop.engines.guard;

import java.util.Map;

/** Tells harmful content. Safe for concurrent use. */
public interface ContentFilter {
    /**
     * How sure it is that {@code text} is harmful, category by category. A long text is as harmful as its most harmful
     * part.
     *
     * @return a value for each category, {@link Confidence#NONE} among them
     */
    Map<HarmCategory, Confidence> assess(String text);

    /** How probable it is that {@code text}, or its worst part, is of each category: values from 0 to 1. */
    Map<HarmCategory, Double> probabilities(String text);
}
