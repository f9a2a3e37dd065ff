package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.AwsError;

/** The errors of S3 Vectors. */
final class Failures {
    private Failures() {}

    static AwsError invalid(String message) {
        return AwsError.validation(message);
    }

    static AwsError noBucket() {
        return new AwsError("NotFoundException", 404, "The specified vector bucket could not be found");
    }

    static AwsError noIndex() {
        return new AwsError("NotFoundException", 404, "The specified index could not be found");
    }

    static AwsError noPolicy() {
        return new AwsError("NotFoundException", 404, "The specified vector bucket policy could not be found");
    }

    static AwsError noResource() {
        return new AwsError("NotFoundException", 404, "The specified resource could not be found");
    }

    static AwsError conflict(String message) {
        return new AwsError("ConflictException", 409, message);
    }

    static AwsError quota(String message) {
        return new AwsError("ServiceQuotaExceededException", 402, message);
    }

    static AwsError unavailable() {
        return new AwsError(
                "ServiceUnavailableException", 503, "The vectors cannot be read or written now. Please try again.");
    }

    /** A vector that is refused. */
    static AwsError record(String key, String reason) {
        return invalid("Invalid record for key '" + key + "': " + reason);
    }
}
