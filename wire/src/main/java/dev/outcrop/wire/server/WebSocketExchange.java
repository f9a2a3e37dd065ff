package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.eventstream.MessageDecoder;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.websocket.CloseCode;
import dev.outcrop.wire.websocket.WebSocket;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call whose events travel in the binary messages of a WebSocket, one in each. It is opened when the call has been
 * found well signed; what is wrong before that is an answer of HTTP, what is wrong after it an event.
 *
 * <p>Source: Amazon Transcribe Developer Guide, "Setting up a WebSocket stream".
 */
final class WebSocketExchange implements ServerExchange {
    private static final String SUFFIX = "-websocket";

    /** How long a URL that opens a WebSocket may be good for. */
    private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

    /** How long a client may take to answer a closing frame. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(5);

    private final ConnectionContext connection;
    private final WireRequest head;
    private final WireRequest target;
    private final String acceptance;
    private final StallGuard guard;
    /** The reading thread notices without being asked. */
    private final Departure client = new Departure(departure -> {});

    private final Inbox inbox = new Inbox();
    private volatile boolean answered;
    private volatile Optional<Opened> opened = Optional.empty();

    /** An open WebSocket and the thread that reads it. */
    private record Opened(WebSocket socket, Thread reader) {}

    /**
     * A request for a WebSocket.
     *
     * @param acceptance what the client's key is answered with
     */
    WebSocketExchange(ConnectionContext connection, WireRequest head, String acceptance, StallGuard guard) {
        this.connection = connection;
        this.head = head;
        this.acceptance = acceptance;
        this.guard = guard;
        target = target(head);
    }

    /** What {@code head} would be over HTTP: services call the path of the WebSocket after that of the operation. */
    static WireRequest target(WireRequest head) {
        String path = head.path().endsWith(SUFFIX)
                ? head.path().substring(0, head.path().length() - SUFFIX.length())
                : head.path();
        return new WireRequest("POST", path, head.query(), head.headers());
    }

    @Override
    public WireRequest head() {
        return head;
    }

    @Override
    public WireRequest target() {
        return target;
    }

    @Override
    public WireRequest input(ServiceModel service, OperationModel operation) {
        return HeaderParameters.asHeaders(head, service, operation);
    }

    @Override
    public void check(Credentials credentials, AuthenticationDialect dialect) {
        if (credentials instanceof Credentials.Signed signed) {
            dialect.checkLifetime(signed.claim(), LONGEST_LIFETIME);
        }
    }

    /** Nothing: only events come in. */
    @Override
    public InputStream body() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream events(HttpHeaders opening) {
        open(opening);
        return inbox;
    }

    @Override
    public OptionalLong contentLength() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public String remoteAddress() {
        return connection.remotePeer().host();
    }

    @Override
    public Departure client() {
        return client;
    }

    @Override
    public PeerInfo peer() {
        return connection.remotePeer();
    }

    @Override
    public int id() {
        return 1;
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    @Override
    public boolean isEventStream() {
        return opened.isPresent();
    }

    /** Refuses to open the WebSocket, and ends the connection. */
    @Override
    public void send(WireResponse answer) {
        HttpHeaders headers = answer.headers().toBuilder()
                .set("content-length", Integer.toString(answer.body().length))
                .set("connection", "close")
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head(Status.create(answer.status()), headers));
        bytes.writeBytes(answer.body());
        answered = true;
        write(bytes.toByteArray());
    }

    @Override
    public OutputStream stream(int status, HttpHeaders headers) {
        WebSocket socket = open(headers);
        return new OutputStream() {
            private final ByteArrayOutputStream message = new ByteArrayOutputStream();

            @Override
            public void write(int octet) {
                message.write(octet);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                message.write(buffer, offset, length);
            }

            @Override
            public void flush() {
                if (message.size() > 0) {
                    socket.send(message.toByteArray());
                    message.reset();
                }
            }

            @Override
            public void close() {
                flush();
            }
        };
    }

    private WebSocket open(HttpHeaders given) {
        if (opened.isPresent()) {
            return opened.get().socket();
        }
        HttpHeaders headers = given.toBuilder()
                .set("upgrade", "websocket")
                .set("connection", "Upgrade")
                .set("sec-websocket-accept", acceptance)
                .build();
        answered = true;
        write(head(Status.SWITCHING_PROTOCOLS_101, headers));
        ConnectionBytes bytes = new ConnectionBytes(connection, guard);
        WebSocket socket = new WebSocket(bytes, bytes.output(), MessageDecoder.LONGEST_MESSAGE);
        bytes.onSilence(socket::ping);
        Thread reader = Thread.ofVirtual().name("websocket").start(() -> read(socket, bytes));
        opened = Optional.of(new Opened(socket, reader));
        return socket;
    }

    private void read(WebSocket socket, InputStream bytes) {
        try {
            socket.receive(inbox::put);
            inbox.end(Optional.empty());
        } catch (IOException | ClientGone e) {
            inbox.end(Optional.of(e instanceof IOException failure ? failure : new IOException(e)));
        }
        client.leave();
        drain(bytes);
    }

    /** Reads on to the end: a connection closed with bytes unread could take the closing frame with it. */
    private static void drain(InputStream bytes) {
        try {
            bytes.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Whatever ended it, it has ended.
        }
    }

    /** Closes what was opened, and waits for the client to do the same. */
    void finish(CloseCode code) {
        if (opened.isEmpty()) {
            return;
        }
        inbox.close();
        try {
            opened.get().socket().close(code, "");
            if (!opened.get().reader().join(CLOSING_LIMIT)) {
                ConnectionSockets.hangUp(connection.serverSocket());
            }
        } catch (ClientGone e) {
            // Then there is nothing to be closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] head(Status status, HttpHeaders headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.reasonPhrase())
                .append("\r\n");
        for (int i = 0; i < headers.size(); i++) {
            // A line's end inside a value would begin a header of its own.
            head.append(headers.name(i))
                    .append(": ")
                    .append(headers.value(i).replace('\r', ' ').replace('\n', ' '))
                    .append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(byte[] bytes) {
        try {
            connection.dataWriter().writeNow(BufferData.create(bytes));
        } catch (RuntimeException e) {
            throw ClientOutput.orGone(e);
        }
    }
}
