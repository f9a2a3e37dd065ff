package dev.outcrop.engines.voice;

/** A voice could not be opened, or did not speak. */
public final class VoiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public VoiceException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public VoiceException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** What kind of failure it was. */
    public Category category() {
        return category;
    }

    /** Kinds of failure, told apart by what a caller can do. */
    public enum Category {
        /** The model is not one of a voice. */
        INVALID,
        /** Too many speak at once. */
        OVERLOADED,
        /** The voice is closed, or the thread was interrupted. */
        UNAVAILABLE,
        FAILED
    }
}
