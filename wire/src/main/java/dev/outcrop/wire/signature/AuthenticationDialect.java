package dev.outcrop.wire.signature;

import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceSummary;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a family of services words its refusals: the same refusal has another code and status in S3, in EC2, in Query
 * services, in JSON services and in REST services.
 *
 * <p>Source: "Common Errors" in the API references of STS, EC2, DynamoDB, Bedrock, and "Error responses" in that of S3.
 */
public enum AuthenticationDialect {
    S3("", "AccessDenied", "Access Denied", 403),
    EC2("", "MissingParameter", "The request must contain the parameter AWSAccessKeyId", 400),
    QUERY("", "MissingAuthenticationToken", "Request is missing Authentication Token", 403),
    JSON("Exception", "MissingAuthenticationTokenException", "Request is missing Authentication Token", 400),
    REST("Exception", "MissingAuthenticationTokenException", "Missing Authentication Token", 403);

    private static final Set<String> OBJECT_STORES = Set.of("s3", "s3express", "s3-object-lambda");
    private static final String INVALID_TOKEN = "The security token included in the request is invalid.";
    private static final String MISMATCH =
            "The request signature we calculated does not match the signature you provided. ";

    private final String suffix;
    private final String missingCode;
    private final String missingMessage;
    private final int missingStatus;

    AuthenticationDialect(String suffix, String missingCode, String missingMessage, int missingStatus) {
        this.suffix = suffix;
        this.missingCode = missingCode;
        this.missingMessage = missingMessage;
        this.missingStatus = missingStatus;
    }

    /** Whether calls of S3 may be signed for the service called {@code name}. */
    public static boolean isObjectStore(String name) {
        return OBJECT_STORES.contains(name);
    }

    /** How {@code service} words its refusals to a client that speaks {@code protocol}. */
    public static AuthenticationDialect of(ServiceSummary service, Protocol protocol) {
        if (service.signingName().equals("s3")) {
            return S3;
        }
        return switch (protocol) {
            case EC2_QUERY -> EC2;
            case QUERY -> QUERY;
            case JSON, JSON_CBOR, RPC_V2_CBOR -> JSON;
            case REST_JSON -> REST;
            case REST_XML -> QUERY;
        };
    }

    /**
     * How far the clocks of client and server may be apart. STS allows as much as S3: tokens of EKS are presigned calls
     * of STS that are used for a quarter of an hour.
     */
    Duration allowedSkew(String service) {
        return Duration.ofMinutes(this == S3 || service.equals("sts") ? 15 : 5);
    }

    /** Nothing in the request says who sends it. */
    public AuthenticationException missing() {
        return new AuthenticationException(missingCode, missingStatus, missingMessage);
    }

    /** The signature lacks a part. */
    AuthenticationException incomplete(String message) {
        int status = switch (this) {
            case REST -> 403;
            case S3, EC2, QUERY, JSON -> 400;
        };
        return new AuthenticationException("IncompleteSignature" + suffix, status, message);
    }

    /** No key has this id. */
    AuthenticationException unknownKey(String accessKeyId) {
        return switch (this) {
            case S3 ->
                new AuthenticationException(
                        "InvalidAccessKeyId",
                        403,
                        "The AWS Access Key Id you provided does not exist in our records.",
                        Map.of("AWSAccessKeyId", accessKeyId));
            case EC2 ->
                new AuthenticationException(
                        "AuthFailure", 401, "AWS was not able to validate the provided access credentials");
            case QUERY, JSON, REST -> invalidToken();
        };
    }

    /** The session token is not the one that belongs to the key. */
    AuthenticationException invalidToken() {
        return switch (this) {
            case S3 ->
                new AuthenticationException(
                        "InvalidToken", 400, "The provided token is malformed or otherwise invalid.");
            case EC2 ->
                new AuthenticationException(
                        "AuthFailure", 401, "AWS was not able to validate the provided access credentials");
            case QUERY -> new AuthenticationException("InvalidClientTokenId", 403, INVALID_TOKEN);
            case JSON -> new AuthenticationException("UnrecognizedClientException", 400, INVALID_TOKEN);
            case REST -> new AuthenticationException("UnrecognizedClientException", 403, INVALID_TOKEN);
        };
    }

