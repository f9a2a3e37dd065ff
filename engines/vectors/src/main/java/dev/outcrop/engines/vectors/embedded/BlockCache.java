package dev.outcrop.engines.vectors.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decrypted blocks of all open files, at most so many bytes of them; what is read again stays (second chance, a form of the
 * clock algorithm). A block that is there is found without a lock. Files of vectors may be there as a whole, for which there
 * are as many bytes again. Safe for concurrent use.
 */
final class BlockCache {
    private final long mostBytes;
    private final AtomicLong wholeBytes = new AtomicLong();
    private final Deque<Place> places = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private long bytes;

    BlockCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    private record Place(Blocks blocks, int number) {}

    /** The blocks of one file. */
    final class Blocks {
        private final AtomicReferenceArray<byte[]> present;
        // Written without order: a lost mark costs one read of a block.
        private final byte[] used;
        private boolean closed;

        Blocks(int count) {
            present = new AtomicReferenceArray<>(count);
            used = new byte[count];
        }

        /** The block, or null if it is not here. */
        byte[] find(int number) {
            byte[] block = present.getAcquire(number);
            if (block != null) {
                used[number] = 1;
            }
            return block;
        }

        void add(int number, byte[] block) {
            lock.lock();
            try {
                if (closed || present.get(number) != null) {
                    return;
                }
                present.setRelease(number, block);
                places.addLast(new Place(this, number));
                bytes += block.length;
                // Everything may have been used since: then the oldest go anyway.
                for (int chances = places.size(); bytes > mostBytes && !places.isEmpty(); chances--) {
                    Place oldest = places.removeFirst();
                    oldest.blocks().leave(oldest, chances > 0);
                }
            } finally {
                lock.unlock();
            }
        }

        private void leave(Place place, boolean again) {
            byte[] block = present.get(place.number());
            if (closed || block == null) {
                return;
            }
            if (again && used[place.number()] == 1) {
                used[place.number()] = 0;
                places.addLast(place);
            } else {
                present.set(place.number(), null);
                bytes -= block.length;
            }
        }

        /** Forgets them all. */
        void close() {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                closed = true;
                for (int number = 0; number < present.length(); number++) {
                    byte[] block = present.getAndSet(number, null);
                    bytes -= block == null ? 0 : block.length;
                }
                places.removeIf(place -> place.blocks() == this);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether a file of so many bytes may be in memory as a whole; the memory is its until {@link #giveBack}. */
    boolean reserve(long length) {
        if (wholeBytes.addAndGet(length) <= mostBytes) {
            return true;
        }
        wholeBytes.addAndGet(-length);
        return false;
    }

    /** Takes back what {@link #reserve} gave. */
    void giveBack(long length) {
        wholeBytes.addAndGet(-length);
    }

    /** How many bytes are here. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
