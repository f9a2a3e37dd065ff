package dev.outcrop.wire.server;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.RequestSignature;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Streams;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.binding.ErrorAnswer;
import dev.outcrop.wire.binding.HttpBinding;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Route;
import dev.outcrop.wire.route.Router;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.AuthenticationException;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.PayloadException;
import dev.outcrop.wire.signature.PayloadHash;
import dev.outcrop.wire.stream.EventBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.ZipException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.utils.builder.Buildable;

/** The way of an AWS call: route, identify, read, walk the corridor, write. */
final class AwsCalls {
    /** Says how to write, and nothing to a read, which S3 refuses with it. */
    private static final String ENCRYPTION = "x-amz-server-side-encryption";

    private final WireConfiguration configuration;
    private final ServedServices services;
    private final Router router;
    private final Corridor corridor;
    private final Identification identification;
    private final ConcurrentMap<Operation, HttpBinding> bindings = new ConcurrentHashMap<>();
    private final ResourceOrigins resources;
    private final FormUploads forms;
    private final Answers answers;

    AwsCalls(
            WireConfiguration configuration,
            ServedServices services,
            Router router,
            Corridor corridor,
            Identification identification,
            CrossOrigin origins,
            ResourceOrigins resources) {
        this.resources = resources;
        this.configuration = configuration;
        this.services = services;
        this.router = router;
        this.corridor = corridor;
        this.identification = identification;
        answers = new Answers(origins);
        forms = new FormUploads(services, corridor, identification, resources, answers);
    }

    private record Operation(String service, String name, Protocol protocol) {}

    /** Answers the request of {@code exchange}. */
    void answer(ServerExchange exchange, String requestId) throws IOException {
        WireRequest request = exchange.head();
        BoundedBody body = new BoundedBody(exchange, configuration.largestBody());
        CallContext.Builder context = CallContext.builder()
                .requestId(requestId)
                .sourceAddress(exchange.remoteAddress())
                .userAgent(request.header("user-agent").orElse(""))
                .endpoint(ServerExchange.endpoint(exchange))
                .referer(request.header("referer"))
                .traceParent(request.header("traceparent"))
                .secureTransport(exchange.isSecure())
                .client(exchange.client())
                .startedAt(configuration.clock().instant());
        Credentials credentials = new Credentials.None();
        Route route;
        try {
            if (request.headers().size() > ServerExchange.MOST_HEADERS) {
                throw new AwsError(
                        "RequestHeaderSectionTooLarge",
                        400,
                        "Your request header section exceeds the maximum allowed request header section size.");
            }
            credentials = Credentials.of(request);
            route = router.route(exchange.target(), credentials, () -> form(body));
        } catch (RuntimeException e) {
            refuse(exchange, context.build(), Optional.empty(), Optional.empty(), Protocol.REST_JSON, error(e));
            return;
        }
        switch (route) {
            case Route.Unknown unknown ->
                refuse(
                        exchange,
                        context.region(Identification.region(request)).build(),
                        unknown.service(),
                        Optional.empty(),
                        unknown.protocol(),
                        new AwsError(unknown.code(), unknown.status(), unknown.message()));
            case Route.Found found -> {
                if (forms.takes(request, found)) {
                    forms.answer(exchange, context, found);
                } else {
                    call(exchange, body, credentials, context, found);
                }
            }
        }
    }

    /** Whether {@code request} leads to an operation that sends events. */
    boolean hasEvents(WireRequest request) {
        try {
            return router.route(request, Credentials.of(request), () -> QueryString.parse(""))
                            instanceof Route.Found found
                    && EventBinding.sendsEvents(found.service(), found.operation());
        } catch (IllegalArgumentException e) {
            // Not well encoded: as what it is answered otherwise makes no difference.
            return false;
        }
    }

