package dev.outcrop.wire.server;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.Streams;
import dev.outcrop.wire.binding.HttpBinding;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Route;
import dev.outcrop.wire.server.AwsCalls.Answers;
import dev.outcrop.wire.signature.EventSignatures;
import dev.outcrop.wire.signature.PayloadException;
import dev.outcrop.wire.signature.PayloadHash;
import dev.outcrop.wire.stream.EventBinding;
import dev.outcrop.wire.stream.EventInput;
import dev.outcrop.wire.stream.EventOutput;
import dev.outcrop.wire.stream.WatchedOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/** The streams of one call, and how its answer gets back to the client. */
final class CallStreams {
    private static final String EVENT_STREAM = "application/vnd.amazon.eventstream";
    private static final String OCTETS = "application/octet-stream";
    private static final int PIECE_BYTES = 1 << 16;

    private final ServerExchange exchange;
    private final Route.Found route;
    private final ServedOperation operation;
    private final HttpBinding binding;
    private final Payload payload;
    private final Identification.Identity identity;
    private final CallContext context;
    private final Answers answers;

    private Optional<RememberingStream> inputBlob = Optional.empty();
    private Optional<EventInput> inputEvents = Optional.empty();
    private Optional<EventOutput> outputEvents = Optional.empty();

    CallStreams(
            ServerExchange exchange,
            Route.Found route,
            ServedOperation operation,
            HttpBinding binding,
            Payload payload,
            Identification.Identity identity,
            CallContext context,
            Answers answers) {
        this.exchange = exchange;
        this.route = route;
        this.operation = operation;
        this.binding = binding;
        this.payload = payload;
        this.identity = identity;
        this.context = context;
        this.answers = answers;
    }

    /** What the operation's kind asks for. */
    Streams open() throws PayloadException {
        return switch (operation.kind()) {
            case PLAIN -> Streams.NONE;
            case BLOB_IN -> streams(Optional.of(blob()), Optional.empty());
            case BLOB_OUT -> streams(Optional.empty(), Optional.of(this::writeBlob));
            case BLOB_IN_OUT -> streams(Optional.of(blob()), Optional.of(this::writeBlob));
            case EVENTS_IN -> events(true, false);
            case EVENTS_OUT -> events(false, true);
            case EVENTS_IN_OUT -> events(true, true);
        };
    }

    private static Streams streams(Optional<RequestBody> in, Optional<ResponseTransformer<Object, ?>> out) {
        return new Streams(in, out, Optional.empty(), Optional.empty());
    }

    private RequestBody blob() throws PayloadException {
        RememberingStream content = new RememberingStream(payload.content(identity.signature()));
        inputBlob = Optional.of(content);
        OptionalLong length = payload.length(exchange.contentLength());
        String type = exchange.head().header("content-type").orElse(OCTETS);
        if (length.isPresent()) {
            return RequestBody.fromInputStream(content, length.getAsLong());
        }
        return RequestBody.fromContentProvider(() -> content, type);
    }

    private Object writeBlob(Object response, InputStream content) throws IOException {
        WireResponse head = binding.writeHead((SdkPojo) response, context.requestId());
        HttpHeaders.Builder headers = answers.finished(exchange.head(), head.headers(), context).toBuilder();
        if (!headers.has("content-type")) {
            headers.add("content-type", OCTETS);
        }
        if (head.headers().first("content-length").filter("0"::equals).isPresent()) {
            // Helidon takes a stream that nothing was written to for a body that is missing.
            content.close();
            exchange.send(new WireResponse(head.status(), headers.build(), new byte[0]));
            return response;
        }
        try (content;
                OutputStream out = exchange.stream(head.status(), headers.build())) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
                out.write(piece, 0, read);
            }
        }
        return response;
    }

    private Streams events(boolean in, boolean out) {
        if (in) {
            InputStream events = exchange.events(opening());
            // Clients of WebSockets sign their messages or leave it, as AWS lets them.
            boolean signed = payload.hash().equals(PayloadHash.STREAMING_EVENTS) || exchange.isEventStream();
            Optional<EventSignatures> signatures =
                    signed ? identity.signature().map(EventSignatures::new) : Optional.empty();
            inputEvents = Optional.of(new EventInput(
                    events,
                    EventBinding.ofInput(route.service(), route.operation(), route.protocol()),
                    operation.inputEventType().orElseThrow(),
                    signatures,
                    exchange.isEventStream()));
        }
        if (out) {
            outputEvents = Optional.of(new EventOutput(
                    EventBinding.ofOutput(route.service(), route.operation(), route.protocol()),
                    exchange.client(),
                    this::startEvents));
        }
        return new Streams(
                Optional.empty(),
                Optional.empty(),
                inputEvents.map(events -> events),
                outputEvents.<EventStreamResponseHandler<Object, Object>>map(events -> events));
    }

    private HttpHeaders opening() {
        HttpHeaders known = HttpHeaders.builder()
                .add("x-amzn-requestid", context.requestId())
                .build();
        return answers.finished(exchange.head(), known, context);
    }

    private OutputStream startEvents(SdkPojo response) {
        WireResponse head = binding.writeHead(response, context.requestId());
        HttpHeaders headers = answers.finished(exchange.head(), head.headers(), context).toBuilder()
                .set("content-type", EVENT_STREAM)
                .build();
        return new WatchedOutput(exchange.stream(head.status(), headers), exchange.client());
    }

    /** Tells the client how the call went, as far as it has not been told yet. */
    void finish(Answer answer, Corridor corridor) throws IOException {
        switch (answer) {
            case Answer.Success success -> {
                if (outputEvents.filter(EventOutput::hasBegun).isPresent()) {
                    outputEvents.get().end();
                } else if (success.response().isPresent()) {
                    SdkPojo response = success.response().get();
                    answers.send(exchange, binding.writeResponse(response, context.requestId()), context);
                } else if (!exchange.isAnswered()) {
                    throw new IllegalStateException(operation.name() + " ended without an answer");
                }
            }
            case Answer.Failure failure -> fail(inputFailure(corridor).orElse(failure));
        }
    }

    /** The failure to read what the client sent, which explains the service's own. */
    private Optional<Answer.Failure> inputFailure(Corridor corridor) {
        Optional<AwsError> error = inputBlob
                .flatMap(RememberingStream::failure)
                .map(AwsCalls::error)
                .or(() -> inputEvents.flatMap(EventInput::failure));
        return error.map(known -> corridor.failure(context, known));
    }

    private void fail(Answer.Failure failure) throws IOException {
        if (outputEvents.filter(EventOutput::hasBegun).isPresent()) {
            outputEvents.get().fail(Answers.error(failure, exchange.head()));
        } else if (exchange.isEventStream() && outputEvents.isPresent()) {
            outputEvents
                    .get()
                    .fail(
                            Answers.error(failure, exchange.head()),
                            exchange.stream(failure.status(), HttpHeaders.none()));
        } else if (exchange.isAnswered()) {
            // Only a broken connection tells that what was sent is not all of it.
            throw new IOException("the answer broke off: " + failure.message());
        } else {
            answers.send(
                    exchange,
                    binding.writeError(Answers.error(failure, exchange.head()), context.requestId()),
                    context);
        }
    }
}
