package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.AwsError;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

/** What CloudWatch says of requests that make no sense. */
final class CloudWatchErrors {
    private CloudWatchErrors() {}

    static InvalidParameterValueException invalid(String message) {
        return InvalidParameterValueException.builder().message(message).build();
    }

    /** A parameter cannot have its value. */
    static InvalidParameterValueException invalid(String parameter, Object value) {
        return invalid("The value " + value + " for parameter " + parameter + " is invalid.");
    }

    static InvalidParameterCombinationException combination(String message) {
        return InvalidParameterCombinationException.builder().message(message).build();
    }

    /** Only one of two parameters may be there. */
    static InvalidParameterCombinationException exclusive(String one, String other) {
        return combination(
                "The parameters " + one + " and " + other + " are mutually exclusive and you have specified both.");
    }

    static MissingRequiredParameterException missing(String message) {
        return MissingRequiredParameterException.builder().message(message).build();
    }

    static AwsError validation(String message) {
        return new AwsError("ValidationError", 400, message);
    }

    static ResourceNotFoundException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    static AwsError alarmNotFound(String message) {
        return new AwsError("ResourceNotFound", 404, message);
    }

    static LimitExceededException tooMany(String message) {
        return LimitExceededException.builder().message(message).build();
    }
}