    private static QueryString form(BoundedBody body) {
        try {
            return QueryString.parse(new String(body.whole(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void call(
            ServerExchange exchange,
            BoundedBody body,
            Credentials credentials,
            CallContext.Builder builder,
            Route.Found route)
            throws IOException {
        ServiceModel model = route.service();
        String id = model.summary().id();
        String name = route.operation().name();
        CallContext context = builder.build();
        Optional<ServedService> service = services.find(id);
        Optional<ServedOperation> operation = service.flatMap(known -> known.operation(name));
        try {
            AuthenticationDialect dialect = AuthenticationDialect.of(model.summary(), route.protocol());
            ServedOperation.Kind kind = operation.map(ServedOperation::kind).orElse(ServedOperation.Kind.PLAIN);
            Payload payload = Payload.of(
                    exchange.head(),
                    body,
                    credentials,
                    kind,
                    dialect,
                    route.operation().input().map(model::shape));
            exchange.check(credentials, dialect);
            boolean anybody = Router.isOpen(route.operation()) || (operation.isPresent() && takesAnybody(id));
            Identification.Identity identity =
                    identify(credentials, exchange.head(), payload.hash(), model.summary(), anybody, dialect);
            context = builder.principal(identity.principal())
                    .region(identity.region())
                    .signature(takesAnybody(id) ? signature(credentials, exchange.head()) : Optional.empty())
                    .contentVerified(payload.isVerified())
                    .build();
            if (takesAnybody(id)
                    && isRead(exchange.head())
                    && exchange.head().headers().has(ENCRYPTION)) {
                throw new AwsError("InvalidArgument", 400, ENCRYPTION + " header is not supported for this operation.");
            }
            if (takesAnybody(id)
                    && payload.streams()
                    && payload.length(exchange.contentLength()).isEmpty()) {
                throw new AwsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
            }
            resources.allowance(exchange.head(), route).forEach(context::addResponseHeader);
            if (operation.isEmpty()) {
                throw notImplemented(id, name);
            }
            HttpBinding binding = binding(route);
            WireRequest head = exchange.input(model, route.operation());
            SdkPojo request = operation.get().newRequestBuilder();
            if (payload.streams()) {
                binding.readHead(head, route.labels(), request);
            } else {
                binding.readRequest(
                        head,
                        route.labels(),
                        payload.whole(identity.signature(), configuration.largestBody()),
                        request);
            }
            SdkRequest built = (SdkRequest) ((Buildable) request).build();
            CallStreams streams =
                    new CallStreams(exchange, route, operation.get(), binding, payload, identity, context, answers);
            Streams given = streams.open();
            Answer answer = corridor.call(context, service.orElseThrow(), operation.get(), built, given);
            streams.finish(answer, corridor);
        } catch (SerializationFailure e) {
            refuse(
                    exchange,
                    context,
                    Optional.of(model),
                    Optional.of(name),
                    route.protocol(),
                    unreadable(e, id, exchange.head()));
        } catch (AuthenticationException | AwsError | IllegalArgumentException e) {
            refuse(exchange, context, Optional.of(model), Optional.of(name), route.protocol(), error(e));
        } catch (PayloadException | BodyTooLargeException | ZipException e) {
            refuse(exchange, context, Optional.of(model), Optional.of(name), route.protocol(), error(e));
        } catch (UncheckedIOException e) {
            if (exchange.isAnswered() || !(e.getCause() instanceof BodyTooLargeException)) {
                throw e;
            }
            refuse(exchange, context, Optional.of(model), Optional.of(name), route.protocol(), error(e.getCause()));
        } catch (ClientGone gone) {
            throw gone;
        } catch (RuntimeException | LinkageError e) {
            if (exchange.isAnswered()) {
                throw e;
            }
            answers.send(
                    exchange,
                    HttpBinding.writeError(
                            Optional.of(model),
                            route.protocol(),
                            Answers.error(corridor.failure(context, e), exchange.head()),
                            context.requestId()),
                    context);
        }
    }

    /**
     * Who calls. A stream of events that does not say how its body is signed is signed as such a stream or, as
     * amazon-transcribe does it, as if there were no body; its events are signed either way.
     */
    private Identification.Identity identify(
            Credentials credentials,
            WireRequest head,
            String hash,
            ServiceSummary service,
            boolean anybody,
            AuthenticationDialect dialect) {
        try {
            return identification.identify(credentials, head, hash, service.signingName(), anybody, dialect);
        } catch (AuthenticationException refusal) {
            if (!hash.equals(PayloadHash.STREAMING_EVENTS) || head.headers().has("x-amz-content-sha256")) {
                throw refusal;
            }
            try {
                return identification.identify(
                        credentials, head, PayloadHash.EMPTY, service.signingName(), anybody, dialect);
            } catch (AuthenticationException another) {
                refusal.addSuppressed(another);
                throw refusal;
            }
        }
    }

    /** What policies may ask of a signature that was found good. */
    private static Optional<RequestSignature> signature(Credentials credentials, WireRequest request) {
        if (!(credentials instanceof Credentials.Signed signed)) {
            return Optional.empty();
        }
        return signed.claim()
                .signedAt()
                .map(time -> new RequestSignature(
                        signed.claim().presigned() ? RequestSignature.Carrier.QUERY : RequestSignature.Carrier.HEADER,
                        time,
                        request.header("x-amz-content-sha256").orElse("")));
    }

    /** Whether a service decides itself, by its resources' policies, what it does for callers that nobody knows. */
    private static boolean takesAnybody(String service) {
        return service.equals("s3");
    }

    private HttpBinding binding(Route.Found route) {
        Operation key =
                new Operation(route.service().summary().id(), route.operation().name(), route.protocol());
        HttpBinding known = bindings.get(key);
        return known != null
                ? known
                : bindings.computeIfAbsent(
                        key, absent -> new HttpBinding(route.service(), route.operation(), route.protocol()));
    }

    private static AwsError notImplemented(String service, String operation) {
        return new AwsError(
                "NotImplementedException",
                501,
                service + ": " + operation + " is not implemented by Outcrop yet. The README lists what is.");
    }

    private static boolean isRead(WireRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** A body that is not what its operation takes. */
    private static AwsError unreadable(SerializationFailure failure, String service, WireRequest request) {
        if (!takesAnybody(service)) {
            return error(failure);
        }
        // What only reads has no body that could be unreadable.
        return isRead(request)
                ? new AwsError("InvalidArgument", 400, failure.getMessage())
                : new AwsError(
                        "MalformedXML",
                        400,
                        "The XML you provided was not well-formed or did not validate against our published schema");
    }

    /** What went wrong before the corridor, as an error that a client knows. */
    static AwsError error(Throwable thrown) {
        return switch (thrown) {
            case AwsError error -> error;
            case AuthenticationException e -> new AwsError(e.code(), e.status(), e.getMessage(), e.details());
            case PayloadException e -> new AwsError(e.code(), e.status(), e.getMessage(), e.details());
            case BodyTooLargeException e -> new AwsError("RequestEntityTooLargeException", 413, e.getMessage());
            case UncheckedIOException e -> error(e.getCause());
            case SerializationFailure e -> AwsError.serialization(e.getMessage());
            case IllegalArgumentException e -> AwsError.validation(e.getMessage());
            case ZipException e -> AwsError.serialization("The gzip encoding of the body is broken.");
            default -> AwsError.serialization("The request could not be read.");
        };
    }

    private void refuse(
            ServerExchange exchange,
            CallContext context,
            Optional<ServiceModel> service,
            Optional<String> operation,
            Protocol protocol,
            AwsError error) {
        Answer.Failure failure = service.map(known -> known.summary().id())
                .flatMap(services::find)
                .map(served -> corridor.failure(context, served, error))
                .orElseGet(() -> corridor.failure(context, error));
        corridor.refused(context, service.map(known -> known.summary().id()), operation, failure);
        WireResponse response =
                HttpBinding.writeError(service, protocol, Answers.error(failure, exchange.head()), context.requestId());
        answers.send(exchange, response, context);
    }

    /** Puts finishing touches to answers: headers that services added, and what browsers and compression need. */
    static final class Answers {
        private static final int FIRST_FAILURE = 300;
        private static final int NOT_MODIFIED = 304;

        private final CrossOrigin origins;

        Answers(CrossOrigin origins) {
            this.origins = origins;
        }

        static ErrorAnswer error(Answer.Failure failure, WireRequest request) {
            return new ErrorAnswer(
                    failure.code(),
                    failure.status(),
                    failure.message(),
                    failure.fault(),
                    failure.exception(),
                    request.method().equals("HEAD") || failure.status() == NOT_MODIFIED,
                    failure.details());
        }

        void send(ServerExchange exchange, WireResponse response, CallContext context) {
            HttpHeaders headers = finished(exchange.head(), response.headers(), context);
            int status = response.status() < FIRST_FAILURE
                    ? context.successStatus().orElse(response.status())
                    : response.status();
            exchange.send(Compression.applied(exchange.head(), new WireResponse(status, headers, response.body())));
        }

        HttpHeaders finished(WireRequest request, HttpHeaders headers, CallContext context) {
            boolean browser = request.headers().has("origin");
            Iterable<Map.Entry<String, String>> added = context.responseHeaders();
            if (!browser && !added.iterator().hasNext()) {
                return headers;
            }
            HttpHeaders.Builder all = headers.toBuilder();
            added.forEach(header -> all.set(header.getKey(), header.getValue()));
            if (browser && !all.has("access-control-allow-origin")) {
                origins.allow(request, all);
            }
            return all.build();
        }
    }
}
