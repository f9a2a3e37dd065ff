package dev.outcrop.wire.binding;

import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * An error that a client is told.
 *
 * @param code      what it is told by, as the JSON protocols name it
 * @param status    HTTP status
 * @param message   for people
 * @param fault     whether the server is to blame
 * @param exception the error as the SDK models it: its fields are the error's further members
 * @param bodiless  whether the request allows no body in the response, as HEAD does
 * @param details   further elements that S3 writes, in their order
 */
public record ErrorAnswer(
        String code,
        int status,
        String message,
        boolean fault,
        AwsServiceException exception,
        boolean bodiless,
        Map<String, String> details) {
    /** An error without further elements. */
    public ErrorAnswer(
            String code, int status, String message, boolean fault, AwsServiceException exception, boolean bodiless) {
        this(code, status, message, fault, exception, bodiless, Map.of());
    }
}
