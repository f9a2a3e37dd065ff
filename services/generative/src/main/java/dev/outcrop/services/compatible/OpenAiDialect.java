package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.services.bedrockruntime.families.Violation;

/** OpenAI's way. */
final class OpenAiDialect implements Dialect {
    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public String bedrockId(String model) {
        return model;
    }

    @Override
    public ObjectNode error(CallFailure failure, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error");
        if (failure.violation().isPresent()) {
            Violation.OpenAiError said = failure.violation().get().inOpenAiWords();
            error.put("message", said.message());
            error.put("type", "invalid_request_error");
            error.put("param", said.parameter().isEmpty() ? null : said.parameter());
            error.put("code", said.code());
        } else {
            error.put("message", failure.message());
            error.put("type", type(failure.kind()));
            error.put("param", failure.kind() == CallFailure.Kind.NO_SUCH_MODEL ? "model" : null);
            error.put("code", code(failure.kind()));
        }
        return body;
    }

    @Override
    public void sendError(EventStreamWriter stream, ObjectNode error) {
        stream.data(error);
    }

    @Override
    public int status(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG -> 400;
            case TOO_LARGE -> 413;
            case UNAUTHENTICATED -> 401;
            case DENIED -> 403;
            case NO_SUCH_MODEL -> 404;
            case THROTTLED, OVERLOADED -> 429;
            case FAILED -> 500;
            case UNAVAILABLE -> 503;
            case TIMED_OUT -> 504;
        };
    }

    private static String type(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG, TOO_LARGE, UNAUTHENTICATED, NO_SUCH_MODEL -> "invalid_request_error";
            case DENIED -> "permission_error";
            case THROTTLED, OVERLOADED -> "rate_limit_error";
            case FAILED, UNAVAILABLE, TIMED_OUT -> "server_error";
        };
    }

    private static String code(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, FAILED -> null;
            case TOO_LONG -> "context_length_exceeded";
            case TOO_LARGE -> "request_too_large";
            case UNAUTHENTICATED -> "invalid_api_key";
            case DENIED -> "permission_denied";
            case NO_SUCH_MODEL -> "model_not_found";
            case THROTTLED, OVERLOADED -> "rate_limit_exceeded";
            case UNAVAILABLE -> "service_unavailable";
            case TIMED_OUT -> "timeout";
        };
    }
}
