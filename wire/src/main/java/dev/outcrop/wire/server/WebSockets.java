package dev.outcrop.wire.server;

import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.websocket.CloseCode;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Takes the connections out of HTTP/1.1 whose clients ask for a WebSocket to an operation that has events. */
public final class WebSockets implements Http1Upgrader {
    private static final String NAME = "websocket";

    private final FrontDoor door;

    private WebSockets(FrontDoor door) {
        this.door = door;
    }

    /** By the names that clients give it in their {@code Upgrade} header, which Helidon compares letter by letter. */
    public static Map<String, Http1Upgrader> upgraders(FrontDoor door) {
        WebSockets webSockets = new WebSockets(door);
        return Map.of(NAME, webSockets, "WebSocket", webSockets);
    }

    @Override
    public String supportedProtocol() {
        return NAME;
    }

    /** A connection that is a WebSocket from now on, or null, by which Helidon takes the request for any other. */
    @Override
    public ServerConnection upgrade(ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        WireRequest head = new WireRequest(
                prologue.method().text().toUpperCase(Locale.ROOT),
                prologue.uriPath().rawPath(),
                prologue.hasQuery() ? prologue.query().rawValue() : "",
                ServerExchange.headers(headers).build());
        return door.opens(head) ? new Connection(door, connection, head) : null;
    }

    /** A connection from the request for a WebSocket to its end. */
    private static final class Connection implements ServerConnection {
        private final FrontDoor door;
        private final ConnectionContext connection;
        private final WebSocketExchange exchange;

        Connection(FrontDoor door, ConnectionContext connection, WireRequest head) {
            this.door = door;
            this.connection = connection;
            exchange = door.webSocket(connection, head);
        }

        @Override
        public void handle(Limit limit) {
            door.handle(exchange);
        }

        /** None: a client that says nothing is asked for a sign of life. */
        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            exchange.finish(CloseCode.GOING_AWAY);
            ConnectionSockets.hangUp(connection.serverSocket());
        }
    }
}
