package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Principal;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How headers that cannot be right are refused, before any signature is computed. */
class RefusalsTest {
    private static final String RIGHT =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/SERVICE/aws4_request,"
                    + " SignedHeaders=host;x-amz-date, Signature=00";

    @ParameterizedTest
    @CsvSource({
        "S3, s3, AuthorizationHeaderMalformed, 400",
        "EC2, ec2, IncompleteSignature, 400",
        "QUERY, monitoring, IncompleteSignature, 400",
        "JSON, dynamodb, IncompleteSignatureException, 400",
        "REST, bedrock, IncompleteSignatureException, 403"
    })
    void refusesHeadersThatLackAPart(AuthenticationDialect dialect, String service, String code, int status) {
        AuthenticationException refusal =
                refusal(right(service).replace(", Signature=00", ""), "20260301T100000Z", service, dialect);

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal)
                .hasMessageContaining(
                        dialect == AuthenticationDialect.S3
                                ? "the authorization header requires three components: Credential, SignedHeaders, and"
                                        + " Signature."
                                : "Authorization header requires 'Signature' parameter. (Hashed with SHA-256");
    }

    @Test
    void refusesPartsWithoutAnEqualsSign() {
        AuthenticationException refusal = refusal(
                right("dynamodb").replace("Credential=", "Credential= "),
                "20260301T100000Z",
                "dynamodb",
                AuthenticationDialect.JSON);

        assertThat(refusal.code()).isEqualTo("IncompleteSignatureException");
        assertThat(refusal)
                .hasMessageStartingWith("'AKIDEXAMPLE/20260301/us-east-1/dynamodb/aws4_request' not a valid key=value"
                        + " pair (missing equal-sign) in Authorization header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/us-east-1/|/moon/|Credential should be scoped to a valid region, not 'moon'. ",
                "/dynamodb/|/s3/|Credential should be scoped to correct service: 'dynamodb'. ",
                "aws4_request|aws5_request|Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
                "/20260301/|/20260228/|Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260228' != '20260301', from '20260301T100000Z'.",
                "host;|hosts;|'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
            })
    void refusesScopesOfOtherCalls(String right, String wrong, String message) {
        AuthenticationException refusal = refusal(
                right("dynamodb").replace(right, wrong), "20260301T100000Z", "dynamodb", AuthenticationDialect.JSON);

        assertThat(refusal.code()).isEqualTo("InvalidSignatureException");
        assertThat(refusal.getMessage().strip()).isEqualTo(message.strip());
    }

    @Test
    void refusesCredentialsWithoutFiveParts() {
        AuthenticationException refusal = refusal(
                right("dynamodb").replace("/aws4_request", ""),
                "20260301T100000Z",
                "dynamodb",
                AuthenticationDialect.JSON);

        assertThat(refusal)
                .hasMessage("Credential must have exactly 5 slash-delimited elements, e.g."
                        + " keyid/date/region/service/term, got 'AKIDEXAMPLE/20260301/us-east-1/dynamodb'");
    }

    @ParameterizedTest
    @CsvSource({
        "S3, s3, InvalidAccessKeyId, 403",
        "EC2, ec2, AuthFailure, 401",
        "QUERY, monitoring, InvalidClientTokenId, 403",
        "JSON, dynamodb, UnrecognizedClientException, 400",
        "REST, bedrock, UnrecognizedClientException, 403"
    })
    void refusesKeysThatNobodyHasAndSessionsWithoutToken(
            AuthenticationDialect dialect, String service, String code, int status) {
        AuthenticationException unknown =
                refusal(right(service).replace("AKIDEXAMPLE", "AKIDNOBODY"), "20260301T100000Z", service, dialect);
        AuthenticationException bare =
                refusal(right(service).replace("AKIDEXAMPLE", "ASIAEXAMPLE"), "20260301T100000Z", service, dialect);

        assertThat(unknown.code()).isEqualTo(code);
        assertThat(unknown.status()).isEqualTo(status);
        assertThat(bare.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "S3, s3, AccessDenied, AWS authentication requires a valid Date or x-amz-date header",
        "JSON, dynamodb, InvalidSignatureException, Date must be in ISO-8601 'basic format'. Got 'noon'."
    })
    void refusesTimesThatCannotBeRead(AuthenticationDialect dialect, String service, String code, String message) {
        AuthenticationException refusal = refusal(right(service), "noon", service, dialect);

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessageStartingWith(message.replace("\"", ""));
    }

    @Test
    void refusesObjectsSignedInHeaderAndQuery() {
        AuthenticationException refusal = catchThrowableOfType(
                AuthenticationException.class,
                () -> verify(
                        right("s3"),
                        "20260301T100000Z",
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                        "s3",
                        AuthenticationDialect.S3));

        assertThat(refusal.code()).isEqualTo("InvalidArgument");
        assertThat(refusal).hasMessageStartingWith("Only one auth mechanism allowed;");
        assertThat(refusal.details())
                .containsExactly(Map.entry("ArgumentName", "Authorization"), Map.entry("ArgumentValue", right("s3")));
    }

    private static String right(String service) {
        return RIGHT.replace("SERVICE", service);
    }

    private static AuthenticationException refusal(
            String authorization, String time, String service, AuthenticationDialect dialect) {
        return catchThrowableOfType(
                AuthenticationException.class, () -> verify(authorization, time, "", service, dialect));
    }

    private static void verify(
            String authorization, String time, String query, String service, AuthenticationDialect dialect) {
        Principal root = Principal.root("123456789012", Optional.empty());
        Map<String, AccessKey> keys = Map.of(
                "AKIDEXAMPLE", new AccessKey("AKIDEXAMPLE", "secret", root, Optional.empty(), Optional.empty()),
                "ASIAEXAMPLE", new AccessKey("ASIAEXAMPLE", "secret", root, Optional.of("token"), Optional.empty()));
        WireRequest request = new WireRequest(
                "POST",
                "/",
                query,
                HttpHeaders.builder()
                        .add("host", "localhost")
                        .add("x-amz-date", time)
                        .add("authorization", authorization)
                        .build());
        new SignatureVerifier(
                        id -> Optional.ofNullable(keys.get(id)),
                        InstantSource.fixed(Instant.parse("2026-03-01T10:00:00Z")),
                        region -> region.equals("us-east-1"))
                .verify(
                        ((Credentials.Signed) Credentials.of(request)).claim(),
                        request,
                        PayloadHash.EMPTY,
                        service,
                        dialect);
    }
}
