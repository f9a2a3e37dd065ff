package dev.outcrop.engines.text;

/** A text model did not answer. */
public final class TextModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public TextModelException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public TextModelException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** What kind of failure it was. */
    public Category category() {
        return category;
    }

    /** Kinds of failure, told apart by what a caller can do. */
    public enum Category {
        /** The request is wrong: a bad schema or template variable, a value out of range. */
        INVALID,
        /** Prompt and answer are longer than the context. */
        TOO_LONG,
        /** The model cannot do what is asked: no images, no tools. */
        UNSUPPORTED,
        /** No such model, or its file is missing. */
        NOT_FOUND,
        /** The queue is full: try again. */
        OVERLOADED,
        /** The time of the request ran out. */
        TIMED_OUT,
        /** The model is being loaded and is not ready yet. */
        NOT_READY,
        /** The model died, or its endpoint does not answer: it comes back by itself. */
        UNAVAILABLE,
        /** The endpoint refused our credentials. */
        DENIED,
        /** Something else went wrong in the model. */
        FAILED,
        /** The generation was closed by its reader. */
        CANCELLED
    }
}
