package dev.outcrop.services.transcribestreaming;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes that one thread brings, bounded, and another reads. */
final class ArrivingBytes extends InputStream {
    private static final int MOST_WAITING = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int size;
    private int at;
    private boolean ended;
    private boolean closed;
    private long lastNanos = System.nanoTime();

    /** Brings bytes; waits while too many wait already. After the reader has gone they are dropped. */
    void bring(byte[] bytes) {
        lock.lock();
        try {
            lastNanos = System.nanoTime();
            while (size > MOST_WAITING && !closed) {
                changed.await();
                lastNanos = System.nanoTime();
            }
            if (!closed && bytes.length > 0) {
                waiting.add(bytes);
                size += bytes.length;
                changed.signalAll();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Says that no more come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How long ago the last bytes came, in seconds; 0 once all have come. */
    long silentSeconds() {
        lock.lock();
        try {
            return ended ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastNanos);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        try {
            Optional<byte[]> next = awaitNext();
            if (next.isEmpty()) {
                return -1;
            }
            int count = Math.min(length, next.get().length - at);
            System.arraycopy(next.get(), at, target, offset, count);
            at += count;
            size -= count;
            if (at == next.get().length) {
                waiting.poll();
                at = 0;
            }
            changed.signalAll();
            return count;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while audio was awaited", interruption);
        } finally {
            lock.unlock();
        }
    }

    private Optional<byte[]> awaitNext() throws InterruptedException {
        while (waiting.isEmpty() && !ended && !closed) {
            changed.await();
        }
        return closed ? Optional.empty() : Optional.ofNullable(waiting.peek());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
