package dev.outcrop.kernel;

import dev.outcrop.kernel.validation.RequestValidation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/**
 * The steps that every call walks, once wire has told who calls, which operation is meant, and what the request says:
 * validate, authorize, throttle, invoke, record. Safe for concurrent use.
 */
public final class Corridor {
    private final RequestValidation validation = new RequestValidation();
    private final Authorization authorization;
    private final Throttle throttle;
    private final CallRecorder recorder;
    private final Optional<EncodedDenials> encodedDenials;
    private final CallContext.Authority authority = this::refusal;

    /** A corridor whose denials say openly what they are about, whatever the service. */
    public Corridor(Authorization authorization, Throttle throttle, CallRecorder recorder) {
        this(authorization, throttle, recorder, Optional.empty());
    }

    /** @param encodedDenials encode the denials of the services that do so */
    public Corridor(
            Authorization authorization,
            Throttle throttle,
            CallRecorder recorder,
            Optional<EncodedDenials> encodedDenials) {
        this.authorization = authorization;
        this.throttle = throttle;
        this.recorder = recorder;
        this.encodedDenials = encodedDenials;
    }

    /**
     * Answers a call on this thread.
     *
     * @param streams what the operation's kind needs beside {@code request}
     * @return how it went; nothing is thrown for a call that fails
     */
    public Answer call(
            CallContext context,
            ServedService service,
            ServedOperation operation,
            SdkRequest request,
            Streams streams) {
        return context.call(() -> walk(context, service, operation, request, streams));
    }

    private Answer walk(
            CallContext context,
            ServedService service,
            ServedOperation operation,
            SdkRequest request,
            Streams streams) {
        CallAuthorization asked = new CallAuthorization(context, service, operation, request);
        context.enter(service, authority, asked);
        Answer answer;
        Optional<SdkResponse> response = Optional.empty();
        Optional<Answer.Failure> failure = Optional.empty();
        try {
            validation.check(service, operation, request);
            if (!operation.access().isFree()) {
                authorize(asked);
            }
            if (!throttle.take(context.account(), context.region(), service.id(), operation.name())) {
                throw ServiceErrors.throttled(service);
            }
            response = operation.invoke(request, streams);
            answer = new Answer.Success(response);
        } catch (Throwable thrown) {
            // Whatever a service throws, errors of the virtual machine included, the caller gets an answer.
            Answer.Failure failed = service.errors().failure(context.requestId(), thrown);
            failure = Optional.of(failed);
            answer = failed;
        }
        recorder.record(new CallRecord(
                context,
                service.id(),
                operation.name(),
                Optional.of(request),
                response,
                failure,
                context.elapsedNanos()));
        return answer;
    }

    /**
     * Answers one exchange with an endpoint on this thread: authorizes, throttles, and records it as far as the endpoint
     * names an action and an operation. Errors of the endpoint, and {@link AwsError} of a refusal, come out as they are.
     */
    public void serve(CallContext context, Endpoint endpoint, EndpointExchange exchange) throws IOException {
        Optional<String> recordedAs = endpoint.operation();
        try {
            context.authority(authority);
            endpoint.action().ifPresent(context::require);
            recordedAs.ifPresent(name -> take(context, name));
            context.<Void, IOException>call(() -> {
                endpoint.handle(exchange);
                return null;
            });
            recordedAs.ifPresent(name ->
                    record(context, name, context.failure().map(error -> failure(context, error))));
        } catch (IOException | RuntimeException thrown) {
            // Whoever answers the caller asks for the failure, too, and that is when it is logged.
            recordedAs.ifPresent(name -> record(context, name, Optional.of(unlogged(context, thrown))));
            throw thrown;
        }
    }

