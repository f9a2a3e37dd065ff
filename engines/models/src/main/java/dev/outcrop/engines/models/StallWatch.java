package dev.outcrop.engines.models;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Reads from a stream that may go silent, and closes it when no byte came for too long. */
final class StallWatch implements AutoCloseable {
    private final InputStream in;
    private final Thread watcher;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean stalled;

    StallWatch(InputStream in, Duration limit) {
        this.in = in;
        this.watcher = Thread.startVirtualThread(() -> watch(limit.toNanos()));
    }

    private void watch(long limitNanos) {
        try {
            while (true) {
                long left = lastNanos + limitNanos - System.nanoTime();
                if (left <= 0) {
                    stalled = true;
                    in.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(left));
            }
        } catch (InterruptedException | IOException e) {
            // Interrupted when the reading is over; a stream that fails to close fails its reader too.
        }
    }

    /** Reads as {@link InputStream#read(byte[])} does. */
    int read(byte[] buffer) throws IOException {
        try {
            int read = in.read(buffer);
            lastNanos = System.nanoTime();
            if (stalled) {
                throw new IOException("no byte came for too long");
            }
            return read;
        } catch (IOException e) {
            throw stalled ? new IOException("no byte came for too long", e) : e;
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
