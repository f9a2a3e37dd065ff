package dev.outcrop.engines.documents;

import java.time.Duration;

/** When reading must have ended. */
record Deadline(long nanoTime, Duration limit) {
    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos(), limit);
    }

    /**
     * Looks at the clock.
     *
     * @throws DocumentException {@code TOO_SLOW} once the time is over, or the thread was interrupted
     */
    void check() {
        if (System.nanoTime() - nanoTime > 0 || Thread.currentThread().isInterrupted()) {
            throw late();
        }
    }

    DocumentException late() {
        return new DocumentException(
                DocumentException.Reason.TOO_SLOW, "it takes longer than " + limit.toSeconds() + " s to read");
    }
}
