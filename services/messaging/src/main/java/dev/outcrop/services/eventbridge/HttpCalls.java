package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.web.WebCalls;
import dev.outcrop.engines.web.WebCalls.UnansweredException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls of servers out there, each of which has five seconds for all of its answer. */
final class HttpCalls {
    private final WebCalls calls = new WebCalls(Duration.ofSeconds(5), 1 << 20);

    /**
     * The answer to a request.
     *
     * @throws DeliveryFailure.Thrown if there is none
     */
    HttpResponse<byte[]> answer(HttpRequest request) {
        try {
            return calls.answer(request);
        } catch (UnansweredException unanswered) {
            throw switch (unanswered.reason()) {
                case LATE -> failure("TIMEOUT", unanswered, true);
                case UNREACHABLE, BROKEN, TOO_LARGE, UNKNOWN_HOST -> failure("CONNECTION_FAILURE", unanswered, true);
                case FORBIDDEN_ADDRESS -> failure("INVALID_PARAMETER", unanswered, false);
                case ENDING -> failure("INTERNAL_ERROR", unanswered, true);
            };
        }
    }

    private static DeliveryFailure.Thrown failure(String code, UnansweredException unanswered, boolean retriable) {
        return new DeliveryFailure(code, unanswered.getMessage(), retriable).thrown();
    }

    void close() {
        calls.close();
    }
}
