package dev.outcrop.engines.text.chat;

/** Reads what follows the marker that begins a call, while it is being written: one call, or several that share it. */
interface CallReader {
    /**
     * Takes from the beginning of {@code pending} what is certain, and gives it out.
     *
     * @param ended whether no more text comes
     */
    Progress read(StringBuilder pending, boolean ended, AnswerEvents events);

    /** Whether a call has been given out. */
    boolean begun();

    /** How far the reading has come. */
    enum Progress {
        /** More text is needed. */
        WAITING,
        /** What is left does not belong to a call. */
        ENDED,
        /** It is no call after all, and nothing was taken. */
        NO_CALL
    }
}
