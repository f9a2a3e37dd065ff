package dev.outcrop.engines.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A call to a worker, whose answer comes in parts. For one reader at a time; closing before the end cancels, on whatever
 * thread, and lets a reader that waits go.
 *
 * <p>Parts that have come and are not read yet wait here, so that a slow reader holds up no other call. Their number
 * is what the service limits: a generation, by its maximum of tokens.
 */
public final class WorkerCall implements AutoCloseable {
    private final WorkerProcess process;
    private final int number;
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    WorkerCall(WorkerProcess process, int number) {
        this.process = process;
        this.number = number;
    }

    void receive(Frame frame) {
        frames.add(frame);
    }

    /**
     * The next part of the answer; empty when it is complete, or the call was closed. Blocks.
     *
     * @throws WorkerException if the call failed, the process died or nothing came within {@code limit}
     */
    public Optional<byte[]> next(Duration limit) {
        if (ended.get()) {
            return Optional.empty();
        }
        Frame frame;
        try {
            frame = frames.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkerException(WorkerException.Reason.TIMED_OUT, "interrupted while waiting for " + process);
        }
        if (frame == null) {
            throw new WorkerException(
                    WorkerException.Reason.TIMED_OUT, process + " did not answer within " + limit.toMillis() + " ms");
        }
        if (frame.kind() == Frame.Kind.ITEM) {
            return Optional.of(frame.payload());
        }
        ended.set(true);
        if (frame.kind() == Frame.Kind.ERROR) {
            throw failure(frame);
        }
        return Optional.empty();
    }

    static WorkerException failure(Frame error) {
        String message = new String(error.rest(), StandardCharsets.UTF_8);
        return error.name().equals(WorkerException.Reason.UNAVAILABLE.name())
                ? new WorkerException(WorkerException.Reason.UNAVAILABLE, message)
                : WorkerException.refused(error.name(), message);
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            process.cancel(number);
            receive(Frame.of(Frame.Kind.END, number));
        }
    }
}
