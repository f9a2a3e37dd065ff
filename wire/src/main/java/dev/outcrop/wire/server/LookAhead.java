package dev.outcrop.wire.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The next bytes of an HTTP/1.1 connection, which can be waited for while the last request is being answered: if the
 * connection ends instead, the client has gone; if bytes come, they are those of its next request and kept for it.
 * Helidon's sockets have a method for that, {@code idle}, which does nothing for those that a server accepts.
 */
final class LookAhead {
    private final DataReader reader;
    private volatile Optional<FutureTask<byte[]>> early = Optional.empty();

    LookAhead(DataReader reader) {
        this.reader = reader;
    }

    /** The next bytes, for the connection's own thread. */
    byte[] next() {
        Optional<FutureTask<byte[]>> begun = early;
        if (begun.isEmpty()) {
            return read();
        }
        early = Optional.empty();
        try {
            return begun.get().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new CloseConnectionException("the connection cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("interrupted while waiting for the client", e);
        }
    }

    /**
     * Waits for the next bytes on a thread of its own. To be called while the connection's own thread does not read.
     *
     * @param gone run if the connection ends
     */
    void begin(Runnable gone) {
        if (early.isPresent()) {
            return;
        }
        FutureTask<byte[]> task = new FutureTask<>(this::read);
        early = Optional.of(task);
        Thread.ofVirtual().name("client-watch").start(() -> {
            task.run();
            if (task.state() == Future.State.FAILED) {
                gone.run();
            }
        });
    }

    private byte[] read() {
        return reader.readBuffer().readBytes();
    }
}
