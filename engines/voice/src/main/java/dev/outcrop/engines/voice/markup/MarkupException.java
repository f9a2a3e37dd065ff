package dev.outcrop.engines.voice.markup;

/** A document is not of its language. */
public final class MarkupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public MarkupException(Category category, String message) {
        super(message);
        this.category = category;
    }

    /** What was wrong. */
    public Category category() {
        return category;
    }

    /** What can be wrong. */
    public enum Category {
        /** It is no well-formed document, or not one of this language. */
        INVALID,
        /** It asks for something that the voice cannot do. */
        UNSUPPORTED,
        /** It names an alphabet of sounds that is not known. */
        ALPHABET,
        /** What is written or said of one entry is too long. */
        ENTRY_TOO_LONG
    }
}
