package dev.outcrop.wire.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a handler ask whether the client of its HTTP/1.1 connection is still there, which Helidon does not offer: the
 * connection's socket is bound to the thread that serves it.
 */
public final class ConnectionSockets {
    private static final ScopedValue<HelidonSocket> SOCKET = ScopedValue.newInstance();

    private ConnectionSockets() {}

    /** The socket of the connection that this thread serves. */
    static Optional<HelidonSocket> current() {
        return SOCKET.isBound() ? Optional.of(SOCKET.get()) : Optional.empty();
    }

    /** {@code selector}, whose connections remember their socket. */
    public static ServerConnectionSelector remembered(ServerConnectionSelector selector) {
        return new ServerConnectionSelector() {
            @Override
            public int bytesToIdentifyConnection() {
                return selector.bytesToIdentifyConnection();
            }

            @Override
            public Support supports(BufferData data) {
                return selector.supports(data);
            }

            @Override
            public Set<String> supportedApplicationProtocols() {
                return selector.supportedApplicationProtocols();
            }

            @Override
            public ServerConnection connection(ConnectionContext context) {
                return new Remembering(selector.connection(context), context.serverSocket());
            }
        };
    }

    private record Remembering(ServerConnection connection, HelidonSocket socket) implements ServerConnection {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            ScopedValue.where(SOCKET, socket).<Void, InterruptedException>call(() -> {
                connection.handle(limit);
                return null;
            });
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
