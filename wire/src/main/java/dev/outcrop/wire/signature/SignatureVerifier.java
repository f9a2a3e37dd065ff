package dev.outcrop.wire.signature;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.CanonicalRequest.PathForm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks that a request was signed, now and for this service, with a key that the house knows. Safe for concurrent use. */
public final class SignatureVerifier {
    private static final long LONGEST_PRESIGNED_SECONDS = 604_800;

    private final AccessKeys keys;
    private final InstantSource clock;
    private final Predicate<String> regions;
    private final SigningKeys signingKeys = new SigningKeys();

    /**
     * A verifier.
     *
     * @param keys    the keys that the house knows
     * @param clock   what requests' times are compared with
     * @param regions whether calls may be signed for a region
     */
    public SignatureVerifier(AccessKeys keys, InstantSource clock, Predicate<String> regions) {
        this.keys = keys;
        this.clock = clock;
        this.regions = regions;
    }

    /**
     * Checks the signature of {@code request}.
     *
     * @param payloadHash hash of the body, or the marker that the request puts in its place
     * @param service     the signing name of the service that the request is routed to
     * @throws AuthenticationException in the words of {@code dialect}
     */
    public VerifiedSignature verify(
            SignatureClaim claim,
            WireRequest request,
            String payloadHash,
            String service,
            AuthenticationDialect dialect) {
        SignatureTime now = new SignatureTime(clock.instant());
        checkComplete(claim, dialect);
        SignatureTime time = SignatureTime.parse(claim.time())
                .orElseThrow(() -> dialect.invalidSignature("Date must be in ISO-8601 'basic format'. Got '"
                        + claim.time() + "'. See http://en.wikipedia.org/wiki/ISO_8601"));
        checkScope(claim, time, service, dialect);
        checkTime(claim, time, now, dialect);
        checkSignedHeaders(claim, request.headers(), dialect);
        AccessKey key = keys.find(claim.accessKeyId()).orElseThrow(() -> dialect.unknownKey(claim.accessKeyId()));
        checkSession(claim, key, now.instant(), dialect);

        SigningKey signingKey = signingKeys.of(key.secretAccessKey(), claim);
        PathForm form = dialect == AuthenticationDialect.S3 ? PathForm.ONCE : PathForm.NORMALIZED;
        String canonical = CanonicalRequest.of(request, claim.signedHeaders(), claim.presigned(), payloadHash, form);
        String stringToSign = stringToSign(claim, time, canonical);
        String expected = signingKey.sign(stringToSign);
        if (!same(expected, claim.signature())
                && !(form == PathForm.NORMALIZED
                        && matchesUnnormalized(claim, request, payloadHash, time, signingKey))) {
            throw dialect.mismatch(claim, canonical, stringToSign);
        }
        return new VerifiedSignature(key, signingKey, time.basic(), claim.scope(), claim.signature(), dialect);
    }

