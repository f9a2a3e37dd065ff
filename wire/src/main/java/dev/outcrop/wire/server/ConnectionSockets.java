package dev.outcrop.wire.server;

import dev.outcrop.wire.http.WireRequest;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector.Support;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What Helidon's connections lack: a handler can ask whether the client of its HTTP/1.1 connection is still there, since
 * the connection's socket is bound to the thread that serves it; clients that trickle in a request's head are hung up
 * on; and clients of HTTP/2 may say that they open no more streams, and be known to have left one.
 */
public final class ConnectionSockets {
    private static final ScopedValue<Http1> CURRENT = ScopedValue.newInstance();

    private ConnectionSockets() {}

    /** The socket of the HTTP/1.1 connection that this thread serves. */
    static Optional<HelidonSocket> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get().socket) : Optional.empty();
    }

    /** Closes {@code socket}, which may be closed already, or break in the attempt. */
    static void hangUp(HelidonSocket socket) {
        try {
            socket.close();
        } catch (UncheckedIOException e) {
            // Closed or broken, it is of no use to its client any more.
        }
    }

    /** Runs {@code exchange}, whose head has come in: while it lasts, its own limits hold. */
    static void exchange(ServerExchange exchange, Runnable body) {
        if (exchange.peer() instanceof Http2Streams streams) {
            streams.begin(exchange.id(), exchange.client());
            try {
                body.run();
            } finally {
                streams.end(exchange.id(), exchange.isReadToTheEnd());
                exchange.client().end();
            }
            return;
        }
        Http1 connection = CURRENT.get();
        connection.begin();
        try {
            body.run();
        } finally {
            exchange.client().end();
            connection.end(exchange.head());
        }
    }

    /**
     * Watches whether the client of {@code exchange} goes away, from now on if it has sent all of its request, else once
     * it has. An exchange that ends before the next look costs no more than its place in the queue.
     */
    static void watch(RequestExchange exchange, StallGuard guard) {
        if (CURRENT.isBound()) {
            CURRENT.get().watch(exchange, guard);
        }
    }

    /**
     * {@code selector} of HTTP/1.1, whose connections remember their socket and limit the time of a request's head. It
     * takes whatever does not begin as HTTP/2 does: Helidon hangs up without a word on what looks like neither.
     */
    public static ServerConnectionSelector http1(ServerConnectionSelector selector, StallGuard guard) {
        return new Selector(selector, beginning -> !isHttp2(beginning), context -> {
            Deadline deadline = new Deadline(guard, context.serverSocket());
            Http1 http1 = new Http1(context, deadline);
            ConnectionInput input = ConnectionInput.of(
                    context, context.remotePeer(), http1.lookAhead::next, http1::read, http1::waiting);
            return new Limited(selector.connection(input), Optional.of(http1), deadline::end);
        });
    }

    /** {@code selector} of HTTP/2, whose connections outlast a client's GOAWAY and limit the time of a frame. */
    public static ServerConnectionSelector http2(ServerConnectionSelector selector, StallGuard guard) {
        return new Selector(selector, ConnectionSockets::isHttp2, context -> {
            Http2Streams streams = new Http2Streams(context.remotePeer(), guard);
            Http2Frames frames = new Http2Frames(streams::reset);
            Deadline deadline = new Deadline(guard, context.serverSocket());
            ConnectionInput input = ConnectionInput.of(
                    context,
                    streams,
                    () -> context.dataReader().readBuffer().readBytes(),
                    bytes -> {
                        long finished = frames.finished();
                        byte[] passed = frames.next(bytes);
                        if (frames.finished() > finished) {
                            deadline.end();
                        }
                        return passed;
                    },
                    () -> {
                        if (frames.isInside()) {
                            deadline.begin();
                        }
                    });
            return new Limited(selector.connection(input), Optional.empty(), () -> {
                streams.close();
                deadline.end();
            });
        });
    }

    /** Whether a connection begins as HTTP/2 does, as far as its first bytes tell; Helidon waits for no more of them. */
    private static boolean isHttp2(BufferData beginning) {
        int known = Math.min(beginning.available(), Http2Frames.PREFACE.length);
        for (int i = 0; i < known; i++) {
            if ((byte) beginning.get(i) != Http2Frames.PREFACE[i]) {
                return false;
            }
        }
        // Less is how methods of HTTP/1.1 begin, too.
        return known >= "PRI".length();
    }

    private record Selector(
            ServerConnectionSelector selector,
            Predicate<BufferData> identify,
            Function<ConnectionContext, ServerConnection> open)
            implements ServerConnectionSelector {
        /** Any number of bytes will do to begin with. */
        private static final int ANY = 0;

        @Override
        public int bytesToIdentifyConnection() {
            return ANY;
        }

        @Override
        public Support supports(BufferData data) {
            return identify.test(data) ? Support.SUPPORTED : Support.UNSUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return selector.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            return open.apply(context);
        }
    }

    /** One connection of HTTP/1.1. */
    private static final class Http1 {
        private final HelidonSocket socket;
        private final LookAhead lookAhead;
        private final Deadline deadline;
        private volatile boolean exchanging;
        private volatile boolean last;

        Http1(ConnectionContext context, Deadline deadline) {
            socket = context.serverSocket();
            lookAhead = new LookAhead(context.dataReader());
            this.deadline = deadline;
        }

        void watch(RequestExchange exchange, StallGuard guard) {
            Departure client = exchange.client();
            client.lookingForward(guard.look(() -> client.unlessEnded(() -> {
                if (exchange.isReadToTheEnd()) {
                    lookAhead.begin(client::leave);
                } else {
                    watch(exchange, guard);
                }
            })));
        }

        byte[] read(byte[] bytes) {
            if (!exchanging) {
                deadline.begin();
            }
            return bytes;
        }

        void begin() {
            exchanging = true;
            deadline.end();
        }

        void end(WireRequest request) {
            exchanging = false;
            last = request.header("connection")
                    .filter(value -> value.toLowerCase(Locale.ROOT).contains("close"))
                    .isPresent();
        }

        /** Helidon says that it will close the connection after such a request, and waits for the next one. */
        void waiting() {
            if (last && !exchanging) {
                throw new CloseConnectionException("the client wanted one more answer only");
            }
        }
    }

    private record Limited(ServerConnection connection, Optional<Http1> http1, Runnable end)
            implements ServerConnection {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                if (http1.isEmpty()) {
                    connection.handle(limit);
                    return;
                }
                ScopedValue.where(CURRENT, http1.get()).<Void, InterruptedException>call(() -> {
                    connection.handle(limit);
                    return null;
                });
            } finally {
                end.run();
            }
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }
    }
}
