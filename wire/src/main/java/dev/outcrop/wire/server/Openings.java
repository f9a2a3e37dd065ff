package dev.outcrop.wire.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector.Support;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connections from their first moment: a client that does not begin to speak in time is hung up on. Helidon would wait
 * for ever for the bytes by which it tells protocols apart; where there is but one selector it leaves that to it.
 */
public final class Openings implements ServerConnectionSelector {
    private final List<ServerConnectionSelector> protocols;
    private final StallGuard guard;

    /**
     * Connections of clients that speak one of {@code protocols}.
     *
     * @param protocols in the order in which they are tried
     */
    public Openings(List<ServerConnectionSelector> protocols, StallGuard guard) {
        this.protocols = List.copyOf(protocols);
        this.guard = guard;
    }

    /** Any. */
    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        Set<String> names = new HashSet<>();
        protocols.forEach(protocol -> names.addAll(protocol.supportedApplicationProtocols()));
        return names;
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Opening(context);
    }

    /** What the client speaks, by its first bytes. */
    private ServerConnectionSelector spoken(DataReader reader) {
        List<ServerConnectionSelector> left = new ArrayList<>(protocols);
        while (!left.isEmpty()) {
            int known = reader.available();
            for (ServerConnectionSelector candidate : List.copyOf(left)) {
                if (candidate.bytesToIdentifyConnection() > known) {
                    continue;
                }
                if (candidate.supports(reader.getBuffer(known)) == Support.SUPPORTED) {
                    return candidate;
                }
                left.remove(candidate);
            }
            if (!left.isEmpty()) {
                reader.getBuffer(known + 1);
            }
        }
        throw new CloseConnectionException("the client speaks no protocol that there is");
    }

    private final class Opening implements ServerConnection {
        private final ConnectionContext context;
        private final long openedAt = System.nanoTime();
        private volatile Optional<ServerConnection> begun = Optional.empty();

        Opening(ConnectionContext context) {
            this.context = context;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            ServerConnection connection = begin();
            begun = Optional.of(connection);
            connection.handle(limit);
        }

        private ServerConnection begin() {
            Deadline deadline = new Deadline(guard, context.serverSocket());
            deadline.begin();
            try {
                context.dataReader().ensureAvailable();
                return selector().connection(context);
            } catch (DataReader.InsufficientDataAvailableException e) {
                throw new CloseConnectionException("the client has said nothing", e);
            } finally {
                deadline.end();
            }
        }

        private ServerConnectionSelector selector() {
            if (context.serverSocket().protocolNegotiated()) {
                String agreed = context.serverSocket().protocol();
                for (ServerConnectionSelector protocol : protocols) {
                    if (protocol.supportedApplicationProtocols().contains(agreed)) {
                        return protocol;
                    }
                }
            }
            return spoken(context.dataReader());
        }

        @Override
        public Duration idleTime() {
            return begun.map(ServerConnection::idleTime)
                    .orElseGet(() -> Duration.ofNanos(System.nanoTime() - openedAt));
        }

        @Override
        public void close(boolean interrupt) {
            begun.ifPresentOrElse(
                    connection -> connection.close(interrupt), () -> ConnectionSockets.hangUp(context.serverSocket()));
        }
    }
}
