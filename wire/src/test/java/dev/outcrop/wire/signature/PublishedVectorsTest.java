package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Principal;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.CanonicalRequest.PathForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** AWS's own test suite for version 4 of the signature, as aws-c-auth and botocore publish it. */
class PublishedVectorsTest {
    private static final Instant SIGNED_AT = Instant.parse("2015-08-30T12:36:00Z");

    static Stream<String> vectors() throws IOException {
        return text("index.txt").lines();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void buildsTheCanonicalRequest(String vector) throws IOException {
        RawRequest request = signed(vector);

        String canonical = CanonicalRequest.of(
                request.head(),
                claim(request.head()).signedHeaders(),
                false,
                PayloadHash.of(request.body()),
                PathForm.NORMALIZED);

        assertThat(canonical).isEqualTo(file(vector, ".creq"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void acceptsTheSignature(String vector) throws IOException {
        RawRequest request = signed(vector);

        VerifiedSignature verified = verify(request.head(), request.body());

        assertThat(verified.key().accessKeyId()).isEqualTo("AKIDEXAMPLE");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesTheSignatureOfAnotherRequest(String vector) throws IOException {
        RawRequest request = signed(vector);
        WireRequest other = new WireRequest(
                request.head().method(),
                request.head().path() + "x",
                request.head().query(),
                request.head().headers());

        assertThatThrownBy(() -> verify(other, request.body()))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("The request signature we calculated does not match")
                .hasMessageContaining("The String-to-Sign should have been");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesTheSignatureOfAnotherBody(String vector) throws IOException {
        RawRequest request = signed(vector);

        assertThatThrownBy(() -> verify(request.head(), "another".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("The request signature we calculated does not match");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void refusesASignatureWithOneOtherDigit(String vector) throws IOException {
        RawRequest request = signed(vector);
        String authorization = request.head().header("authorization").orElseThrow();
        char last = authorization.charAt(authorization.length() - 1);
        HttpHeaders forged = request.head().headers().toBuilder()
                .set(
                        "authorization",
                        authorization.substring(0, authorization.length() - 1) + (last == '0' ? '1' : '0'))
                .build();

        assertThatThrownBy(() -> verify(
                        new WireRequest(
                                request.head().method(),
                                request.head().path(),
                                request.head().query(),
                                forged),
                        request.body()))
                .isInstanceOf(AuthenticationException.class);
    }

    private static VerifiedSignature verify(WireRequest request, byte[] body) {
        Optional<String> token = request.header("x-amz-security-token");
        AccessKey key = new AccessKey(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                Principal.root("123456789012", Optional.of("AKIDEXAMPLE")),
                token,
                Optional.empty());
        SignatureVerifier verifier = new SignatureVerifier(
                id -> id.equals("AKIDEXAMPLE") ? Optional.of(key) : Optional.empty(),
                InstantSource.fixed(SIGNED_AT),
                region -> region.equals("us-east-1"));
        return verifier.verify(claim(request), request, PayloadHash.of(body), "service", AuthenticationDialect.QUERY);
    }

    private static SignatureClaim claim(WireRequest request) {
        return ((Credentials.Signed) Credentials.of(request)).claim();
    }

    /** The signed request, with the header of the {@code .authz} file: one {@code .sreq} shows another signature. */
    private static RawRequest signed(String vector) throws IOException {
        RawRequest request = RawRequest.parse(file(vector, ".sreq"));
        HttpHeaders headers = request.head().headers().toBuilder()
                .set("authorization", file(vector, ".authz"))
                .build();
        return new RawRequest(
                new WireRequest(
                        request.head().method(),
                        request.head().path(),
                        request.head().query(),
                        headers),
                request.body());
    }

    private static String file(String vector, String suffix) throws IOException {
        String name = vector.substring(vector.lastIndexOf('/') + 1);
        return text(vector + "/" + name + suffix);
    }

    private static String text(String name) throws IOException {
        try (InputStream in = PublishedVectorsTest.class.getResourceAsStream("vectors/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