    /** Records a call that never reached a service: a bad signature, an unknown operation, an unreadable body. */
    public void refused(
            CallContext context, Optional<String> service, Optional<String> operation, Answer.Failure failure) {
        recorder.record(new CallRecord(
                context,
                service.orElse("unknown"),
                operation.orElse("Unknown"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(failure),
                context.elapsedNanos()));
    }

    /** What {@code thrown} is to the caller of an operation of {@code service}. */
    public Answer.Failure failure(CallContext context, ServedService service, Throwable thrown) {
        return service.errors().failure(context.requestId(), thrown);
    }

    /** What {@code thrown} is to a caller where no service is known, or none that is served. */
    public Answer.Failure failure(CallContext context, Throwable thrown) {
        Answer.Failure failure = unlogged(context, thrown);
        if (isUnexpected(thrown)) {
            ModeledErrors.log("the server", context.requestId(), thrown);
        }
        return failure;
    }

    private static boolean isUnexpected(Throwable thrown) {
        return switch (thrown) {
            case AwsError _, ClientGone _, IOException _ -> false;
            case AwsServiceException exception -> exception.awsErrorDetails() == null;
            default -> true;
        };
    }

    private static Answer.Failure unlogged(CallContext context, Throwable thrown) {
        return switch (thrown) {
            case AwsError error -> plain(context, error.code(), error.status(), error.getMessage(), error.details());
            case AwsServiceException exception
            when exception.awsErrorDetails() != null ->
                plain(
                        context,
                        exception.awsErrorDetails().errorCode(),
                        exception.statusCode(),
                        exception.awsErrorDetails().errorMessage(),
                        Map.of());
            case ClientGone gone ->
                plain(context, "ClientGone", ModeledErrors.CLIENT_CLOSED_REQUEST, gone.getMessage(), Map.of());
            case IOException broken ->
                // Of the caller's connection: there is no other that an endpoint lets through.
                plain(
                        context,
                        "ClientGone",
                        ModeledErrors.CLIENT_CLOSED_REQUEST,
                        String.valueOf(broken.getMessage()),
                        Map.of());
            default ->
                plain(context, "InternalFailure", 500, ModeledErrors.internalMessage(context.requestId()), Map.of());
        };
    }

    private static Answer.Failure plain(
            CallContext context, String code, int status, String message, Map<String, String> details) {
        AwsServiceException exception = ModeledErrors.complete(
                AwsServiceException.builder(), context.requestId(), code, status, message, "Outcrop");
        return new Answer.Failure(code, status, message, status >= 500, exception, false, details);
    }

    private void take(CallContext context, String name) {
        if (!throttle.take(context.account(), context.region(), service(name), operation(name))) {
            throw new AwsError("ThrottlingException", 429, "Rate exceeded");
        }
    }

    /** The service in the name of an endpoint's operation. */
    private static String service(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? "outcrop" : name.substring(0, colon);
    }

    private static String operation(String name) {
        return name.substring(name.indexOf(':') + 1);
    }

    private void record(CallContext context, String name, Optional<Answer.Failure> failure) {
        recorder.record(new CallRecord(
                context,
                service(name),
                operation(name),
                Optional.empty(),
                Optional.empty(),
                failure,
                context.elapsedNanos()));
    }

    private void authorize(CallAuthorization asked) {
        if (authorization.decide(asked) instanceof AuthorizationDecision.Denied denied) {
            throw ServiceErrors.accessDenied(asked.service(), asked.principal(), denied, encodedDenials);
        }
    }

    /** What to tell the caller who may not do what is asked while its call is being answered. */
    private Optional<AwsError> refusal(CallContext context, Access access) {
        Optional<CallAuthorization> within = context.authorization();
        AuthorizationDecision decision = authorization.decide(new AskedAuthorization(context, access, within));
        return switch (decision) {
            case AuthorizationDecision.Allowed _ -> Optional.empty();
            case AuthorizationDecision.Denied denied ->
                Optional.of(
                        within.isPresent()
                                ? ServiceErrors.accessDenied(
                                        within.get().service(), context.principal(), denied, encodedDenials)
                                : AwsError.accessDenied(ServiceErrors.sentence(context.principal(), denied, "")));
        };
    }

    /** A success without a response, for {@link Clients}. */
    static SdkResponse response(Answer answer) {
        return switch (answer) {
            case Answer.Success success -> success.response().orElse(null);
            case Answer.Failure failure -> throw failure.exception();
        };
    }
}
