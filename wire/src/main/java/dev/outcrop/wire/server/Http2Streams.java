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
    private final StallGuard guard;
    /** Known from the beginning: Helidon cannot tell it once the connection is closed, and streams may begin after that. */
    private final String host;

    private final Map<Integer, Departure> exchanges = new ConcurrentHashMap<>();
    /** The threads in which Helidon reads what is left of requests that are answered; it would wait for ever. */
    private final Map<Integer, Thread> emptying = new ConcurrentHashMap<>();

    private volatile boolean closed;

    Http2Streams(PeerInfo client, StallGuard guard) {
        this.client = client;
        this.guard = guard;
        host = client.host();
    }

    /** A stream's exchange begins. */
    void begin(int stream, Departure departure) {
        exchanges.put(stream, departure);
        if (closed) {
            departure.leave();
        }
    }

    /** The exchange of the stream that this thread serves ends. */
    void end(int stream, boolean readToTheEnd) {
        exchanges.remove(stream);
        if (readToTheEnd) {
            return;
        }
        Thread thread = Thread.currentThread();
        emptying.values().removeIf(other -> !other.isAlive());
        emptying.put(stream, thread);
        guard.arm(thread::interrupt);
        if (closed) {
            thread.interrupt();
        }
    }

    /** The client wants no more of a stream. */
    void reset(int stream) {
        Departure departure = exchanges.get(stream);
        if (departure != null) {
            departure.leave();
        }
        Thread thread = emptying.remove(stream);
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        exchanges.values().forEach(Departure::leave);
        emptying.values().forEach(Thread::interrupt);
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
