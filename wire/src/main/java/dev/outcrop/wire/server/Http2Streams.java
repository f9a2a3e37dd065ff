package dev.outcrop.wire.server;

import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The client of an HTTP/2 connection and which of its streams in progress it still reads. Helidon goes on writing to a
 * stream that the client has reset, and hands nothing of the connection to a handler but its client. Safe for concurrent
 * use.
 */
final class Http2Streams implements PeerInfo {
    private final PeerInfo client;
    /** Known from the beginning: Helidon cannot tell it once the connection is closed, and streams may begin after that. */
    private final String host;

    private final Map<Integer, Departure> exchanges = new ConcurrentHashMap<>();

    private volatile boolean closed;

    Http2Streams(PeerInfo client) {
        this.client = client;
        host = client.host();
    }

    /** A stream's exchange begins. */
    void begin(int stream, Departure departure) {
        exchanges.put(stream, departure);
        if (closed) {
            departure.leave();
        }
    }

    /** A stream's exchange ends. */
    void end(int stream) {
        exchanges.remove(stream);
    }

    /** The client wants no more of a stream. */
    void reset(int stream) {
        Departure departure = exchanges.get(stream);
        if (departure != null) {
            departure.leave();
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        exchanges.values().forEach(Departure::leave);
    }

    @Override
    public SocketAddress address() {
        return client.address();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return client.port();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return client.tlsPrincipal();
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return client.tlsCertificates();
    }
}
