package dev.outcrop.wire.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Alarms that nearly all are cancelled before they ring, as deadlines are: setting and cancelling one takes a fraction of
 * a microsecond and wakes no thread. An alarm rings at its time or up to two ticks of a twentieth of a second later.
 *
 * <p>Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987, scheme 6.
 */
final class TimingWheel implements AutoCloseable {
    private static final long TICK_NANOS = 50_000_000;
    private static final int SLOTS = 1024;

    /** A wheel without alarms goes on for a second, so that one alarm at a time does not stop and start it. */
    private static final int IDLE_TICKS = 20;

    private final Slot[] slots = new Slot[SLOTS];
    private final LongAdder pending = new LongAdder();
    private final long start = System.nanoTime();
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean closed;

    TimingWheel(String threadName) {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new Slot();
        }
        thread = Thread.ofPlatform().daemon().name(threadName).start(this::turn);
    }

    /** Something that will be done, unless it is cancelled before. */
    interface Alarm {
        /** Nothing happens if it has rung already. */
        void cancel();
    }

    /**
     * Does something later.
     *
     * @param action must not block: later alarms wait for it
     * @param delay  from now on
     */
    Alarm set(Runnable action, Duration delay) {
        long tick = (System.nanoTime() - start + delay.toNanos()) / TICK_NANOS + 1;
        Entry entry = new Entry(slots[(int) (tick % SLOTS)], tick, action);
        entry.slot.add(entry);
        pending.increment();
        if (resting) {
            LockSupport.unpark(thread);
        }
        return entry;
    }

    private void turn() {
        long next = 0;
        int idle = 0;
        while (!closed) {
            long now = (System.nanoTime() - start) / TICK_NANOS;
            // After a rest one turn passes over every slot.
            for (next = Math.max(next, now - SLOTS + 1); next <= now; next++) {
                slots[(int) (next % SLOTS)].ring(now);
            }
            idle = pending.sum() == 0 ? idle + 1 : 0;
            if (idle < IDLE_TICKS) {
                LockSupport.parkNanos(start + next * TICK_NANOS - System.nanoTime());
            } else {
                rest();
                idle = 0;
            }
        }
    }

    private void rest() {
        resting = true;
        while (pending.sum() == 0 && !closed) {
            LockSupport.park(this);
        }
        resting = false;
    }

    /** No alarm rings any more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private final class Entry implements Alarm {
        private final Slot slot;
        private final long tick;
        private final Runnable action;
        private Entry before = this;
        private Entry after = this;

        Entry(Slot slot, long tick, Runnable action) {
            this.slot = slot;
            this.tick = tick;
            this.action = action;
        }

        @Override
        public void cancel() {
            if (slot.remove(this)) {
                pending.decrement();
            }
        }
    }

    /** A ring of entries, closed by one that never rings. */
    private final class Slot {
        private final Entry ends = new Entry(this, Long.MAX_VALUE, () -> {});

        synchronized void add(Entry entry) {
            entry.before = ends.before;
            entry.after = ends;
            ends.before.after = entry;
            ends.before = entry;
        }

        /** Whether it was still there. */
        synchronized boolean remove(Entry entry) {
            if (entry.after == entry) {
                return false;
            }
            entry.before.after = entry.after;
            entry.after.before = entry.before;
            entry.before = entry;
            entry.after = entry;
            return true;
        }

        void ring(long now) {
            for (Entry entry : due(now)) {
                if (remove(entry)) {
                    pending.decrement();
                    entry.action.run();
                }
            }
        }

        private synchronized List<Entry> due(long now) {
            List<Entry> due = new ArrayList<>();
            for (Entry entry = ends.after; entry != ends; entry = entry.after) {
                if (entry.tick <= now) {
                    due.add(entry);
                }
            }
            return due;
        }
    }
}
