package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.services.bedrockruntime.families.Violation;

/** Anthropic's way. */
final class AnthropicDialect implements Dialect {
    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    /** Anthropic's own names lack the provider. */
    @Override
    public String bedrockId(String model) {
        return model.startsWith("claude-") ? "anthropic." + model : model;
    }

    @Override
    public ObjectNode error(CallFailure failure, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "error");
        ObjectNode error = body.putObject("error");
        error.put("type", type(failure.kind()));
        error.put(
                "message", failure.violation().map(Violation::inAnthropicWords).orElse(failure.message()));
        body.put("request_id", requestId);
        return body;
    }

    @Override
    public void sendError(EventStreamWriter stream, ObjectNode error) {
        stream.event("error", error);
    }

    @Override
    public int status(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG -> 400;
            case TOO_LARGE -> 413;
            case UNAUTHENTICATED -> 401;
            case DENIED -> 403;
            case NO_SUCH_MODEL -> 404;
            case THROTTLED -> 429;
            case FAILED -> 500;
            case TIMED_OUT -> 504;
            case OVERLOADED, UNAVAILABLE -> 529;
        };
    }

    private static String type(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG -> "invalid_request_error";
            case TOO_LARGE -> "request_too_large";
            case UNAUTHENTICATED -> "authentication_error";
            case DENIED -> "permission_error";
            case NO_SUCH_MODEL -> "not_found_error";
            case THROTTLED -> "rate_limit_error";
            case FAILED -> "api_error";
            case TIMED_OUT -> "timeout_error";
            case OVERLOADED, UNAVAILABLE -> "overloaded_error";
        };
    }
}
