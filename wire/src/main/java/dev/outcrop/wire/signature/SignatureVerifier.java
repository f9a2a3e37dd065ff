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
    private static final String TERMINATOR = "aws4_request";

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
        if (dialect == AuthenticationDialect.S3) {
            checkSingle(claim, request);
        }
        SignatureTime time = SignatureTime.parse(claim.time()).orElseThrow(() -> dialect.invalidTime(claim));
        checkScope(claim, time, service, dialect);
        checkTime(claim, time, now, service, dialect);
        checkSignedHeaders(claim, request.headers(), dialect);
        AccessKey key = keys.find(claim.accessKeyId()).orElseThrow(() -> dialect.unknownKey(claim.accessKeyId()));
        checkSession(claim, key, now.instant(), dialect);

        String secret = key.secretAccessKey();
        Optional<SigningKey> known = signingKeys.find(secret, claim);
        SigningKey signingKey =
                known.orElseGet(() -> SigningKey.derive(secret, claim.date(), claim.region(), claim.service()));
        PathForm form = dialect == AuthenticationDialect.S3 ? PathForm.ONCE : PathForm.NORMALIZED;
        String canonical = CanonicalRequest.of(request, claim.signedHeaders(), claim.presigned(), payloadHash, form);
        String stringToSign = stringToSign(claim, time, canonical);
        String expected = signingKey.sign(stringToSign);
        if (!same(expected, claim.signature())
                && !(form == PathForm.NORMALIZED
                        && matchesUnnormalized(claim, request, payloadHash, time, signingKey))) {
            throw dialect.mismatch(claim.accessKeyId(), claim.signature(), stringToSign, Optional.of(canonical));
        }
        if (known.isEmpty()) {
            signingKeys.keep(secret, claim, signingKey);
        }
        return new VerifiedSignature(key, signingKey, time.basic(), claim.scope(), claim.signature(), dialect);
    }

    /**
     * Checks the signature of a form that uploads to S3.
     *
     * @param policy the form's policy, in base64 as it was sent, which is what is signed
     * @return the key that signed it
     * @throws AuthenticationException in S3's words
     */
    public AccessKey verifyForm(FormSignature signature, String policy) {
        SignatureClaim claim = signature.claim();
        AuthenticationDialect dialect = AuthenticationDialect.S3;
        if (signature.version() == 4) {
            checkForm(claim);
        }
        AccessKey key = keys.find(claim.accessKeyId()).orElseThrow(() -> dialect.unknownKey(claim.accessKeyId()));
        checkSession(claim, key, clock.instant(), dialect);
        String expected = signature.version() == 4
                ? SigningKey.derive(key.secretAccessKey(), claim.date(), claim.region(), claim.service())
                        .sign(policy)
                : SigningKey.signVersion2(key.secretAccessKey(), policy);
        if (!same(expected, claim.signature())) {
            throw dialect.mismatch(claim.accessKeyId(), claim.signature(), policy, Optional.empty());
        }
        return key;
    }

    private void checkForm(SignatureClaim claim) {
        if (!claim.complete()) {
            throw invalidForm(
                    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        if (!regions.test(claim.region())) {
            throw invalidForm("the region '" + claim.region() + "' is wrong");
        }
        if (!AuthenticationDialect.isObjectStore(claim.service())) {
            throw invalidForm("incorrect service \"" + claim.service() + "\". This endpoint belongs to \"s3\".");
        }
        if (!claim.terminator().equals(TERMINATOR)) {
            throw invalidForm(
                    "incorrect terminal \"" + claim.terminator() + "\". This endpoint uses \"" + TERMINATOR + "\".");
        }
        if (SignatureTime.parse(claim.time())
                .filter(time -> time.date().equals(claim.date()))
                .isEmpty()) {
            throw invalidForm("Invalid credential date \"" + claim.date()
                    + "\". This date is not the same as X-Amz-Date: \"" + claim.time() + "\".");
        }
    }

    private static AuthenticationException invalidForm(String problem) {
        return new AuthenticationException("InvalidArgument", 400, problem);
    }

    private static void checkSingle(SignatureClaim claim, WireRequest request) {
        if (!claim.presigned()
                && (request.parameters().has("X-Amz-Algorithm")
                        || request.parameters().has("Signature"))) {
            throw AuthenticationDialect.twoMechanisms(claim.authorization());
        }
    }

    private static void checkComplete(SignatureClaim claim, AuthenticationDialect dialect) {
        if (dialect == AuthenticationDialect.S3) {
            checkCompleteObject(claim);
        } else if (claim.presigned()) {
            checkCompleteQuery(claim, dialect);
        } else {
            checkCompleteHeader(claim, dialect);
        }
    }

    private static void checkCompleteObject(SignatureClaim claim) {
        boolean missing = claim.credential().isEmpty()
                || claim.signedHeaders().isEmpty()
                || claim.signature().isEmpty();
        if (claim.presigned()
                && (missing
                        || claim.authorization().isEmpty()
                        || claim.time().isEmpty()
                        || claim.expires().isEmpty())) {
            throw new AuthenticationException(
                    "AuthorizationQueryParametersError",
                    400,
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
                            + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }
        if (missing) {
            throw AuthenticationDialect.malformedCredential(
                    false,
                    "the authorization header requires three components: Credential, SignedHeaders, and Signature.");
        }
        if (!claim.complete()) {
            throw AuthenticationDialect.malformedCredential(
                    claim.presigned(),
                    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
    }

    private static void checkCompleteQuery(SignatureClaim claim, AuthenticationDialect dialect) {
        StringBuilder message = new StringBuilder();
        missing(claim.authorization(), "AWS query-string parameters must include 'X-Amz-Algorithm'. ", message);
        missing(claim.credential(), "AWS query-string parameters must include 'X-Amz-Credential'. ", message);
        missing(claim.signature(), "AWS query-string parameters must include 'X-Amz-Signature'. ", message);
        missing(claim.signedHeaders(), "AWS query-string parameters must include 'X-Amz-SignedHeaders'. ", message);
        missing(claim.time(), "AWS query-string parameters must include 'X-Amz-Date'. ", message);
        if (!message.isEmpty()) {
            throw dialect.incomplete(
                    message.append("Re-examine the query-string parameters.").toString());
        }
        checkParts(claim, dialect);
    }

    private static void checkCompleteHeader(SignatureClaim claim, AuthenticationDialect dialect) {
        Optional<String> unassigned = Credentials.unassigned(claim.authorization());
        if (unassigned.isPresent()) {
            throw dialect.incomplete("'" + unassigned.get()
                    + "' not a valid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256"
                    + " and encoded with Base64): '" + hashed(claim) + "'.");
        }
        StringBuilder message = new StringBuilder();
        missing(claim.credential(), "Authorization header requires 'Credential' parameter. ", message);
        missing(claim.signature(), "Authorization header requires 'Signature' parameter. ", message);
        missing(claim.signedHeaders(), "Authorization header requires 'SignedHeaders' parameter. ", message);
        missing(
                claim.time(),
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
                message);
        if (!message.isEmpty()) {
            throw dialect.incomplete(message.append("(Hashed with SHA-256 and encoded with Base64) Authorization=")
                    .append(hashed(claim))
                    .toString());
        }
        checkParts(claim, dialect);
    }

    /** What AWS shows in place of a header, so that a log of the error holds nothing that could be replayed. */
    private static String hashed(SignatureClaim claim) {
        return Base64.getEncoder()
                .encodeToString(
                        PayloadHash.sha256().digest(claim.authorization().getBytes(StandardCharsets.UTF_8)));
    }

    private static void checkParts(SignatureClaim claim, AuthenticationDialect dialect) {
        if (!claim.complete()) {
            throw dialect.incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term, got '" + claim.credential() + "'");
        }
    }

    private static void missing(String part, String sentence, StringBuilder message) {
        if (part.isEmpty()) {
            message.append(sentence);
        }
    }

    private void checkScope(SignatureClaim claim, SignatureTime time, String service, AuthenticationDialect dialect) {
        if (dialect == AuthenticationDialect.S3) {
            checkObjectScope(claim, time, service);
            return;
        }
        if (!regions.test(claim.region())) {
            throw dialect.invalidSignature(
                    "Credential should be scoped to a valid region, not '" + claim.region() + "'. ");
        }
        if (!claim.service().equals(service)) {
            throw dialect.invalidSignature("Credential should be scoped to correct service: '" + service + "'. ");
        }
        if (!claim.terminator().equals(TERMINATOR)) {
            throw dialect.invalidSignature("Credential should be scoped with a valid terminator: '" + TERMINATOR
                    + "', not '" + claim.terminator() + "'. ");
        }
        if (!claim.date().equals(time.date())) {
            throw dialect.invalidSignature(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + claim.date() + "' != '" + time.date() + "', from '" + time.basic() + "'.");
        }
    }

    private void checkObjectScope(SignatureClaim claim, SignatureTime time, String service) {
        boolean presigned = claim.presigned();
        if (claim.date().length() != 8 || !claim.date().chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw AuthenticationDialect.malformedCredential(
                    presigned,
                    "incorrect date format \"" + claim.date()
                            + "\". This date in the credential must be in the format \"yyyyMMdd\".");
        }
        if (!regions.test(claim.region())) {
            throw AuthenticationDialect.malformedCredential(presigned, "the region '" + claim.region() + "' is wrong");
        }
        if (!AuthenticationDialect.isObjectStore(claim.service())) {
            throw AuthenticationDialect.malformedCredential(
                    presigned,
                    "incorrect service \"" + claim.service() + "\". This endpoint belongs to \"" + service + "\".");
        }
        if (!claim.terminator().equals(TERMINATOR)) {
            throw AuthenticationDialect.malformedCredential(
                    presigned,
                    "incorrect terminal \"" + claim.terminator() + "\". This endpoint uses \"" + TERMINATOR + "\".");
        }
        if (!claim.date().equals(time.date())) {
            throw AuthenticationDialect.malformedCredential(
                    presigned,
                    "Invalid credential date \"" + claim.date() + "\". This date is not the same as X-Amz-Date: \""
                            + time.date() + "\".");
        }
    }

    private static void checkTime(
            SignatureClaim claim,
            SignatureTime time,
            SignatureTime now,
            String service,
            AuthenticationDialect dialect) {
        Duration skew = dialect.allowedSkew(service);
        boolean early = time.instant().isAfter(now.instant().plus(skew));
        boolean limited = claim.presigned() && !claim.expires().isEmpty();
        long lifetime = limited ? lifetime(claim.expires(), dialect) : 0;
        // STS takes presigned calls for a quarter of an hour, whatever they ask for: EKS asks for a minute and relies
        // on
        // it. See https://github.com/kubernetes-sigs/aws-iam-authenticator/pull/160.
        if (limited && !service.equals("sts")) {
            SignatureTime end = new SignatureTime(time.instant().plusSeconds(lifetime));
            if (early) {
                throw dialect == AuthenticationDialect.S3
                        ? AuthenticationDialect.notYetValid(time, end, now)
                        : dialect.skewed(time, now, skew);
            }
            if (lifetime == 0 || now.instant().isAfter(end.instant())) {
                throw dialect.presignedExpired(end, now, claim.expires());
            }
        } else if (early || time.instant().isBefore(now.instant().minus(skew))) {
            throw dialect.skewed(time, now, skew);
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
