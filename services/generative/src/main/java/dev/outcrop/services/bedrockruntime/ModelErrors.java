package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.TextModelException;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * What went wrong in a model, as Amazon Bedrock says it.
 *
 * <p>Source: Amazon Bedrock User Guide, "Troubleshooting Amazon Bedrock API Error Codes".
 */
public final class ModelErrors {
    private ModelErrors() {}

    /** A refusal of the request itself. */
    public static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }

    /** A refusal of a field that the model cannot serve. */
    static ValidationException unsupportedField(String field) {
        return invalid("This model doesn't support the " + field + " field. Remove " + field + " and try again.");
    }

    /** The error of the operation for what a text model threw. */
    public static BedrockRuntimeException of(TextModelException failure) {
        return switch (failure.category()) {
            case INVALID, UNSUPPORTED -> invalid(failure.getMessage());
            case TOO_LONG -> tooLong();
            case NOT_FOUND -> notFound(failure.getMessage());
            case OVERLOADED -> throttled();
            case TIMED_OUT -> timedOut();
            case NOT_READY ->
                ModelNotReadyException.builder()
                        .message("Model is not ready for inference. Wait and try your request again.")
                        .build();
            case UNAVAILABLE, CANCELLED -> unavailable();
            case DENIED -> denied(failure.getMessage());
            case FAILED -> failed();
        };
    }

    /** The error of the operation for what an embedding model threw. */
    public static BedrockRuntimeException of(EmbeddingException failure) {
        return switch (failure.category()) {
            case INVALID -> invalid(failure.getMessage());
            case TOO_LONG -> tooLong();
            case NOT_FOUND -> notFound(failure.getMessage());
            case OVERLOADED -> throttled();
            case TIMED_OUT -> timedOut();
            case UNAVAILABLE -> unavailable();
            case DENIED -> denied(failure.getMessage());
            case FAILED -> failed();
        };
    }

    /**
     * The event that ends a stream which had already begun: streams model fewer errors than operations do, and what they
     * have no name for is a {@link ModelStreamErrorException}.
     */
    public static BedrockRuntimeException inStream(TextModelException failure) {
        BedrockRuntimeException error = of(failure);
        return switch (error) {
            case ValidationException _, ThrottlingException _, ServiceUnavailableException _ -> error;
            default ->
                ModelStreamErrorException.builder().message(error.getMessage()).build();
        };
    }

    private static BedrockRuntimeException tooLong() {
        return invalid("Input is too long for requested model.");
    }

    private static BedrockRuntimeException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    private static BedrockRuntimeException throttled() {
        return ThrottlingException.builder()
                .message("Too many requests, please wait before trying again.")
                .build();
    }

    private static BedrockRuntimeException timedOut() {
        return ModelTimeoutException.builder()
                .message("Model has timed out in processing the request. Try your request again.")
                .build();
    }

    private static BedrockRuntimeException unavailable() {
        return ServiceUnavailableException.builder()
                .message("Bedrock is unable to process your request.")
                .build();
    }

    private static BedrockRuntimeException denied(String message) {
        return AccessDeniedException.builder().message(message).build();
    }

    private static BedrockRuntimeException failed() {
        return ModelErrorException.builder()
                .message("The system encountered an unexpected error during processing. Try your request again.")
                .originalStatusCode(500)
                .build();
    }
}
