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
    private final Map<Integer, Emptying> emptying = new ConcurrentHashMap<>();

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
        emptying.values().removeIf(Emptying::isOver);
        Thread thread = Thread.currentThread();
        Emptying own = new Emptying(thread, guard.arm(thread::interrupt));
        emptying.put(stream, own);
        if (closed) {
            own.stop();
        }
    }

    /** The client wants no more of a stream. */
    void reset(int stream) {
        Departure departure = exchanges.get(stream);
        if (departure != null) {
            departure.leave();
        }
        Emptying left = emptying.remove(stream);
        if (left != null) {
            left.stop();
        }
    }

    /** The connection has ended. */
    void close() {
        closed = true;
        exchanges.values().forEach(Departure::leave);
        emptying.values().forEach(Emptying::stop);
    }

    /**
     * Helidon's reading of what is left of a request that is answered, which would wait for ever.
     *
     * @param deadline interrupts it; holds the thread, and all that its stack holds, until it rings or is cancelled
     */
    private record Emptying(Thread thread, TimingWheel.Alarm deadline) {
        void stop() {
            deadline.cancel();
            thread.interrupt();
        }

        boolean isOver() {
            if (thread.isAlive()) {
                return false;
            }
            deadline.cancel();
            return true;
        }
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
