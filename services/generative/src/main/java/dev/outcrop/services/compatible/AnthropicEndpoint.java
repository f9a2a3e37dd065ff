package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.families.Violation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What Anthropic's endpoints have in common: how they say what went wrong. */
abstract class AnthropicEndpoint extends ModelEndpoint {
    AnthropicEndpoint(String method, String path, Optional<String> operation) {
        super(method, path, operation);
    }

    @Override
    final Map<String, String> withRequestId(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("request-id", CallContext.current().requestId());
        return all;
    }

    /** The id that Amazon Bedrock's operations know a model by: Anthropic's own names lack the provider. */
    static String bedrockId(String model) {
        return model.startsWith("claude-") ? "anthropic." + model : model;
    }

    @Override
    final void fail(CallFailure failure, EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "error");
        ObjectNode error = body.putObject("error");
        error.put("type", type(failure.kind()));
        error.put(
                "message", failure.violation().map(Violation::inAnthropicWords).orElse(failure.message()));
        body.put("request_id", CallContext.current().requestId());
        if (stream.hasBegun()) {
            stream.event("error", body);
        } else {
            respond(exchange, status(failure.kind()), body);
        }
    }

    private static int status(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG -> 400;
            case TOO_LARGE -> 413;
            case DENIED -> 403;
            case NO_SUCH_MODEL -> 404;
            case FAILED -> 500;
            case TIMED_OUT -> 504;
            case OVERLOADED, UNAVAILABLE -> 529;
        };
    }

    private static String type(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG -> "invalid_request_error";
            case TOO_LARGE -> "request_too_large";
            case DENIED -> "permission_error";
            case NO_SUCH_MODEL -> "not_found_error";
            case FAILED -> "api_error";
            case TIMED_OUT -> "timeout_error";
            case OVERLOADED, UNAVAILABLE -> "overloaded_error";
        };
    }
}
