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

/** What OpenAI's endpoints have in common: how they say what went wrong. */
abstract class OpenAiEndpoint extends ModelEndpoint {
    OpenAiEndpoint(String method, String path, Optional<String> operation) {
        super(method, path, operation);
    }

    @Override
    final Map<String, String> withRequestId(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-request-id", CallContext.current().requestId());
        return all;
    }

    @Override
    final void fail(CallFailure failure, EndpointExchange exchange, EventStreamWriter stream) throws IOException {
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
        if (stream.hasBegun()) {
            stream.data(body);
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
            case OVERLOADED -> 429;
            case FAILED -> 500;
            case UNAVAILABLE -> 503;
            case TIMED_OUT -> 504;
        };
    }

    private static String type(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LONG, TOO_LARGE, NO_SUCH_MODEL -> "invalid_request_error";
            case DENIED -> "permission_error";
            case OVERLOADED -> "rate_limit_error";
            case FAILED, UNAVAILABLE, TIMED_OUT -> "server_error";
        };
    }

    private static String code(CallFailure.Kind kind) {
        return switch (kind) {
            case INVALID, FAILED -> null;
            case TOO_LONG -> "context_length_exceeded";
            case TOO_LARGE -> "request_too_large";
            case DENIED -> "permission_denied";
            case NO_SUCH_MODEL -> "model_not_found";
            case OVERLOADED -> "rate_limit_exceeded";
            case UNAVAILABLE -> "service_unavailable";
            case TIMED_OUT -> "timeout";
        };
    }
}
