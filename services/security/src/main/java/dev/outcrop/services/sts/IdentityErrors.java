package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;

/** What STS says of tokens and assertions that it does not take. */
final class IdentityErrors {
    private IdentityErrors() {}

    static AwsError invalid(String message) {
        return new AwsError("InvalidIdentityToken", 400, message);
    }

    static AwsError expired(String message) {
        return new AwsError("ExpiredTokenException", 400, message);
    }

    static AwsError unreachable(String message) {
        return new AwsError("IDPCommunicationError", 400, message);
    }

    static AwsError rejected(String message) {
        return new AwsError("IDPRejectedClaim", 403, message);
    }

    static AwsError notAuthorized(String operation) {
        return new AwsError("AccessDenied", 403, "Not authorized to perform sts:" + operation);
    }
}
