package dev.outcrop.engines.embedding;

/** What is done with a text that is longer than the model reads. */
public enum Truncation {
    /** It is refused. */
    NONE,
    /** Its beginning is dropped. */
    START,
    /** Its end is dropped. */
    END
}
