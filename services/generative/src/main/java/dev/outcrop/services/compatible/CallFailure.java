package dev.outcrop.services.compatible;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.bedrockruntime.families.BodyException;
import dev.outcrop.services.bedrockruntime.families.Violation;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * A call that failed, before it is said in the words of either interface.
 *
 * @param violation the first place of the body that is wrong, if one is
 */
record CallFailure(Kind kind, String message, Optional<Violation> violation) {
    /** Kinds of failure, as callers tell them apart. */
    enum Kind {
        INVALID,
        TOO_LONG,
        TOO_LARGE,
        UNAUTHENTICATED,
        DENIED,
        THROTTLED,
        NO_SUCH_MODEL,
        OVERLOADED,
        TIMED_OUT,
        UNAVAILABLE,
        FAILED
    }

    /** What a failure means to the caller; empty for one that nobody foresaw. */
    static Optional<CallFailure> of(RuntimeException thrown) {
        return switch (thrown) {
            case BodyException body ->
                Optional.of(new CallFailure(
                        Kind.INVALID,
                        body.getMessage(),
                        body.violations().stream().findFirst()));
            case TextModelException model -> of(kind(model), model);
            case EmbeddingException model -> of(kind(model), model);
            case AwsError error when error.status() == 413 -> of(Kind.TOO_LARGE, error);
            case AwsError error when error.status() == 403 -> of(Kind.DENIED, error);
            case AwsError error when error.status() < 500 -> of(Kind.INVALID, error);
            case ValidationException invalid -> of(Kind.INVALID, invalid);
            case NoSuchModelException missing -> of(Kind.NO_SUCH_MODEL, missing);
            case ThrottlingException throttled -> of(Kind.OVERLOADED, throttled);
            case ModelTimeoutException slow -> of(Kind.TIMED_OUT, slow);
            case ModelNotReadyException loading -> of(Kind.UNAVAILABLE, loading);
            case ServiceUnavailableException away -> of(Kind.UNAVAILABLE, away);
            case AccessDeniedException denied -> of(Kind.DENIED, denied);
            default -> Optional.empty();
        };
    }

    /** What a failure means that was met before or beside the model. */
    static CallFailure of(Answer.Failure failure) {
        Kind kind = switch (failure.status()) {
            case 401 -> Kind.UNAUTHENTICATED;
            case 403 -> Kind.DENIED;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.THROTTLED;
            default -> failure.status() < 500 ? Kind.INVALID : Kind.FAILED;
        };
        return new CallFailure(kind, failure.message(), Optional.empty());
    }

    /** The failure as Amazon Bedrock would say it, for the record. */
    AwsError error() {
        return switch (kind) {
            case INVALID, TOO_LONG -> AwsError.validation(message);
            case TOO_LARGE -> new AwsError("RequestEntityTooLargeException", 413, message);
            case UNAUTHENTICATED -> new AwsError("UnrecognizedClientException", 401, message);
            case DENIED -> AwsError.accessDenied(message);
            case NO_SUCH_MODEL -> new AwsError("ResourceNotFoundException", 404, message);
            case OVERLOADED, THROTTLED -> new AwsError("ThrottlingException", 429, message);
            case TIMED_OUT -> new AwsError("ModelTimeoutException", 408, message);
            case UNAVAILABLE -> new AwsError("ServiceUnavailableException", 503, message);
            case FAILED -> new AwsError("ModelErrorException", 424, message);
        };
    }

    private static Optional<CallFailure> of(Kind kind, RuntimeException thrown) {
        return Optional.of(new CallFailure(kind, thrown.getMessage(), Optional.empty()));
    }

    private static Kind kind(TextModelException failure) {
        return switch (failure.category()) {
            case INVALID, UNSUPPORTED -> Kind.INVALID;
            case TOO_LONG -> Kind.TOO_LONG;
            case NOT_FOUND -> Kind.NO_SUCH_MODEL;
            case OVERLOADED -> Kind.OVERLOADED;
            case TIMED_OUT -> Kind.TIMED_OUT;
            case NOT_READY, UNAVAILABLE, CANCELLED -> Kind.UNAVAILABLE;
            case DENIED, FAILED -> Kind.FAILED;
        };
    }

    private static Kind kind(EmbeddingException failure) {
        return switch (failure.category()) {
            case INVALID -> Kind.INVALID;
            case TOO_LONG -> Kind.TOO_LONG;
            case NOT_FOUND -> Kind.NO_SUCH_MODEL;
            case OVERLOADED -> Kind.OVERLOADED;
            case TIMED_OUT -> Kind.TIMED_OUT;
            case UNAVAILABLE -> Kind.UNAVAILABLE;
            case DENIED, FAILED -> Kind.FAILED;
        };
    }
}
