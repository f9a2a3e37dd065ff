package dev.outcrop.engines.models;

/** A model could not be described, fetched, found or kept. The message says what to do where something can be done. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public ModelException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public ModelException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** What kind of failure it was. */
    public Category category() {
        return category;
    }

    /** Kinds of failure, told apart by what a caller can do. */
    public enum Category {
        /** The catalog is malformed or says what cannot be: mend the file. */
        CATALOG,
        /** No such model in the catalog or in the store. */
        UNKNOWN_MODEL,
        /** Every source was tried and none gave the file; the message has one line for each. */
        NOT_FETCHED,
        /** Another process holds the model for longer than we wait. */
        BUSY,
        /** The thread was interrupted; what was fetched stays and the next attempt goes on from there. */
        CANCELLED,
        /** The folder of models cannot be read or written. */
        STORE
    }
}
