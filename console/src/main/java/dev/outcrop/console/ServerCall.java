package dev.outcrop.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A call of the server's own interface, in JSON. Failures have AWS's form: the code in {@code x-amzn-errortype}, the
 * message in the body.
 *
 * @param right what the caller must be allowed, such as {@code outcrop:ListModels}; empty of what everybody may ask
 */
record ServerCall(String method, String path, Optional<String> right, Answering answering) implements Endpoint {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Answers a request. */
    @FunctionalInterface
    interface Answering {
        JsonNode answer(EndpointExchange exchange) throws IOException;
    }

    @Override
    public Authentication authentication() {
        return right.isPresent() ? Authentication.BEARER_OR_SIGNATURE : Authentication.NONE;
    }

    @Override
    public Optional<String> action() {
        return right;
    }

    /** What only looks is not recorded: pages look again and again while something is under way. */
    @Override
    public Optional<String> operation() {
        return right.filter(_ -> !method.equals("GET"));
    }

    @Override
    public void handle(EndpointExchange exchange) throws IOException {
        respond(exchange, 200, Map.of(), answering.answer(exchange));
    }

    @Override
    public boolean fail(EndpointExchange exchange, Answer.Failure failure) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("message", failure.message());
        respond(
                exchange,
                failure.status(),
                Map.of(
                        "x-amzn-errortype", failure.code(),
                        "x-amzn-requestid", failure.exception().requestId()),
                body);
        return true;
    }

    private static void respond(EndpointExchange exchange, int status, Map<String, String> headers, JsonNode body)
            throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        all.put("cache-control", "no-store");
        exchange.respond(status, all, JSON.writeValueAsBytes(body));
    }
}
