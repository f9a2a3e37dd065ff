package dev.outcrop.kernel;

import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/**
 * What is written down about a call when it has been answered.
 *
 * @param context       the call
 * @param service       the service's id, such as {@code bedrock-runtime}; {@code unknown} if none was found
 * @param operation     the operation's name; {@code Unknown} if none was found
 * @param request       the request, where it could be read
 * @param response      what the service answered, where that is no stream
 * @param failure       how it failed, if it did
 * @param durationNanos from the call's arrival to its answer
 */
public record CallRecord(
        CallContext context,
        String service,
        String operation,
        Optional<SdkRequest> request,
        Optional<SdkResponse> response,
        Optional<Answer.Failure> failure,
        long durationNanos) {}
