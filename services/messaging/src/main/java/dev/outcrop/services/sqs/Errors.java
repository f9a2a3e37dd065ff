package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;

/** Errors in SQS's words, by the codes of its modeled errors and by those of the "Common errors". */
final class Errors {
    private Errors() {}

    static AwsError noQueue() {
        return new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.");
    }

    static AwsError invalidParameter(String message) {
        return new AwsError("InvalidParameterValue", 400, message);
    }

    static AwsError invalidParameter(Object value, String name, String reason) {
        return invalidParameter("Value " + value + " for parameter " + name + " is invalid. Reason: " + reason);
    }

    static AwsError missingParameter(String name) {
        return new AwsError("MissingParameter", 400, "The request must contain the parameter " + name + ".");
    }

    static AwsError invalidHandle(String handle) {
        return new AwsError(
                "ReceiptHandleIsInvalid",
                404,
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    static AwsError noTarget(String message) {
        return new AwsError("ResourceNotFoundException", 404, message);
    }

    static AwsError unsupported(String message) {
        return new AwsError("UnsupportedOperation", 400, message);
    }
}
