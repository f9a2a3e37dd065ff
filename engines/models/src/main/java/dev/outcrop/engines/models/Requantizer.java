package dev.outcrop.engines.models;

import java.nio.file.Path;

/** Rewrites weights in a type that is faster here. A text engine provides it. */
@FunctionalInterface
public interface Requantizer {
    /** Leaves everything as it is. */
    Requantizer NONE = (original, target, type, progress) -> unavailable(type);

    /** What is said where nothing can requantise. A store that can will do it at the next install. */
    static Outcome unavailable(String type) {
        return new Outcome(false, "kept as fetched: nothing here can requantise to " + type);
    }

    /**
     * Writes {@code original} to {@code target} in {@code type} and judges whether the result is good enough.
     *
     * @param original the weights as they were fetched
     * @param target   a path where nothing is; whatever is left there when the outcome is not accepted is deleted
     * @param type     the wanted type, as {@code Q8_0}
     * @param progress the share that is done, 0 to 1, as often as is known
     */
    Outcome requantize(Path original, Path target, String type, Share progress);

    /** Takes the share that is done. */
    @FunctionalInterface
    interface Share {
        /** The share that is done, 0 to 1. */
        void done(double share);
    }

    /**
     * What came of it.
     *
     * @param accepted whether the target replaces the original
     * @param note     what was measured or why not, for people, one line
     */
    record Outcome(boolean accepted, String note) {}
}
