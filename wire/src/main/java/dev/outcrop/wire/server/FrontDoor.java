package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Router;
import dev.outcrop.wire.websocket.CloseCode;
import dev.outcrop.wire.websocket.Handshake;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where all requests come in: browsers' questions, endpoints, and everything else, which is AWS's. */
public final class FrontDoor implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final CrossOrigin origins;
    private final ResourceOrigins resources;
    private final EndpointCalls endpoints;
    private final AwsCalls calls;
    private final StallGuard guard;

    /** One party for the door itself; each exchange in progress is another. */
    private final Phaser open = new Phaser(1);

    private volatile boolean closing;

    public FrontDoor(
            WireConfiguration configuration,
            ServedServices services,
            Router router,
            Corridor corridor,
            Identification identification,
            Collection<Endpoint> endpoints,
            StallGuard guard) {
        origins = new CrossOrigin(configuration.origins());
        this.guard = guard;
        this.endpoints = new EndpointCalls(endpoints, corridor, identification, configuration);
        resources = new ResourceOrigins(router, services);
        calls = new AwsCalls(configuration, services, router, corridor, identification, origins, resources);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        open.register();
        try {
            ServerExchange exchange = new RequestExchange(request, response, guard);
            ConnectionSockets.exchange(exchange, () -> answer(exchange));
        } finally {
            open.arriveAndDeregister();
        }
    }

    /** Whether {@code head} asks for a WebSocket to an operation that has events; one to anything else is ignored. */
    boolean opens(WireRequest head) {
        return Handshake.isAsked(head) && calls.hasEvents(WebSocketExchange.target(head));
    }

    /** The exchange of a request that {@link #opens} a WebSocket on {@code connection}. */
    WebSocketExchange webSocket(ConnectionContext connection, WireRequest head) {
        return new WebSocketExchange(
                connection, head, Handshake.acceptance(head).orElse(""), guard);
    }

    /** Answers what {@code exchange} asks for, from the handshake to the closing of the WebSocket. */
    void handle(WebSocketExchange exchange) {
        open.register();
        try {
            ConnectionSockets.exchange(exchange, () -> converse(exchange));
        } finally {
            open.arriveAndDeregister();
        }
    }

    private void converse(WebSocketExchange exchange) {
        try {
            Optional<WireResponse> refusal = refusal(exchange.head());
            if (refusal.isPresent()) {
                exchange.send(refusal.get());
            } else {
                answer(exchange);
            }
            exchange.finish(CloseCode.NORMAL);
        } catch (ClientGone | CloseConnectionException e) {
            exchange.finish(CloseCode.INTERNAL_ERROR);
        }
    }

    /** What is wrong with a request for a WebSocket, whatever it is for. */
    private Optional<WireResponse> refusal(WireRequest head) {
        if (!Handshake.isVersionKnown(head)) {
            return Optional.of(plain(
                    426,
                    "UpgradeRequired",
                    "The WebSocket must be of version 13.",
                    Handshake.knownVersion().toBuilder()));
        }
        if (Handshake.acceptance(head).isEmpty()) {
            return Optional.of(plain(
                    400,
                    "BadRequestException",
                    "Sec-WebSocket-Key must be 16 bytes in Base64.",
                    HttpHeaders.builder()));
        }
        // Browsers ask nothing before they open a WebSocket, and any page may try.
        if (origins.refuses(head)) {
            return Optional.of(plain(
                    403,
                    "AccessDeniedException",
                    "Pages of this origin may not open a WebSocket.",
                    HttpHeaders.builder()));
        }
        return Optional.empty();
    }

    /** Answers; whatever fails in it is told the client here, so that Helidon hears of connections to close alone. */
    private void answer(ServerExchange exchange) {
        String requestId = RequestId.next();
        try {
            answer(exchange, requestId);
        } catch (ClientGone | IOException e) {
            // There is nobody to tell, or only a broken connection tells it.
            LOG.debug("request {} broke off: {}", requestId, e.getMessage());
            throw new CloseConnectionException("request " + requestId + " broke off", e);
        } catch (Throwable e) {
            LOG.error("the server failed, request {}", requestId, e);
            if (exchange.isAnswered()) {
                throw new CloseConnectionException("request " + requestId + " failed", e);
            }
            try {
                exchange.send(failed(requestId));
            } catch (ClientGone gone) {
                throw new CloseConnectionException("request " + requestId + " failed", gone);
            }
        }
    }

    private void answer(ServerExchange exchange, String requestId) throws IOException {
        if (closing) {
            exchange.send(unavailable());
            return;
        }
        Optional<WireResponse> preflight =
                resources.preflight(exchange.head()).or(() -> origins.preflight(exchange.head()));
        if (preflight.isPresent()) {
            exchange.send(preflight.get());
            return;
        }
        Optional<Endpoint> endpoint = endpoints.find(exchange.head());
        if (endpoint.isPresent()) {
            endpoints.answer(exchange, endpoint.get(), origins, requestId);
        } else {
            calls.answer(exchange, requestId);
        }
    }

    private static WireResponse failed(String requestId) {
        return plain(
                500,
                "InternalFailure",
                "The server failed unexpectedly; its log says why under request id " + requestId,
                HttpHeaders.builder().add("x-amzn-requestid", requestId));
    }

    private static WireResponse unavailable() {
        return plain(
                503,
                "ServiceUnavailable",
                "The server is shutting down.",
                HttpHeaders.builder().add("connection", "close"));
    }

    private static WireResponse plain(int status, String code, String message, HttpHeaders.Builder headers) {
        return new WireResponse(
                status,
                headers.set("content-type", "application/json")
                        .set("x-amzn-errortype", code)
                        .build(),
                ("{\"__type\":\"" + code + "\",\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** Takes no more requests and waits for those in progress, at most as long as {@code drain}. */
    public void close(Duration drain) {
        closing = true;
        int phase = open.arrive();
        try {
            open.awaitAdvanceInterruptibly(phase, drain.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillAnswering) {
            // They had their time; stopping the server closes their connections.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guard.close();
        }
    }
}
