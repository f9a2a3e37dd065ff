package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.families.InvokedBody;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** What all endpoints of both interfaces do alike: who may call, what is read at most, how failures are answered. */
abstract class ModelEndpoint implements Endpoint {
    private static final long MAXIMUM_BYTES = 25_000_000;
    private static final String JSON = "application/json";

    private final String method;
    private final String path;
    private final Optional<String> operation;

    ModelEndpoint(String method, String path, Optional<String> operation) {
        this.method = method;
        this.path = path;
        this.operation = operation;
    }

    @Override
    public final String method() {
        return method;
    }

    @Override
    public final String path() {
        return path;
    }

    @Override
    public final Authentication authentication() {
        return Authentication.BEARER_OR_SIGNATURE;
    }

    @Override
    public final Optional<String> operation() {
        return operation;
    }

    @Override
    public final void handle(EndpointExchange exchange) throws IOException {
        EventStreamWriter stream = new EventStreamWriter(
                exchange, withRequestId(Map.of("content-type", "text/event-stream", "cache-control", "no-cache")));
        try {
            answer(exchange, stream);
        } catch (RuntimeException thrown) {
            Optional<CallFailure> failure = CallFailure.of(thrown);
            if (failure.isEmpty()) {
                throw thrown;
            }
            fail(failure.get(), exchange, stream);
        }
        stream.end();
    }

    /** Answers, in whole with {@link #respond} or bit by bit with {@code stream}. */
    abstract void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException;

    /** Says what went wrong: as the response, or if it has begun as its last event. */
    abstract void fail(CallFailure failure, EndpointExchange exchange, EventStreamWriter stream) throws IOException;

    /** The headers with the interface's own name for the request id. */
    abstract Map<String, String> withRequestId(Map<String, String> headers);

    final void respond(EndpointExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.respond(status, withRequestId(Map.of("content-type", JSON)), TextInvocation.bytes(body));
    }

    /** The whole answer, whose usage is metered. */
    final void respond(EndpointExchange exchange, TextInvocation invocation) throws IOException {
        InvokedBody answer = invocation.invoke();
        ModelUse.used(answer.usage());
        exchange.respond(200, withRequestId(Map.of("content-type", JSON)), answer.body());
    }

    static byte[] body(EndpointExchange exchange) throws IOException {
        try (InputStream body = exchange.body(MAXIMUM_BYTES)) {
            return body.readAllBytes();
        }
    }
}
