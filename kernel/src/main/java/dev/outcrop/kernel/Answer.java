package dev.outcrop.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;

/** What a call through the corridor came to. */
public sealed interface Answer {
    /**
     * The operation succeeded.
     *
     * @param response what it answers; empty where the output of {@link Streams} has already carried it
     */
    record Success(Optional<SdkResponse> response) implements Answer {}

    /**
     * The operation failed, or was refused. Where an event stream had already begun, this is how it ends.
     *
     * @param code      what clients tell the error by, such as {@code ThrottlingException}; wire translates it to the
     *                  Query protocol's own where there is one
     * @param status    HTTP status
     * @param message   for people
     * @param fault     whether the server is to blame (a Query receiver fault), else the caller
     * @param exception the error as the client's own class where it has one of that code (then its
     *                  {@code sdkFields()} are the error's further members), else as the service's base class;
     *                  request id, status and code are filled in
     * @param modeled   whether {@code exception} is a class of that very code
     * @param details   further elements of the error that {@code exception} has no members for, in the order in which
     *                  they are written; only S3's errors have them
     */
    record Failure(
            String code,
            int status,
            String message,
            boolean fault,
            AwsServiceException exception,
            boolean modeled,
            Map<String, String> details)
            implements Answer {
        public Failure {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }
}
