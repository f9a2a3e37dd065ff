package dev.outcrop.services.bedrockagent;

import dev.outcrop.kernel.AwsError;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.ConflictException;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagent.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;

/** What callers read when something is refused. */
final class Errors {
    private Errors() {}

    static ResourceNotFoundException missing() {
        return ResourceNotFoundException.builder()
                .message("Failed to retrieve resource because it doesn't exist. Retry your request with a different"
                        + " resource identifier.")
                .build();
    }

    static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }

    static ConflictException conflict(String message) {
        return ConflictException.builder().message(message).build();
    }

    static ServiceQuotaExceededException tooMany(String what, int most) {
        return ServiceQuotaExceededException.builder()
                .message("Number of " + what + " exceeded limit. Max: " + most)
                .build();
    }

    /** What a failure of another service's says, as its client tells it. */
    static String told(RuntimeException failure) {
        return switch (failure) {
            case AwsServiceException error
            when error.awsErrorDetails() != null ->
                error.awsErrorDetails().errorMessage() + " (Service: "
                        + error.awsErrorDetails().serviceName() + ", Status Code: " + error.statusCode()
                        + ", Request ID: " + error.requestId() + ")";
            case AwsError error -> error.getMessage();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
