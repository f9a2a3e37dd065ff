package dev.outcrop.engines.ocr;

import java.time.Duration;

/** When reading must have ended. */
record Deadline(long nanoTime, Duration limit) {
    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos(), limit);
    }

    /**
     * Looks at the clock.
     *
     * @throws UnreadableDocumentException {@code TOO_SLOW} once the time is over, or the thread was interrupted
     */
    void check() {
        if (leftNanos() < 0 || Thread.currentThread().isInterrupted()) {
            throw late();
        }
    }

    long leftNanos() {
        return nanoTime - System.nanoTime();
    }

    UnreadableDocumentException late() {
        return new UnreadableDocumentException(
                UnreadableDocumentException.Category.TOO_SLOW,
                "the document takes longer than " + limit.toSeconds() + " s to read");
    }
}
