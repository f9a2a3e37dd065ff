package dev.outcrop.services.eventbridge;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Why an event was not delivered.
 *
 * <p>Source: "Using dead-letter queues to process undelivered events" of the Amazon EventBridge user guide.
 *
 * @param code      one of those that dead-letter queues are told, such as {@code NO_PERMISSIONS}
 * @param retriable whether it may go better later
 */
record DeliveryFailure(String code, String message, boolean retriable) {
    private static final int LONGEST_MESSAGE = 1024;

    DeliveryFailure {
        message = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    }

    /** The failure that a target's service answered with. */
    static DeliveryFailure of(AwsServiceException refusal) {
        String code = refusal.awsErrorDetails() == null
                ? ""
                : String.valueOf(refusal.awsErrorDetails().errorCode());
        String message = refusal.awsErrorDetails() == null
                ? String.valueOf(refusal.getMessage())
                : String.valueOf(refusal.awsErrorDetails().errorMessage());
        String lower = code.toLowerCase(Locale.ROOT);
        if (refusal.statusCode() == 501) {
            return new DeliveryFailure("SDK_CLIENT_ERROR", message, false);
        }
        if (lower.contains("throttl") || lower.contains("toomanyrequests") || lower.contains("requestlimit")) {
            return new DeliveryFailure("THROTTLING", message, true);
        }
        if (refusal.statusCode() >= 500) {
            return new DeliveryFailure("ERROR_FROM_TARGET", message, true);
        }
        if (lower.contains("accessdenied") || lower.contains("authoriz") || refusal.statusCode() == 403) {
            return new DeliveryFailure("NO_PERMISSIONS", message, false);
        }
        if (lower.contains("notfound")
                || lower.contains("nonexistent")
                || lower.contains("doesnotexist")
                || refusal.statusCode() == 404) {
            return new DeliveryFailure("NO_RESOURCE", message, false);
        }
        return new DeliveryFailure("INVALID_PARAMETER", message, false);
    }

    /** This as what attempts fail with. */
    Thrown thrown() {
        return new Thrown(this);
    }

    /** An attempt that failed. */
    static final class Thrown extends RuntimeException {
        private final transient DeliveryFailure failure;

        private Thrown(DeliveryFailure failure) {
            super(failure.message());
            this.failure = failure;
        }

        DeliveryFailure failure() {
            return failure;
        }
    }
}
