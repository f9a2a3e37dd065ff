package dev.outcrop.services.s3.select;

import dev.outcrop.kernel.AwsError;

/**
 * The errors of S3 Select.
 *
 * <p>Source: "List of SELECT Object Content Error Codes", Amazon S3 API reference.
 */
final class SelectErrors {
    private SelectErrors() {}

    static AwsError of(String code, String message) {
        return new AwsError(code, 400, message);
    }

    static AwsError castFailed(String value, String type) {
        String shown = value.length() > 100 ? value.substring(0, 100) : value;
        return of(
                "CastFailed",
                "Attempt to convert from one data type to another using CAST failed in the SQL" + " expression: "
                        + shown + " is no " + type + ".");
    }

    static AwsError argument(String message) {
        return of(
                "EvaluatorInvalidArguments",
                "Incorrect number or type of arguments in the function call in the SQL" + " expression: " + message);
    }

    static AwsError recordTooLarge() {
        return of(
                "OverMaxRecordSize",
                "The length of a record in the input or result is greater than maxCharsPerRecord of 1 MB.");
    }

    static AwsError textEncoding() {
        return of("InvalidTextEncoding", "Invalid encoding type. Only UTF-8 encoding is supported.");
    }

    static AwsError truncated() {
        return of(
                "TruncatedInput",
                "Object decompression failed. Check that the object is properly compressed using"
                        + " the format specified in the request.");
    }
}
