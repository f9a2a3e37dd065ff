package dev.outcrop.engines.guard;

/** How sure a filter is that a text is of its kind, calibrated on texts that it was not trained on. */
public enum Confidence {
    /** It is not. */
    NONE,
    /** It may be; harmless texts are among these. */
    LOW,
    /** It probably is. */
    MEDIUM,
    /** It is, but for rare mistakes. */
    HIGH;

    /** Whether this is {@code other} or surer. */
    public boolean isAtLeast(Confidence other) {
        return compareTo(other) >= 0;
    }
}
