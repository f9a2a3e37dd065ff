package dev.outcrop.kernel;

import java.io.IOException;
import java.util.Optional;

/** A plain HTTP resource that is no AWS operation, such as OpenAI's shapes and {@code /_outcrop/health}. */
public interface Endpoint {
    /** The HTTP method that it answers. */
    String method();

    /** The path that it answers: exact, or ending in {@code /*} for everything below. */
    String path();

    /**
     * What the names of hosts have in them all of whose requests it answers, whatever their method and path, as the web
     * sites of buckets do; empty if it answers its own path on every host.
     */
    default Optional<String> hostMark() {
        return Optional.empty();
    }

    /**
     * Whether requests that are signed as AWS's are, in a header or in the query, are not for it: where its path could
     * be a bucket's.
     */
    default boolean leavesSignedRequests() {
        return false;
    }

    /** Who may call. */
    Authentication authentication();

    /**
     * The operation that the exchange is recorded as, such as {@code bedrock:ChatCompletions}; empty if it leaves no
     * record.
     */
    default Optional<String> operation() {
        return Optional.empty();
    }

    /**
     * The IAM action that the caller must be allowed, such as {@code bedrock:InvokeModel}; empty if it needs none. An
     * action that only the body tells of is asked for with {@link CallContext#require}.
     */
    default Optional<String> action() {
        return Optional.empty();
    }

    /**
     * Answers one request. {@link CallContext#current()} is the caller's. A failure that it answers itself is reported to
     * {@link CallContext#failed}.
     */
    void handle(EndpointExchange exchange) throws IOException;

    /**
     * Answers a request that {@code handle} has not: the caller is unknown (status 401), may not do this (403) or is too
     * fast (429), or {@code handle} threw. No call context is bound.
     *
     * @return false if it does not answer, and the failure is to be said as AWS's REST services do
     */
    default boolean fail(EndpointExchange exchange, Answer.Failure failure) throws IOException {
        return false;
    }

    /** The kinds of callers that an endpoint takes. */
    enum Authentication {
        NONE,
        BEARER_OR_SIGNATURE
    }
}
