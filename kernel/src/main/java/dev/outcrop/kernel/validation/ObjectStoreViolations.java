package dev.outcrop.kernel.validation;

import dev.outcrop.kernel.AwsError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.PayloadTrait;

/**
 * How S3 calls violations: what is below the top of its requests is XML, which it holds against its schema, and some
 * members have errors of their own.
 *
 * <p>Source: "Error responses", Amazon S3 API reference.
 */
final class ObjectStoreViolations {
    private static final Pattern PLACE = Pattern.compile("^Value .*at '([^']*)'");

    private static final Map<String, AwsError> OWN = Map.of(
            "storageClass", error("InvalidStorageClass", "The storage class you specified is not valid"),
            "createBucketConfiguration.locationConstraint",
                    error("InvalidLocationConstraint", "The specified location-constraint is not valid"));

    private ObjectStoreViolations() {}

    /** The error that {@code violations} of {@code request} come to, unless it is that of all services. */
    static Optional<AwsError> error(List<String> violations, SdkPojo request) {
        List<String> places =
                violations.stream().map(ObjectStoreViolations::place).toList();
        for (String place : places) {
            if (OWN.containsKey(place)) {
                return Optional.of(OWN.get(place));
            }
            if (isBody(place, request)) {
                return Optional.of(error("MissingRequestBodyError", "Request Body is empty"));
            }
        }
        return places.stream().anyMatch(place -> place.contains("."))
                ? Optional.of(error(
                        "MalformedXML",
                        "The XML you provided was not well-formed or did not validate against our published schema"))
                : Optional.empty();
    }

    private static String place(String violation) {
        Matcher matcher = PLACE.matcher(violation);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static boolean isBody(String place, SdkPojo request) {
        return request.sdkFields().stream()
                .anyMatch(
                        field -> field.memberName().equalsIgnoreCase(place) && field.containsTrait(PayloadTrait.class));
    }

    private static AwsError error(String code, String message) {
        return new AwsError(code, 400, message);
    }
}
