package dev.outcrop.kernel;

import java.io.IOException;
import java.util.Optional;

/** A plain HTTP resource that is no AWS operation, such as OpenAI's shapes and {@code /_outcrop/health}. */
public interface Endpoint {
    /** The HTTP method that it answers. */
    String method();

    /** The path that it answers: exact, or ending in {@code /*} for everything below. */
    String path();

    /** Who may call. */
    Authentication authentication();

    /**
     * The operation that the exchange is recorded as, such as {@code bedrock:ChatCompletions}; empty if it leaves no
     * record.
     */
    default Optional<String> operation() {
        return Optional.empty();
    }

    /** Answers one request. {@link CallContext#current()} is the caller's. */
    void handle(EndpointExchange exchange) throws IOException;

    /** The kinds of callers that an endpoint takes. */
    enum Authentication {
        NONE,
        BEARER_OR_SIGNATURE
    }
}
