package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.bedrockagent.StructuredStoreException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.BedrockAgentRuntimeException;
import software.amazon.awssdk.services.bedrockagentruntime.model.DependencyFailedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

/** What callers read when something is refused, or something that was needed failed. */
final class Errors {
    private Errors() {}

    static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }

    static ResourceNotFoundException missing(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    /**
     * What {@code body} gives, where it asks other services: what they refuse is refused here by the same kind of error,
     * and where they fail, a dependency has.
     *
     * @param resource what they are asked for
     */
    static <T> T depending(String resource, Supplier<T> body) {
        try {
            return body.get();
        } catch (BedrockAgentRuntimeException own) {
            throw own;
        } catch (AwsServiceException failure) {
            throw of(resource, failure);
        } catch (VectorStoreException failure) {
            throw failed(resource, "The vector store cannot be used: " + failure.getMessage(), failure);
        } catch (StructuredStoreException failure) {
            throw failed(resource, "The database cannot be used: " + failure.getMessage(), failure);
        } catch (EmbeddingException failure) {
            throw failed(resource, failure.getMessage(), failure);
        } catch (DocumentException failure) {
            if (failure.reason() == DocumentException.Reason.BUSY) {
                throw ThrottlingException.builder()
                        .message(failure.getMessage())
                        .build();
            }
            throw invalid("The document could not be read: " + failure.getMessage());
        }
    }

    private static RuntimeException of(String resource, AwsServiceException failure) {
        if (failure.awsErrorDetails() == null) {
            return failed(resource, failure.getMessage(), failure);
        }
        String message = failure.awsErrorDetails().errorMessage();
        return switch (failure.awsErrorDetails().errorCode()) {
            case "ValidationException" -> invalid(message);
            case "AccessDeniedException", "AccessDenied", "Forbidden" ->
                AccessDeniedException.builder().message(message).build();
            case "ResourceNotFoundException", "NoSuchKey", "NoSuchBucket" -> missing(message);
            case "ThrottlingException", "ModelNotReadyException", "ServiceQuotaExceededException" ->
                ThrottlingException.builder().message(message).build();
            case "NotImplementedException" -> new AwsError("NotImplementedException", 501, message);
            default -> failed(resource, message, failure);
        };
    }

    /** That something was needed and failed. */
    static DependencyFailedException failed(String resource, String message, Exception cause) {
        return DependencyFailedException.builder()
                .message(message)
                .resourceName(resource)
                .cause(cause)
                .build();
    }
}
