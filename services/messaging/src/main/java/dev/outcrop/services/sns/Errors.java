package dev.outcrop.services.sns;

import dev.outcrop.kernel.AwsError;

/** Errors in SNS's words. */
final class Errors {
    private Errors() {}

    static AwsError invalid(String message) {
        return new AwsError("InvalidParameter", 400, "Invalid parameter: " + message);
    }

    static AwsError noTopic() {
        return new AwsError("NotFound", 404, "Topic does not exist");
    }

    static AwsError noSubscription() {
        return new AwsError("NotFound", 404, "Subscription does not exist");
    }
}