    /** The session has ended. */
    AuthenticationException expiredToken() {
        return switch (this) {
            case S3 -> new AuthenticationException("ExpiredToken", 400, "The provided token has expired.");
            case EC2 -> new AuthenticationException("RequestExpired", 400, "Request has expired.");
            case QUERY ->
                new AuthenticationException(
                        "ExpiredToken", 403, "The security token included in the request is expired");
            case JSON ->
                new AuthenticationException(
                        "ExpiredTokenException", 400, "The security token included in the request is expired");
            case REST ->
                new AuthenticationException(
                        "ExpiredTokenException", 403, "The security token included in the request is expired");
        };
    }

    /**
     * Refuses a presigned request that is good for longer than it may be.
     *
     * @throws AuthenticationException if it is
     */
    public void checkLifetime(SignatureClaim claim, Duration longest) {
        if (!claim.presigned() || claim.expires().isEmpty()) {
            return;
        }
        try {
            if (Long.parseLong(claim.expires()) > longest.toSeconds()) {
                throw invalidSignature(
                        "X-Amz-Expires must be at most " + longest.toSeconds() + " seconds, but is " + claim.expires());
            }
        } catch (NumberFormatException e) {
            // The verifier says what it must be.
        }
    }

    /** The signature is well formed, but is not one that this request can have. */
    AuthenticationException invalidSignature(String message) {
        return switch (this) {
            case S3 -> new AuthenticationException("SignatureDoesNotMatch", 403, message);
            case EC2 -> new AuthenticationException("AuthFailure", 401, message);
            case QUERY -> new AuthenticationException("SignatureDoesNotMatch", 403, message);
            case JSON -> new AuthenticationException("InvalidSignatureException", 400, message);
            case REST -> new AuthenticationException("InvalidSignatureException", 403, message);
        };
    }

    /**
     * The signature is not the one that the key gives.
     *
     * @param canonicalRequest the request as it should have been signed; empty where a chunk of it was signed
     */
    AuthenticationException mismatch(
            String accessKeyId, String signature, String stringToSign, Optional<String> canonicalRequest) {
        return switch (this) {
            case S3 -> {
                Map<String, String> details = new LinkedHashMap<>();
                details.put("AWSAccessKeyId", accessKeyId);
                details.put("StringToSign", stringToSign);
                details.put("SignatureProvided", signature);
                details.put("StringToSignBytes", Hex.spaced(stringToSign));
                canonicalRequest.ifPresent(text -> {
                    details.put("CanonicalRequest", text);
                    details.put("CanonicalRequestBytes", Hex.spaced(text));
                });
                yield new AuthenticationException(
                        "SignatureDoesNotMatch", 403, MISMATCH + "Check your key and signing method.", details);
            }
            case EC2 ->
                new AuthenticationException(
                        "AuthFailure", 401, "AWS was not able to validate the provided access credentials");
            case QUERY, JSON, REST ->
                invalidSignature(MISMATCH
                        + "Check your AWS Secret Access Key and signing method. Consult the service documentation for"
                        + " details.\n\n"
                        + canonicalRequest
                                .map(text ->
                                        "The Canonical String for this request should have been\n'" + text + "'\n\n")
                                .orElse("")
                        + "The String-to-Sign should have been\n'" + stringToSign + "'\n");
        };
    }

    /** Client and server do not agree on the time. */
    AuthenticationException skewed(SignatureTime requested, SignatureTime now, Duration allowed) {
        return switch (this) {
            case S3 -> {
                Map<String, String> details = new LinkedHashMap<>();
                details.put("RequestTime", requested.basic());
                details.put("ServerTime", now.instant().toString());
                details.put("MaxAllowedSkewMilliseconds", Long.toString(allowed.toMillis()));
                yield new AuthenticationException(
                        "RequestTimeTooSkewed",
                        403,
                        "The difference between the request time and the current time is too large.",
                        details);
            }
            case EC2 -> new AuthenticationException("RequestExpired", 400, "Request has expired.");
            case QUERY, JSON, REST -> {
                boolean early = requested.instant().isAfter(now.instant());
                long minutes = allowed.toMinutes();
                SignatureTime bound = new SignatureTime(
                        early ? now.instant().plus(allowed) : now.instant().minus(allowed));
                yield invalidSignature(
                        early
                                ? "Signature not yet current: " + requested.basic() + " is still later than "
                                        + bound.basic() + " (" + now.basic() + " + " + minutes + " min.)"
                                : "Signature expired: " + requested.basic() + " is now earlier than " + bound.basic()
                                        + " (" + now.basic() + " - " + minutes + " min.)");
            }
        };
    }

