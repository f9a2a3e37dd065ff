package dev.outcrop.kernel.jobs;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Something that is done again and again. Where several servers share a database, one of them does it each time; it begins
 * soon after the first server starts. A failure is logged, and it is tried again when its time has come.
 *
 * @param name     such as {@code retention}
 * @param interval from the end of one run to the beginning of the next
 */
public record Chore(String name, Duration interval, Body body) {
    /** What is done. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it once. It may be cut off by a crash at any point: what it does must be right when done again.
         *
         * @param ending whether the server is going down, to be asked often
         */
        void run(BooleanSupplier ending);
    }
}