    private static void checkComplete(SignatureClaim claim, AuthenticationDialect dialect) {
        if (claim.presigned()) {
            boolean missing = claim.authorization().isEmpty()
                    || claim.credential().isEmpty()
                    || claim.signedHeaders().isEmpty()
                    || claim.signature().isEmpty()
                    || claim.time().isEmpty()
                    || (dialect == AuthenticationDialect.S3 && claim.expires().isEmpty());
            if (missing && dialect == AuthenticationDialect.S3) {
                throw new AuthenticationException(
                        "AuthorizationQueryParametersError",
                        400,
                        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
                                + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
            }
            if (missing) {
                StringBuilder message = new StringBuilder();
                missing(claim.authorization(), "AWS query-string parameters must include 'X-Amz-Algorithm'. ", message);
                missing(claim.credential(), "AWS query-string parameters must include 'X-Amz-Credential'. ", message);
                missing(claim.signature(), "AWS query-string parameters must include 'X-Amz-Signature'. ", message);
                missing(
                        claim.signedHeaders(),
                        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. ",
                        message);
                missing(claim.time(), "AWS query-string parameters must include 'X-Amz-Date'. ", message);
                throw dialect.incomplete(message.append("Re-examine the query-string parameters.")
                        .toString());
            }
        } else {
            StringBuilder message = new StringBuilder();
            missing(claim.credential(), "Authorization header requires 'Credential' parameter. ", message);
            missing(claim.signature(), "Authorization header requires 'Signature' parameter. ", message);
            missing(claim.signedHeaders(), "Authorization header requires 'SignedHeaders' parameter. ", message);
            missing(
                    claim.time(),
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
                    message);
            if (!message.isEmpty()) {
                // AWS shows a hash so that a log of the error does not hold a header that could be replayed.
                byte[] hash = PayloadHash.sha256().digest(claim.authorization().getBytes(StandardCharsets.UTF_8));
                throw dialect.incomplete(message.append("(Hashed with SHA-256 and encoded with Base64) Authorization=")
                        .append(Base64.getEncoder().encodeToString(hash))
                        .toString());
            }
        }
        if (!claim.complete()) {
            String message = "Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term, got '" + claim.credential() + "'";
            throw dialect == AuthenticationDialect.S3
                    ? new AuthenticationException(
                            claim.presigned() ? "AuthorizationQueryParametersError" : "AuthorizationHeaderMalformed",
                            400,
                            "The authorization header is malformed; the Credential is mal-formed; expecting"
                                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
                    : dialect.incomplete(message);
        }
    }

    private static void missing(String part, String sentence, StringBuilder message) {
        if (part.isEmpty()) {
            message.append(sentence);
        }
    }

    private void checkScope(SignatureClaim claim, SignatureTime time, String service, AuthenticationDialect dialect) {
        boolean s3 = dialect == AuthenticationDialect.S3;
        if (!regions.test(claim.region())) {
            throw dialect.wrongScope(
                    s3
                            ? "The authorization header is malformed; the region '" + claim.region() + "' is wrong"
                            : "Credential should be scoped to a valid region, not '" + claim.region() + "'. ",
                    Map.of());
        }
        if (!claim.service().equals(service)) {
            throw dialect.wrongScope(
                    s3
                            ? "The authorization header is malformed; incorrect service \"" + claim.service()
                                    + "\". This endpoint belongs to \"" + service + "\"."
                            : "Credential should be scoped to correct service: '" + service + "'. ",
                    Map.of());
        }
        if (!claim.terminator().equals("aws4_request")) {
            throw dialect.wrongScope(
                    s3
                            ? "The authorization header is malformed; incorrect terminator \"" + claim.terminator()
                                    + "\". This endpoint uses \"aws4_request\"."
                            : "Credential should be scoped with a valid terminator: 'aws4_request', not '"
                                    + claim.terminator() + "'. ",
                    Map.of());
        }
        String basic = time.basic();
        if (!basic.startsWith(claim.date()) || claim.date().length() != 8) {
            throw dialect.invalidSignature(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + claim.date() + "' != '" + basic.substring(0, 8) + "', from '" + basic + "'.");
        }
    }

    private static void checkTime(
            SignatureClaim claim, SignatureTime time, SignatureTime now, AuthenticationDialect dialect) {
        Duration skew = dialect.allowedSkew();
        boolean early = time.instant().isAfter(now.instant().plus(skew));
        if (claim.presigned() && !claim.expires().isEmpty()) {
            Instant end = time.instant().plusSeconds(lifetime(claim.expires(), dialect));
            if (early) {
                throw dialect.skewed(time, now);
            }
            if (now.instant().isAfter(end)) {
                throw dialect.presignedExpired(new SignatureTime(end), now, claim.expires());
            }
        } else if (early || time.instant().isBefore(now.instant().minus(skew))) {
            throw dialect.skewed(time, now);
        }
    }

    private static long lifetime(String expires, AuthenticationDialect dialect) {
        long seconds;
        try {
            seconds = Long.parseLong(expires);
        } catch (NumberFormatException e) {
            throw lifetimeRefused("X-Amz-Expires should be a number", dialect);
        }
        if (seconds < 0) {
            throw lifetimeRefused("X-Amz-Expires must be non-negative", dialect);
        }
        if (seconds > LONGEST_PRESIGNED_SECONDS) {
            throw lifetimeRefused(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be"
                            + " less than 604800 seconds",
                    dialect);
        }
        return seconds;
    }

    private static AuthenticationException lifetimeRefused(String message, AuthenticationDialect dialect) {
        return dialect == AuthenticationDialect.S3
                ? new AuthenticationException("AuthorizationQueryParametersError", 400, message)
                : dialect.invalidSignature(message);
    }

    private static void checkSignedHeaders(SignatureClaim claim, HttpHeaders headers, AuthenticationDialect dialect) {
        if (!signs(claim.signedHeaders(), "host") && !signs(claim.signedHeaders(), ":authority")) {
            throw dialect.invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        if (dialect != AuthenticationDialect.S3) {
            return;
        }
        StringBuilder unsigned = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-")
                    && !signs(claim.signedHeaders(), name)
                    && !(claim.presigned() && name.equals("x-amz-content-sha256"))) {
                unsigned.append(unsigned.isEmpty() ? "" : ", ").append(name);
            }
        }
        if (!unsigned.isEmpty()) {
            throw new AuthenticationException(
                    "AccessDenied",
                    403,
                    "There were headers present in the request which were not signed",
                    Map.of("HeadersNotSigned", unsigned.toString()));
        }
    }

    private static boolean signs(String signedHeaders, String name) {
        int at = signedHeaders.indexOf(name);
        while (at >= 0) {
            int end = at + name.length();
            if ((at == 0 || signedHeaders.charAt(at - 1) == ';')
                    && (end == signedHeaders.length() || signedHeaders.charAt(end) == ';')) {
                return true;
            }
            at = signedHeaders.indexOf(name, end);
        }
        return false;
    }

    private static void checkSession(SignatureClaim claim, AccessKey key, Instant now, AuthenticationDialect dialect) {
        Optional<String> expected = key.sessionToken();
        if (expected.isPresent()
                && !claim.sessionToken()
                        .filter(token -> same(expected.get(), token))
                        .isPresent()) {
            throw claim.sessionToken().isEmpty() ? dialect.unknownKey(claim.accessKeyId()) : dialect.invalidToken();
        }
        if (expected.isEmpty()
                && claim.sessionToken().filter(token -> !token.isEmpty()).isPresent()) {
            throw dialect.invalidToken();
        }
        if (key.expiresAt().filter(end -> !now.isBefore(end)).isPresent()) {
            throw dialect.expiredToken();
        }
    }

    private static boolean matchesUnnormalized(
            SignatureClaim claim, WireRequest request, String payloadHash, SignatureTime time, SigningKey signingKey) {
        if (PathForm.normalized(request.path()).equals(request.path())) {
            return false;
        }
        String canonical =
                CanonicalRequest.of(request, claim.signedHeaders(), claim.presigned(), payloadHash, PathForm.TWICE);
        return same(signingKey.sign(stringToSign(claim, time, canonical)), claim.signature());
    }

    private static String stringToSign(SignatureClaim claim, SignatureTime time, String canonical) {
        return Credentials.ALGORITHM
                + '\n'
                + time.basic()
                + '\n'
                + claim.scope()
                + '\n'
                + PayloadHash.of(canonical.getBytes(StandardCharsets.UTF_8));
    }

    /** Compares in a time that does not tell where the texts differ. */
    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
