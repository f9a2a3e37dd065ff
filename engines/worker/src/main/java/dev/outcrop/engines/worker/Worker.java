package dev.outcrop.engines.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A service in a process of its own, started when first called, started again after its death, and stopped when idle.
 *
 * <p>When the process dies, the calls in flight fail with {@link WorkerException.Reason#UNAVAILABLE} at once and the
 * next call starts it again; one that dies over and over is given ever longer to rest, up to a minute, and calls in that
 * time fail at once. Safe for concurrent use.
 */
public final class Worker implements AutoCloseable {
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    /** A process that lived this long was healthy: its death is the first of a new series. */
    private static final Duration HEALTHY_LIFE = Duration.ofMinutes(2);

    private final WorkerSettings settings;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile WorkerProcess current;
    private volatile boolean closed;
    private boolean startedBefore;
    private boolean deathCounted;
    private int deathsInSeries;
    private long startedAt;

    public Worker(WorkerSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts the process if it does not run.
     *
     * @return what the service says of itself
     * @throws WorkerException if it cannot be started, or was closed
     */
    public byte[] start() {
        return process().description();
    }

    /**
     * Calls the service, starting it if need be.
     *
     * @throws WorkerException if it cannot be started, or was closed
     */
    public WorkerCall call(String operation, byte[] request) {
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<WorkerCall> call = process().call(operation, request);
            if (call.isPresent()) {
                return call.get();
            }
            // It ended between two lines: by idleness, as a rule.
        }
        throw new WorkerException(
                WorkerException.Reason.UNAVAILABLE, "worker " + settings.name() + " dies as soon as it is started");
    }

    /** The process, if there is one. */
    public Optional<Status> status() {
        WorkerProcess process = current;
        return process == null || !process.alive()
                ? Optional.empty()
                : Optional.of(new Status(
                        process.processId(),
                        process.residentBytes(),
                        process.callsInFlight(),
                        process.cancelledCalls(),
                        process.idle()));
    }

    /** Stops the process; the next call starts another one. */
    public void stop() {
        WorkerProcess process = current;
        if (process != null) {
            process.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        stop();
    }

    private WorkerProcess process() {
        WorkerProcess process = current;
        if (process != null && process.alive() && !closed) {
            return process;
        }
        lockWithin(settings.startLimit());
        try {
            if (closed) {
                throw new WorkerException(
                        WorkerException.Reason.UNAVAILABLE, "worker " + settings.name() + " was closed");
            }
            if (current == null || !current.alive()) {
                rest();
                startedAt = System.nanoTime();
                startedBefore = true;
                deathCounted = false;
                current = null; // if the start fails, that is a death, too
                current = WorkerProcess.start(settings);
                if (closed) {
                    current.close();
                }
                if (!settings.idleLimit().isZero()) {
                    WorkerProcess mine = current;
                    Thread.ofVirtual().name("idle " + settings.name()).start(() -> stopWhenIdle(mine));
                }
            }
            return current;
        } finally {
            starting.unlock();
        }
    }

    private void lockWithin(Duration limit) {
        try {
            if (!starting.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new WorkerException(
                        WorkerException.Reason.TIMED_OUT, "worker " + settings.name() + " is still starting");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkerException(
                    WorkerException.Reason.TIMED_OUT, "interrupted while worker " + settings.name() + " starts");
        }
    }

    /** Refuses while a worker that dies over and over rests: not at its first death, then 1, 2, 4… seconds. */
    private void rest() {
        long now = System.nanoTime();
        boolean died = startedBefore && (current == null || current.died());
        if (!died || now - startedAt > HEALTHY_LIFE.toNanos()) {
            deathsInSeries = 0;
        }
        if (!died) {
            return;
        }
        if (!deathCounted) {
            deathsInSeries++;
            deathCounted = true;
        }
        if (deathsInSeries >= 2) {
            Duration rest = Duration.ofSeconds(1L << Math.min(deathsInSeries - 2, 6));
            long until = startedAt + Math.min(rest.toNanos(), LONGEST_REST.toNanos());
            if (now - until < 0) {
                throw new WorkerException(
                        WorkerException.Reason.UNAVAILABLE,
                        "worker " + settings.name() + " has died " + deathsInSeries + " times in a row and rests for "
                                + Duration.ofNanos(until - now).toMillis() + " ms more");
            }
        }
    }

    private void stopWhenIdle(WorkerProcess process) {
        while (!process.closeIfIdle(settings.idleLimit())) {
            try {
                Thread.sleep(settings.idleLimit().minus(process.idle()).plusMillis(1));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * A running process.
     *
     * @param residentBytes memory that it holds for itself, pages of mapped files not counted; 0 where unknown
     * @param calls         in flight
     * @param cancelled     those that were cancelled and that the process has not let go of yet
     * @param idle          since its last call ended; zero while there are calls
     */
    public record Status(long processId, long residentBytes, int calls, int cancelled, Duration idle) {}
}
