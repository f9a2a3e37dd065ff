package dev.outcrop.engines.speech;

/** Speech could not be recognised. */
public final class SpeechException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public SpeechException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public SpeechException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** What kind of failure it was. */
    public Category category() {
        return category;
    }

    /** Kinds of failure, told apart by what a caller can do. */
    public enum Category {
        /** The request is wrong: an unknown language, too many samples. */
        INVALID,
        /** The model's files are damaged or of another kind. */
        MODEL,
        /** Too many others wait. */
        OVERLOADED,
        /** It took longer than allowed. */
        TIMED_OUT,
        /** The process that recognises has died, or was stopped; another attempt may succeed. */
        UNAVAILABLE
    }
}
