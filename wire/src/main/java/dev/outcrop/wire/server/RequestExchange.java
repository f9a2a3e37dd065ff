package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.signature.PayloadException;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;

/** A request that came in and the answer that goes out, in our own terms. */
final class ServerExchange {
    /** More header fields than any client sends. */
    static final int MOST_HEADERS = 500;

    private final ServerRequest request;
    private final ServerResponse response;
    private final WireRequest head;
    private final Optional<HelidonSocket> socket;
    private final StallGuard guard;
    private final Departure client = new Departure(departure -> watch());
    private volatile boolean brokenOff;
    private volatile boolean readToTheEnd;

    ServerExchange(ServerRequest request, ServerResponse response, StallGuard guard) {
        this.guard = guard;
        this.request = request;
        this.response = response;
        socket = ConnectionSockets.current();
        head = new WireRequest(
                request.prologue().method().text().toUpperCase(Locale.ROOT),
                request.prologue().uriPath().rawPath(),
                request.prologue().hasQuery() ? request.prologue().query().rawValue() : "",
                headers(request));
        readToTheEnd = !request.content().hasEntity();
    }

    private void watch() {
        ConnectionSockets.watch(this, guard);
    }

    private static HttpHeaders headers(ServerRequest request) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        boolean host = false;
        for (Header header : request.headers()) {
            String name = header.headerName().lowerCase();
            host |= name.equals("host");
            if (header.valueCount() == 1) {
                headers.addLowerCase(name, header.get());
            } else {
                for (String value : header.allValues()) {
                    headers.addLowerCase(name, value);
                }
            }
        }
        if (request.authority() != null) {
            if (!host) {
                headers.addLowerCase("host", request.authority());
            }
            // Clients that speak HTTP/2, the SDK for JavaScript among them, sign the pseudo-header in Host's place.
            headers.addLowerCase(":authority", request.authority());
        }
        return headers.build();
    }

    /** What the request says before its body. */
    WireRequest head() {
        return head;
    }

    /**
     * The body as it comes in. A client that breaks it off, or stalls for too long, is told by
     * {@link PayloadException}, and its connection is closed: what is left of the body could not be told from a request.
     */
    InputStream body() {
        if (!request.content().hasEntity()) {
            return InputStream.nullInputStream();
        }
        return new FilterInputStream(request.content().inputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                Wait wait = new Wait();
                Future<?> hangUp = guard.arm(() -> socket.ifPresentOrElse(HelidonSocket::close, wait::interrupt));
                try {
                    int count = super.read(buffer, offset, length);
                    readToTheEnd |= count < 0;
                    // Helidon takes the end of an interrupted wait for the end of the body.
                    if (count < 0 && wait.isInterrupted()) {
                        throw new InterruptedIOException("the client sent nothing for too long");
                    }
                    return count;
                } catch (RuntimeException | IOException e) {
                    brokenOff = true;
                    PayloadException refusal = PayloadException.brokenOff();
                    refusal.addSuppressed(e);
                    throw refusal;
                } finally {
                    hangUp.cancel(false);
                    wait.end();
                }
            }
        };
    }

    /** Whether nothing more of the body is to come. */
    boolean isReadToTheEnd() {
        return readToTheEnd;
    }

    /** Whoever waits for the answer. */
    Departure client() {
        return client;
    }

    /** Who is at the other end of the connection. */
    PeerInfo peer() {
        return request.remotePeer();
    }

    /** The number of the exchange among those of its connection. */
    int id() {
        return request.id();
    }

    /** How long the body says it is. */
    OptionalLong contentLength() {
        return request.headers().contentLength();
    }

    boolean isSecure() {
        return request.isSecure();
    }

    /** The client's IP address. */
    String remoteAddress() {
        return request.remotePeer().host();
    }

    /** Whether the connection carries several exchanges at once, and bodies both ways at once. */
    boolean isHttp2() {
        return request.prologue().protocolVersion().startsWith("2");
    }

    /** Whether an answer has begun. */
    boolean isAnswered() {
        return response.isSent() || response.bytesWritten() > 0;
    }

    /**
     * Sends a whole answer.
     *
     * @throws ClientGone if nobody reads it
     */
    void send(WireResponse answer) {
        begin(answer.status(), answer.headers());
        if (brokenOff && !isHttp2()) {
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
        try {
            response.send(answer.body());
        } catch (RuntimeException e) {
            throw ClientOutput.orGone(e);
        }
        if (brokenOff) {
            socket.ifPresent(HelidonSocket::close);
        }
    }

    /** Begins an answer whose body is written to the stream that this returns; it throws {@link ClientGone}. */
    OutputStream stream(int status, HttpHeaders headers) {
        begin(status, headers);
        return new ClientOutput(response.outputStream());
    }

    private void begin(int status, HttpHeaders headers) {
        response.status(Status.create(status));
        for (int i = 0; i < headers.size(); i++) {
            response.headers().add(HeaderValues.create(headers.name(i), headers.value(i)));
        }
    }

    /** A thread's wait for the next piece of a body in HTTP/2, whose streams have no socket of their own to close. */
    private static final class Wait {
        private final Thread waiting = Thread.currentThread();
        private boolean interrupted;
        private boolean ended;

        synchronized void interrupt() {
            if (!ended) {
                interrupted = true;
                waiting.interrupt();
            }
        }

        synchronized boolean isInterrupted() {
            return interrupted;
        }

        synchronized void end() {
            ended = true;
            if (interrupted) {
                // Nobody else is meant by the interruption.
                Thread.interrupted();
            }
        }
    }
}