    /** A presigned URL of S3 whose time has not begun. */
    static AuthenticationException notYetValid(SignatureTime begin, SignatureTime end, SignatureTime now) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("X-Amz-Date", Long.toString(begin.instant().toEpochMilli()));
        details.put("Expires", end.instant().toString());
        details.put("ServerTime", now.instant().toString());
        return new AuthenticationException("AccessDenied", 403, "Request is not yet valid", details);
    }

    /** A presigned URL whose time is over. */
    AuthenticationException presignedExpired(SignatureTime end, SignatureTime now, String expires) {
        if (this == S3) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("X-Amz-Expires", expires);
            details.put("Expires", end.instant().toString());
            details.put("ServerTime", now.instant().toString());
            return new AuthenticationException("AccessDenied", 403, "Request has expired", details);
        }
        if (this == EC2) {
            return new AuthenticationException("RequestExpired", 400, "Request has expired.");
        }
        return invalidSignature("Signature expired: " + end.basic() + " is now earlier than " + now.basic());
    }

    /** S3's refusal of a credential or its scope. */
    static AuthenticationException malformedCredential(boolean presigned, String problem) {
        return presigned
                ? new AuthenticationException(
                        "AuthorizationQueryParametersError",
                        400,
                        "Error parsing the X-Amz-Credential parameter; " + problem)
                : new AuthenticationException(
                        "AuthorizationHeaderMalformed", 400, "The authorization header is malformed; " + problem);
    }

    /** Neither header nor parameter says when the request was signed, or not in a form that can be read. */
    AuthenticationException invalidTime(SignatureClaim claim) {
        if (this != S3) {
            return invalidSignature("Date must be in ISO-8601 'basic format'. Got '" + claim.time()
                    + "'. See http://en.wikipedia.org/wiki/ISO_8601");
        }
        return claim.presigned()
                ? new AuthenticationException(
                        "AuthorizationQueryParametersError",
                        400,
                        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
                : new AuthenticationException(
                        "AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header");
    }

    /** S3's refusal of a request that is signed in its header and in its query string. */
    static AuthenticationException twoMechanisms(String authorization) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("ArgumentName", "Authorization");
        details.put("ArgumentValue", authorization);
        return new AuthenticationException(
                "InvalidArgument",
                400,
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string"
                        + " parameter or the Authorization header should be specified",
                details);
    }

    /** The signature is of a version that is not supported. */
    public AuthenticationException unsupported(String algorithm) {
        if (this == S3) {
            return new AuthenticationException(
                    "InvalidRequest",
                    400,
                    "The authorization mechanism you have provided is not supported. Please use"
                            + " AWS4-HMAC-SHA256.");
        }
        return incomplete("Unsupported AWS 'algorithm': '" + algorithm + "'. Use AWS4-HMAC-SHA256.");
    }

    /** A bearer token that nobody was given. */
    public AuthenticationException invalidBearerToken() {
        return switch (this) {
            case JSON, REST ->
                new AuthenticationException(
                        "AccessDeniedException", 403, "Authentication failed: Please make sure your API Key is valid.");
            case S3, EC2, QUERY -> invalidToken();
        };
    }

    /** The body is not the one whose hash was signed. */
    AuthenticationException contentMismatch(String declared, String computed) {
        if (this != S3) {
            return invalidSignature(MISMATCH
                    + "Check your AWS Secret Access Key and signing method. Consult the service documentation for"
                    + " details.");
        }
        Map<String, String> details = new LinkedHashMap<>();
        details.put("ClientComputedContentSHA256", declared);
        details.put("S3ComputedContentSHA256", computed);
        return new AuthenticationException(
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                details);
    }
}
