package dev.outcrop.engines.ocr;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets only so many pages be unpacked and read at the same time, in the order of their coming: a job of many pages waits
 * its turn at each page.
 */
final class Turns {
    private final Semaphore free;

    Turns(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    /** Does {@code work} once it is its turn. */
    <T> T take(Deadline deadline, Supplier<T> work) {
        try {
            if (!free.tryAcquire(Math.max(0, deadline.leftNanos()), TimeUnit.NANOSECONDS)) {
                throw deadline.late();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw deadline.late();
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }
}
