package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import java.util.Map;

/**
 * S3's errors with the elements that it sends along.
 *
 * <p>Source: "Error responses", Amazon S3 API reference.
 */
final class Errors {
    private Errors() {}

    static AwsError noSuchBucket(String bucket) {
        return new AwsError("NoSuchBucket", 404, "The specified bucket does not exist", Map.of("BucketName", bucket));
    }

    static AwsError noSuchKey(String key) {
        return new AwsError("NoSuchKey", 404, "The specified key does not exist.", Map.of("Key", key));
    }

    static AwsError noSuchVersion(String key, String version) {
        return new AwsError(
                "NoSuchVersion",
                404,
                "The specified version does not exist.",
                details("Key", key, "VersionId", version));
    }

    static AwsError noSuchUpload(String upload) {
        return new AwsError(
                "NoSuchUpload",
                404,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted"
                        + " or completed.",
                Map.of("UploadId", upload));
    }

    static AwsError noSuchTagSet(String bucket) {
        return new AwsError("NoSuchTagSet", 404, "The TagSet does not exist", Map.of("BucketName", bucket));
    }

    static AwsError invalidArgument(String message, String name, String value) {
        return new AwsError("InvalidArgument", 400, message, details("ArgumentName", name, "ArgumentValue", value));
    }

    static AwsError invalidRequest(String message) {
        return new AwsError("InvalidRequest", 400, message);
    }

    static AwsError malformedXml() {
        return new AwsError(
                "MalformedXML",
                400,
                "The XML you provided was not well-formed or did not validate against our published schema");
    }

    static AwsError preconditionFailed(String condition) {
        return new AwsError(
                "PreconditionFailed",
                412,
                "At least one of the pre-conditions you specified did not hold",
                Map.of("Condition", condition));
    }

    static AwsError notModified() {
        return new AwsError("NotModified", 304, "Not Modified");
    }

    static AwsError deleteMarker(String method) {
        return new AwsError(
                "MethodNotAllowed",
                405,
                "The specified method is not allowed against this resource.",
                details("Method", method, "ResourceType", "DeleteMarker"));
    }

    static AwsError badDigest(String algorithm) {
        return new AwsError(
                "BadDigest", 400, "The " + algorithm + " you specified did not match the calculated checksum.");
    }

    static AwsError accessDenied() {
        return new AwsError("AccessDenied", 403, "Access Denied");
    }

    static AwsError tooLarge(long proposed, long maximum) {
        return new AwsError(
                "EntityTooLarge",
                400,
                "Your proposed upload exceeds the maximum allowed size",
                details("ProposedSize", String.valueOf(proposed), "MaxSizeAllowed", String.valueOf(maximum)));
    }

    static Map<String, String> details(String first, String firstValue, String second, String secondValue) {
        Map<String, String> details = new java.util.LinkedHashMap<>();
        details.put(first, firstValue);
        details.put(second, secondValue);
        return details;
    }
}
