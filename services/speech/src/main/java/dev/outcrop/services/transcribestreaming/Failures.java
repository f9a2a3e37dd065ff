package dev.outcrop.services.transcribestreaming;

import software.amazon.awssdk.services.transcribestreaming.model.BadRequestException;
import software.amazon.awssdk.services.transcribestreaming.model.InternalFailureException;
import software.amazon.awssdk.services.transcribestreaming.model.LimitExceededException;
import software.amazon.awssdk.services.transcribestreaming.model.ServiceUnavailableException;

/** What streams refuse, in their own exceptions. */
final class Failures {
    private Failures() {}

    static BadRequestException badRequest(String message) {
        return BadRequestException.builder().message(message).build();
    }

    static LimitExceededException limit(String message) {
        return LimitExceededException.builder().message(message).build();
    }

    static ServiceUnavailableException unavailable(String message) {
        return ServiceUnavailableException.builder().message(message).build();
    }

    static InternalFailureException internal(String message) {
        return InternalFailureException.builder().message(message).build();
    }
}
