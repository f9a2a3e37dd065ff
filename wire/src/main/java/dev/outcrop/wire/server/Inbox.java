package dev.outcrop.wire.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Messages that have come and are read as one stream; whoever puts them in waits while there are too many. */
final class Inbox extends InputStream {
    /** Bytes of messages that may wait; one message may always. */
    private static final int MOST = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> messages = new ArrayDeque<>();
    private long waiting;
    private int read;
    private boolean ended;
    private boolean closed;
    private Optional<IOException> failure = Optional.empty();

    /** Adds a message, once there is room; once nobody reads any more it is dropped. */
    void put(byte[] message) throws IOException {
        lock.lock();
        try {
            while (waiting > 0 && waiting + message.length > MOST && !closed) {
                changed.await();
            }
            if (!closed && message.length > 0) {
                messages.add(message);
                waiting += message.length;
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a message waited to be read");
        } finally {
            lock.unlock();
        }
    }

    /** There are no more messages; with a reason, reading fails after the last of them. */
    void end(Optional<IOException> why) {
        lock.lock();
        try {
            ended = true;
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        lock.lock();
        try {
            while (messages.isEmpty() && !ended && !closed) {
                changed.await();
            }
            if (messages.isEmpty()) {
                if (failure.isPresent()) {
                    throw new IOException(failure.get().getMessage(), failure.get());
                }
                return -1;
            }
            byte[] first = messages.getFirst();
            int count = Math.min(length, first.length - read);
            System.arraycopy(first, read, buffer, offset, count);
            read += count;
            if (read == first.length) {
                messages.removeFirst();
                waiting -= first.length;
                read = 0;
                changed.signalAll();
            }
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a message");
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            messages.clear();
            waiting = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
