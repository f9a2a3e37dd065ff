package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.families.InvokedBody;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import dev.outcrop.services.compatible.CallFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** What all endpoints of both interfaces do alike: who may call, what is read at most, how failures are answered. */
abstract class ModelEndpoint implements Endpoint {
    static final Dialect OPENAI = new OpenAiDialect();
    static final Dialect ANTHROPIC = new AnthropicDialect();

    private static final long MAXIMUM_BYTES = 25_000_000;
    private static final String JSON = "application/json";

    private final Dialect dialect;
    private final String method;
    private final String path;
    private final String operation;
    private final Optional<String> action;

    /**
     * @param operation what it is recorded as
     * @param action    what a call of Amazon Bedrock to the same end would need, if that is about no model
     */
    ModelEndpoint(Dialect dialect, String method, String path, String operation, Optional<String> action) {
        this.dialect = dialect;
        this.method = method;
        this.path = path;
        this.operation = operation;
        this.action = action;
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
        return Optional.of(operation);
    }

    @Override
    public final Optional<String> action() {
        return action;
    }

    @Override
    public final void handle(EndpointExchange exchange) throws IOException {
        String requestId = CallContext.current().requestId();
        EventStreamWriter stream = new EventStreamWriter(
                exchange,
                Map.of(
                        "content-type",
                        "text/event-stream",
                        "cache-control",
                        "no-cache",
                        dialect.requestIdHeader(),
                        requestId));
        try {
            answer(exchange, stream);
        } catch (ClientGone gone) {
            throw gone;
        } catch (RuntimeException thrown) {
            Optional<CallFailure> failure = CallFailure.of(thrown);
            if (failure.isPresent()) {
                CallContext.current().failed(failure.get().error());
                tell(failure.get(), requestId, exchange, stream);
            } else if (stream.hasBegun()) {
                tell(
                        new CallFailure(Kind.FAILED, "The server failed unexpectedly.", Optional.empty()),
                        requestId,
                        exchange,
                        stream);
                throw thrown;
            } else {
                throw thrown;
            }
        }
        stream.end();
    }

    @Override
    public final boolean fail(EndpointExchange exchange, Answer.Failure failure) throws IOException {
        CallFailure said = CallFailure.of(failure);
        String requestId = failure.exception().requestId();
        respond(exchange, dialect.status(said.kind()), requestId, TextInvocation.bytes(dialect.error(said, requestId)));
        return true;
    }

    /** Says what went wrong: as the response, or if it has begun as its last event. */
    private void tell(CallFailure failure, String requestId, EndpointExchange exchange, EventStreamWriter stream)
            throws IOException {
        ObjectNode error = dialect.error(failure, requestId);
        if (stream.hasBegun()) {
            dialect.sendError(stream, error);
        } else {
            respond(exchange, dialect.status(failure.kind()), requestId, TextInvocation.bytes(error));
        }
    }

    /** Answers, in whole with {@link #respond} or bit by bit with {@code stream}. */
    abstract void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException;

    /** Answers with the whole of a body. */
    final void respond(EndpointExchange exchange, ObjectNode body) throws IOException {
        respond(exchange, 200, CallContext.current().requestId(), TextInvocation.bytes(body));
    }

    private void respond(EndpointExchange exchange, int status, String requestId, byte[] body) throws IOException {
        exchange.respond(status, Map.of("content-type", JSON, dialect.requestIdHeader(), requestId), body);
    }

    /** The whole answer, whose usage is metered. */
    final void respond(EndpointExchange exchange, TextInvocation invocation) throws IOException {
        InvokedBody answer = invocation.invoke();
        ModelUse.used(answer.usage());
        respond(exchange, 200, CallContext.current().requestId(), answer.body());
    }

    static byte[] body(EndpointExchange exchange) throws IOException {
        try (InputStream body = exchange.body(MAXIMUM_BYTES)) {
            return body.readAllBytes();
        }
    }
}
