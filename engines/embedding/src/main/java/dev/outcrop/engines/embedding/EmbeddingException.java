package dev.outcrop.engines.embedding;

/** An embedding model did not answer. */
public final class EmbeddingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public EmbeddingException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public EmbeddingException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** What kind of failure it was. */
    public Category category() {
        return category;
    }

    /** Kinds of failure, told apart by what a caller can do. */
    public enum Category {
        INVALID,
        TOO_LONG,
        NOT_FOUND,
        OVERLOADED,
        TIMED_OUT,
        UNAVAILABLE,
        DENIED,
        FAILED
    }
}
