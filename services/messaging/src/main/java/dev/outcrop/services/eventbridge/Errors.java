package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.EventPattern;
import dev.outcrop.engines.patterns.InvalidPatternException;
import dev.outcrop.kernel.AwsError;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/** What EventBridge says when something is wrong. */
final class Errors {
    private Errors() {}

    static AwsError invalid(String message) {
        return AwsError.validation(message);
    }

    static ResourceNotFoundException missing(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    static ResourceNotFoundException missingBus(String name) {
        return missing("Event bus " + name + " does not exist.");
    }

    static ResourceAlreadyExistsException exists(String message) {
        return ResourceAlreadyExistsException.builder().message(message).build();
    }

    static LimitExceededException tooMany() {
        return LimitExceededException.builder()
                .message("The requested resource exceeds the maximum number allowed.")
                .build();
    }

    /** Something that EventBridge has and this does not. */
    static AwsError notServed(String what) {
        return AwsError.notImplemented("events", what);
    }

    /**
     * The pattern in {@code text}.
     *
     * @throws InvalidEventPatternException if there is none
     */
    static EventPattern pattern(String text) {
        try {
            return EventPattern.read(text);
        } catch (InvalidPatternException invalid) {
            throw InvalidEventPatternException.builder()
                    .message("Event pattern is not valid. Reason: " + invalid.getMessage())
                    .build();
        }
    }
}
