package dev.outcrop.engines.ocr;

/** A document cannot be read; the message says why in words that its owner can act on. */
public final class UnreadableDocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    /** Why. */
    public enum Category {
        /** None of JPEG, PNG, TIFF and PDF. */
        UNSUPPORTED,
        /** Empty, damaged or truncated. */
        DAMAGED,
        /** Longer or larger than allowed, also once unpacked. */
        TOO_LARGE,
        /** Of more pages than allowed. */
        TOO_MANY_PAGES,
        /** Needs a password. */
        ENCRYPTED,
        /** Reading took longer than allowed, waiting for others included, or was interrupted. */
        TOO_SLOW
    }

    public UnreadableDocumentException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public UnreadableDocumentException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** Why. */
    public Category category() {
        return category;
    }
}
