package dev.outcrop.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error of AWS's that no client's class stands for. Where the operation's client does have a class of this code, the
 * caller gets that class.
 *
 * <p>Source: "Common Error Types" of AWS's API references.
 */
public final class AwsError extends RuntimeException {
    private final String code;
    private final int status;
    private final Map<String, String> details;

    /**
     * @param code    such as {@code AccessDeniedException}
     * @param status  HTTP status
     * @param message what the caller reads
     */
    public AwsError(String code, int status, String message) {
        this(code, status, message, Map.of());
    }

    /**
     * @param code    such as {@code NoSuchKey}
     * @param status  HTTP status
     * @param message what the caller reads
     * @param details further elements of the error by the names that they have on the wire: string members of the error's
     *     class, such as {@code resourceName}, and elements that S3 writes without modeling them, in their order
     */
    public AwsError(String code, int status, String message, Map<String, String> details) {
        super(message);
        this.code = code;
        this.status = status;
        this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** The request does not meet the constraints of its shape. */
    public static AwsError validation(String message) {
        return new AwsError("ValidationException", 400, message);
    }

    /** The caller may not do this. */
    public static AwsError accessDenied(String message) {
        return new AwsError("AccessDeniedException", 403, message);
    }

    /** The caller is too fast. */
    public static AwsError throttling(String message) {
        return new AwsError("ThrottlingException", 400, message);
    }

    /** The body cannot be read as what the operation takes. */
    public static AwsError serialization(String message) {
        return new AwsError("SerializationException", 400, message);
    }

    /** The service has no such operation. */
    public static AwsError unknownOperation(String message) {
        return new AwsError("UnknownOperationException", 404, message);
    }

    /** The operation exists at AWS and not here yet. */
    public static AwsError notImplemented(String service, String operation) {
        return new AwsError(
                "NotImplementedException", 501, "Outcrop does not implement " + service + ":" + operation + " yet");
    }

    /** The service failed for a reason that is not the caller's. */
    public static AwsError internalFailure(String message) {
        return new AwsError("InternalFailure", 500, message);
    }

    /** Such as {@code AccessDeniedException}. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Further elements of the error in their order, such as S3's {@code StringToSign}. */
    public Map<String, String> details() {
        return details;
    }
}
