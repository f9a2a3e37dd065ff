package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Page;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.InvalidFilterException;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.KmsKeyValidationException;
import software.amazon.awssdk.services.comprehend.model.ResourceInUseException;
import software.amazon.awssdk.services.comprehend.model.ResourceLimitExceededException;
import software.amazon.awssdk.services.comprehend.model.ResourceNotFoundException;
import software.amazon.awssdk.services.comprehend.model.ResourceUnavailableException;

/** What callers read when something about jobs or models is refused. */
public final class Failures {
    private Failures() {}

    public static InvalidRequestException invalid(String message) {
        return InvalidRequestException.builder().message(message).build();
    }

    public static InvalidFilterException invalidFilter() {
        return InvalidFilterException.builder()
                .message(
                        "The filter specified for the operation is invalid. Only one filter may be specified at a time.")
                .build();
    }

    static ResourceNotFoundException missing() {
        return ResourceNotFoundException.builder()
                .message("The specified resource ARN was not found. Check the ARN and try your request again.")
                .build();
    }

    static ResourceInUseException inUse(String message) {
        return ResourceInUseException.builder().message(message).build();
    }

    static ResourceUnavailableException unavailable(String message) {
        return ResourceUnavailableException.builder().message(message).build();
    }

    static ResourceLimitExceededException limit(String message) {
        return ResourceLimitExceededException.builder().message(message).build();
    }

    static KmsKeyValidationException key(String message) {
        return KmsKeyValidationException.builder().message(message).build();
    }

    /** What {@code body} gives; a token that is not one of the list's is an invalid request. */
    public static <T> Page<T> page(Supplier<Page<T>> body) {
        try {
            return body.get();
        } catch (AwsError foreign) {
            throw invalid("The NextToken is not valid for this list.");
        }
    }

    /** What {@code body} gives; a request token that came with another request is an invalid request. */
    static <T> T once(Supplier<T> body) {
        try {
            return body.get();
        } catch (AwsError error) {
            throw error.code().equals("ConflictException") ? invalid(error.getMessage()) : error;
        }
    }
}
