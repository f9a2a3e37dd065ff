package dev.outcrop.engines.models;

/** Stops long work when the thread that does it is interrupted. */
final class Interruption {
    private Interruption() {}

    /** Throws if the thread was interrupted, and leaves it marked so. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled();
        }
    }

    static ModelException cancelled() {
        Thread.currentThread().interrupt();
        return new ModelException(
                ModelException.Category.CANCELLED,
                "stopped; what was fetched is kept, and the next try goes on from there");
    }
}
