package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.signature.PayloadException;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
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

/** A request of HTTP and its answer. */
final class RequestExchange implements ServerExchange {
    /** A broken socket tells by itself that the client has gone. */
    private static final ClientPresence.Watch NOBODY = () -> {};

    private final ServerRequest request;
    private final ServerResponse response;
    private final WireRequest head;
    private final Optional<HelidonSocket> socket;
    private final StallGuard guard;
    private final Departure client = new Departure(departure -> watch());
    private volatile boolean brokenOff;
    private volatile boolean readToTheEnd;

    private boolean streaming;

    RequestExchange(ServerRequest request, ServerResponse response, StallGuard guard) {
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
        HttpHeaders.Builder headers = ServerExchange.headers(request.headers());
        if (request.authority() != null) {
            if (!headers.has("host")) {
                headers.addLowerCase("host", request.authority());
            }
            // Clients that speak HTTP/2, the SDK for JavaScript among them, sign the pseudo-header in Host's place.
            headers.addLowerCase(":authority", request.authority());
        }
        return headers.build();
    }

    @Override
    public WireRequest head() {
        return head;
    }

    @Override
    public InputStream body() {
        if (!request.content().hasEntity()) {
            return InputStream.nullInputStream();
        }
        return new FilterInputStream(request.content().inputStream()) {
            private long left = contentLength().orElse(Long.MAX_VALUE);

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                Wait wait = new Wait();
                TimingWheel.Alarm hangUp =
                        guard.arm(() -> socket.ifPresentOrElse(HelidonSocket::close, wait::interrupt));
                try (ClientPresence.Watch _ = socket.isPresent() ? NOBODY : client.onGone(wait::interrupt)) {
                    int count = super.read(buffer, offset, length);
                    left -= Math.max(0, count);
                    if (count < 0 || left == 0) {
                        readToTheEnd = true;
                    }
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
                    hangUp.cancel();
                    wait.end();
                }
            }
        };
    }

    @Override
    public boolean isReadToTheEnd() {
        return readToTheEnd;
    }

    @Override
    public Departure client() {
        return client;
    }

    @Override
    public PeerInfo peer() {
        return request.remotePeer();
    }

    @Override
    public int id() {
        return request.id();
    }

    @Override
    public OptionalLong contentLength() {
        return request.headers().contentLength();
    }

    @Override
    public boolean isSecure() {
        return request.isSecure();
    }

    @Override
    public String remoteAddress() {
        return request.remotePeer().host();
    }

    private boolean isHttp2() {
        return request.prologue().protocolVersion().startsWith("2");
    }

    @Override
    public boolean isAnswered() {
        // A short body without a length is counted only when it has left, which is after the answer.
        return streaming || response.isSent() || response.bytesWritten() > 0;
    }

    @Override
    public void send(WireResponse answer) {
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

    @Override
    public OutputStream stream(int status, HttpHeaders headers) {
        begin(status, headers);
        streaming = true;
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
