package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Router;
import io.helidon.webserver.CloseConnectionException;
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
        calls = new AwsCalls(configuration, services, router, corridor, identification, origins);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        open.register();
        try {
            ServerExchange exchange = new ServerExchange(request, response, guard);
            ConnectionSockets.exchange(exchange, () -> answer(exchange));
        } finally {
            open.arriveAndDeregister();
        }
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
        Optional<WireResponse> preflight = origins.preflight(exchange.head());
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
        return new WireResponse(
                500,
                HttpHeaders.builder()
                        .add("content-type", "application/json")
                        .add("x-amzn-errortype", "InternalFailure")
                        .add("x-amzn-requestid", requestId)
                        .build(),
                ("{\"__type\":\"InternalFailure\",\"message\":\"The server failed unexpectedly; its log says why under"
                                + " request id " + requestId + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static WireResponse unavailable() {
        return new WireResponse(
                503,
                HttpHeaders.builder()
                        .add("content-type", "application/json")
                        .add("x-amzn-errortype", "ServiceUnavailable")
                        .add("connection", "close")
                        .build(),
                "{\"__type\":\"ServiceUnavailable\",\"message\":\"The server is shutting down.\"}"
                        .getBytes(StandardCharsets.UTF_8));
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
