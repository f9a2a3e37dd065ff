package dev.outcrop.engines.documents;

/** A document cannot be read; the message says why in words that its owner can act on. */
public final class DocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** Larger, longer, deeper, or with more pages than allowed, also once unpacked. */
        TOO_LARGE,
        /** Reading took longer than allowed, or was interrupted. */
        TOO_SLOW,
        /** Needs a password. */
        ENCRYPTED,
        /** Damaged, truncated, or of another format than it was said to be. */
        MALFORMED,
        /** Of a format that nothing here reads. */
        UNSUPPORTED,
        /** As many documents are being read as may be. */
        BUSY
    }

    public DocumentException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DocumentException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
