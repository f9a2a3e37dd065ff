package dev.outcrop.engines.audio;

/** A file's sound cannot be had. */
public final class UnreadableAudioException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;

    public UnreadableAudioException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public UnreadableAudioException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    static UnreadableAudioException damaged(String message) {
        return new UnreadableAudioException(Category.DAMAGED, message);
    }

    static UnreadableAudioException unsupported(String message) {
        return new UnreadableAudioException(Category.UNSUPPORTED, message);
    }

    /** Why. */
    public Category category() {
        return category;
    }

    /** Reasons. */
    public enum Category {
        /** No format that is known, or a codec that nothing here decodes. */
        UNSUPPORTED,
        /** Not what its format says it should be. */
        DAMAGED,
        /** More bytes, or channels, than allowed. */
        TOO_LARGE,
        /** A longer sound than allowed. */
        TOO_LONG
    }
}
