package dev.outcrop.services.transcribe;

import software.amazon.awssdk.services.transcribe.model.BadRequestException;
import software.amazon.awssdk.services.transcribe.model.ConflictException;
import software.amazon.awssdk.services.transcribe.model.LimitExceededException;
import software.amazon.awssdk.services.transcribe.model.NotFoundException;

/** What Transcribe refuses, in its own exceptions. */
final class Failures {
    private Failures() {}

    static BadRequestException badRequest(String message) {
        return BadRequestException.builder().message(message).build();
    }

    static NotFoundException notFound(String message) {
        return NotFoundException.builder().message(message).build();
    }

    static ConflictException conflict(String message) {
        return ConflictException.builder().message(message).build();
    }

    static LimitExceededException limit(String message) {
        return LimitExceededException.builder().message(message).build();
    }
}
