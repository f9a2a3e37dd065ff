package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** What the SDK's signer signs is accepted; what is changed afterwards, comes late or is signed for others is refused. */
class SdkSignaturesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String ID = "AKIDEXAMPLE";
    private static final String SECRET = "a secret of the tests";
    private static final String TOKEN = "a/token+of=the tests";
    private static final AwsCredentialsIdentity LASTING = AwsCredentialsIdentity.create(ID, SECRET);
    private static final AwsCredentialsIdentity TEMPORARY =
            AwsSessionCredentialsIdentity.create("ASIAEXAMPLE", SECRET, TOKEN);
    private static final byte[] NOTHING = new byte[0];
    private static final String OBJECT = "https://bucket.s3.amazonaws.com/a/key";
    private static final String IDENTITY =
            "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";

    @ParameterizedTest
    // The SDK computes CRC64NVME only with its native library, which this build does not have.
    @EnumSource(names = "CRC64NVME", mode = EnumSource.Mode.EXCLUDE)
    void acceptsSignedChunksWithEachChecksum(Checksum checksum) throws IOException {
        byte[] content = content(300_000);

        SdkSigner.Outcome sent = chunked(checksum, true, content);

        assertThat(sent.head().header("x-amz-content-sha256")).contains(PayloadHash.STREAMING_SIGNED_TRAILER);
        assertThat(chunks(sent, Optional.of(checksum), true).readAllBytes()).isEqualTo(content);
    }

    @ParameterizedTest
    // The SDK computes CRC64NVME only with its native library, which this build does not have.
    @EnumSource(names = "CRC64NVME", mode = EnumSource.Mode.EXCLUDE)
    void acceptsUnsignedChunksWithEachChecksum(Checksum checksum) throws IOException {
        byte[] content = content(300_000);

        SdkSigner.Outcome sent = chunked(checksum, false, content);

        assertThat(sent.head().header("x-amz-content-sha256")).contains(PayloadHash.STREAMING_UNSIGNED_TRAILER);
        assertThat(chunks(sent, Optional.of(checksum), false).readAllBytes()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a key with spaces",
                "/a%20key%2Bwith%2520signs",
                "/caf%C3%A9/%E6%97%A5%E6%9C%AC/%F0%9F%98%80",
                "/a//b/../c/./d",
                "/key?versions&prefix=&delimiter=%2F",
                "/key?b=2&a=1&a=0&A=3&%C3%A9=%20",
                "/key?x=a%2Bb&y=a%20b&z=%7E~*"
            })
    void acceptsAllPathsAndQueriesOfObjects(String target) {
        SdkSigner signer = new SdkSigner(LASTING, NOW, "s3");

        WireRequest head = signer.sign(
                        SdkSigner.request(SdkHttpMethod.GET, "https://s3.amazonaws.com" + target.replace(" ", "%20"))
                                .build(),
                        NOTHING,
                        signing -> {})
                .head();

        verify(head, hash(head), "s3", AuthenticationDialect.S3, NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Amodel%2Fx/converse",
                "/a%20b/caf%C3%A9",
                "/tags?tagKeys=a%20b&tagKeys=c%26d&empty=",
                "/a/../b/./c"
            })
    void acceptsPathsOfOtherServicesThatAreEncodedTwice(String target) {
        SdkSigner signer = new SdkSigner(LASTING, NOW, "bedrock");

        WireRequest head = signer.sign(
                        SdkSigner.request(SdkHttpMethod.GET, "https://bedrock-runtime.amazonaws.com" + target)
                                .build(),
                        NOTHING,
                        signing -> {})
                .head();

        verify(head, PayloadHash.EMPTY, "bedrock", AuthenticationDialect.REST, NOW);
    }

    @Test
    void acceptsHeadersInAnyOrderWithAnyBlanksAndSeveralTimes() {
        WireRequest signed = new SdkSigner(LASTING, NOW, "bedrock")
                .sign(
                        SdkSigner.request(SdkHttpMethod.GET, "https://bedrock.amazonaws.com/x")
                                .appendHeader("x-amz-meta", "a   b")
                                .appendHeader("x-amz-meta", "c")
                                .build(),
                        NOTHING,
                        signing -> {})
                .head();
        HttpHeaders.Builder reversed = HttpHeaders.builder();
        for (int i = signed.headers().size() - 1; i >= 0; i--) {
            if (!signed.headers().name(i).equals("x-amz-meta")) {
                reversed.add(
                        signed.headers().name(i).toUpperCase(Locale.ROOT),
                        "  " + signed.headers().value(i) + " ");
            }
        }
        reversed.add("X-Amz-Meta", " a b").add("x-AMZ-meta", "c  ");

        verify(
                new WireRequest("GET", signed.path(), "", reversed.build()),
                PayloadHash.EMPTY,
                "bedrock",
                AuthenticationDialect.REST,
                NOW);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "3600, 3600", "604800, 604800", "600, -900"})
    void acceptsPresignedObjectsWhileTheyLast(long lasting, long later) {
        WireRequest head = presigned(LASTING, "s3", OBJECT, Duration.ofSeconds(lasting));

        assertThat(head.query()).contains("X-Amz-Expires=" + lasting);
        verify(head, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW.plusSeconds(later));
    }

    @Test
    void refusesPresignedObjectsThatHaveExpired() {
        WireRequest head = presigned(LASTING, "s3", OBJECT, Duration.ofHours(1));

        AuthenticationException refusal =
                refusal(head, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW.plusSeconds(3_601));

        assertRefusal(refusal, "AccessDenied", 403, "Request has expired");
        assertThat(refusal.details())
                .containsExactly(
                        Map.entry("X-Amz-Expires", "3600"),
                        Map.entry("Expires", "2026-03-01T11:00:00Z"),
                        Map.entry("ServerTime", "2026-03-01T11:00:01Z"));
    }

    @Test
    void refusesPresignedObjectsOfTheFuture() {
        WireRequest head = presigned(LASTING, "s3", OBJECT, Duration.ofHours(1));

        AuthenticationException refusal =
                refusal(head, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW.minusSeconds(901));

        assertRefusal(refusal, "AccessDenied", 403, "Request is not yet valid");
        assertThat(refusal.details()).containsEntry("X-Amz-Date", Long.toString(NOW.toEpochMilli()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Amz-Expires=3600|X-Amz-Expires=604801|X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
                "X-Amz-Expires=3600|X-Amz-Expires=-1|X-Amz-Expires must be non-negative",
                "X-Amz-Expires=3600|X-Amz-Expires=hour|X-Amz-Expires should be a number",
                "X-Amz-Expires=3600|x=y|Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
                "X-Amz-SignedHeaders=host|x=y|Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
                "X-Amz-Date=20260301T100000Z|X-Amz-Date=today|X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
                "%2Fs3%2F|%2Fs2%2F|Error parsing the X-Amz-Credential parameter; incorrect service \"s2\". This endpoint belongs to \"s3\".",
                "%2Fus-east-1%2F|%2Fmoon%2F|Error parsing the X-Amz-Credential parameter; the region 'moon' is wrong",
                "%2Faws4_request|%2Faws5_request|Error parsing the X-Amz-Credential parameter; incorrect terminal \"aws5_request\". This endpoint uses \"aws4_request\".",
                "%2F20260301%2F|%2F1%2F|Error parsing the X-Amz-Credential parameter; incorrect date format \"1\". This date in the credential must be in the format \"yyyyMMdd\".",
                "%2F20260301%2F|%2F20260228%2F|Error parsing the X-Amz-Credential parameter; Invalid credential date \"20260228\". This date is not the same as X-Amz-Date: \"20260301\".",
                "%2Faws4_request|x|Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
            })
    void refusesPresignedObjectsWithBrokenParameters(String right, String wrong, String message) {
        WireRequest head = presigned(LASTING, "s3", OBJECT, Duration.ofHours(1));
        WireRequest changed = new WireRequest("GET", head.path(), head.query().replace(right, wrong), head.headers());

        AuthenticationException refusal = refusal(changed, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW);

        assertThat(head.query()).contains(right);
        assertRefusal(refusal, "AuthorizationQueryParametersError", 400, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/key2|", "/a/key|&x=y", "/a/key|&X-Amz-Expires2=1"})
    void refusesPresignedObjectsOfAnotherPathOrQuery(String change) {
        WireRequest head = presigned(LASTING, "s3", OBJECT, Duration.ofHours(1));
        int bar = change.indexOf('|');
        WireRequest changed = new WireRequest(
                "GET", change.substring(0, bar), head.query() + change.substring(bar + 1), head.headers());

        AuthenticationException refusal = refusal(changed, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW);

        assertThat(refusal.code()).isEqualTo("SignatureDoesNotMatch");
        assertThat(refusal.details().keySet())
                .containsExactly(
                        "AWSAccessKeyId",
                        "StringToSign",
                        "SignatureProvided",
                        "StringToSignBytes",
                        "CanonicalRequest",
                        "CanonicalRequestBytes");
    }

    @Test
    void acceptsTheTokenOfASessionInTheQueryAndRefusesAnother() {
        WireRequest head = presigned(TEMPORARY, "s3", OBJECT, Duration.ofHours(1));
        WireRequest foreign =
                new WireRequest("GET", head.path(), head.query().replace("token", "taken"), head.headers());

        assertThat(head.query()).contains("X-Amz-Security-Token=");
        verify(head, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW);
        assertRefusal(
                refusal(foreign, PayloadHash.UNSIGNED, "s3", AuthenticationDialect.S3, NOW),
                "InvalidToken",
                400,
                "The provided token is malformed or otherwise invalid.");
    }

    @Test
    void acceptsTheTokensOfEksForAQuarterOfAnHour() {
        Consumer<SignRequest.Builder<AwsCredentialsIdentity>> asked =
                signing -> signing.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofSeconds(60));
        WireRequest head = new SdkSigner(LASTING, NOW, "sts")
                .sign(
                        SdkSigner.request(SdkHttpMethod.GET, IDENTITY)
                                .appendHeader("x-k8s-aws-id", "a-cluster")
                                .build(),
                        NOTHING,
                        asked)
                .head();
        WireRequest elsewhere = new WireRequest(
                "GET",
                head.path(),
                head.query(),
                head.headers().toBuilder()
                        .set("x-k8s-aws-id", "another-cluster")
                        .build());

        assertThat(head.query()).contains("X-Amz-Expires=60", "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id");
        verify(head, PayloadHash.EMPTY, "sts", AuthenticationDialect.QUERY, NOW.plusSeconds(900));
        assertThat(refusal(head, PayloadHash.EMPTY, "sts", AuthenticationDialect.QUERY, NOW.plusSeconds(901)))
                .hasMessage("Signature expired: 20260301T100000Z is now earlier than 20260301T100001Z"
                        + " (20260301T101501Z - 15 min.)");
        assertThat(refusal(elsewhere, PayloadHash.EMPTY, "sts", AuthenticationDialect.QUERY, NOW)
                        .code())
                .isEqualTo("SignatureDoesNotMatch");
    }

    @ParameterizedTest
    @CsvSource({
        "S3, s3, 900, RequestTimeTooSkewed, 403",
        "QUERY, monitoring, 300, SignatureDoesNotMatch, 403",
        "QUERY, sts, 900, SignatureDoesNotMatch, 403",
        "JSON, dynamodb, 300, InvalidSignatureException, 400",
        "REST, bedrock, 300, InvalidSignatureException, 403",
        "EC2, ec2, 300, RequestExpired, 400"
    })
    void allowsClocksToBeApartOnlySoFar(
            AuthenticationDialect dialect, String service, long allowed, String code, int status) {
        WireRequest head = header(service);
        String hash = hash(head);

        verify(head, hash, service, dialect, NOW.plusSeconds(allowed));
        verify(head, hash, service, dialect, NOW.minusSeconds(allowed));
        for (Instant apart : new Instant[] {NOW.plusSeconds(allowed + 1), NOW.minusSeconds(allowed + 1)}) {
            AuthenticationException refusal = refusal(head, hash, service, dialect, apart);
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.status()).isEqualTo(status);
        }
    }

    @Test
    void saysHowFarClocksAreApart() {
        WireRequest object = header("s3");
        WireRequest item = header("dynamodb");

        assertThat(refusal(object, hash(object), "s3", AuthenticationDialect.S3, NOW.plusSeconds(901))
                        .details())
                .containsExactly(
                        Map.entry("RequestTime", "20260301T100000Z"),
                        Map.entry("ServerTime", "2026-03-01T10:15:01Z"),
                        Map.entry("MaxAllowedSkewMilliseconds", "900000"));
        assertThat(refusal(item, hash(item), "dynamodb", AuthenticationDialect.JSON, NOW.plusSeconds(301)))
                .hasMessage("Signature expired: 20260301T100000Z is now earlier than 20260301T100001Z"
                        + " (20260301T100501Z - 5 min.)");
        assertThat(refusal(item, hash(item), "dynamodb", AuthenticationDialect.JSON, NOW.minusSeconds(301)))
                .hasMessage("Signature not yet current: 20260301T100000Z is still later than 20260301T095959Z"
                        + " (20260301T095459Z + 5 min.)");
    }

    private static SdkSigner.Outcome chunked(Checksum checksum, boolean signed, byte[] content) {
        return new SdkSigner(LASTING, NOW, "s3")
                .sign(
                        SdkSigner.request(SdkHttpMethod.PUT, OBJECT)
                                .putHeader("content-length", Integer.toString(content.length))
                                .build(),
                        content,
                        signing -> signing.putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, signed)
                                .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true)
                                .putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, algorithm(checksum)));
    }

    private static ChunkedBody chunks(SdkSigner.Outcome sent, Optional<Checksum> checksum, boolean signed) {
        VerifiedSignature verified = verify(sent.head(), hash(sent.head()), "s3", AuthenticationDialect.S3, NOW);
        return new ChunkedBody(
                new ByteArrayInputStream(sent.body()),
                signed ? Optional.of(verified) : Optional.empty(),
                true,
                checksum,
                Long.parseLong(
                        sent.head().header("x-amz-decoded-content-length").orElseThrow()));
    }

    private static ChecksumAlgorithm algorithm(Checksum checksum) {
        return switch (checksum) {
            case CRC32 -> DefaultChecksumAlgorithm.CRC32;
            case CRC32C -> DefaultChecksumAlgorithm.CRC32C;
            case CRC64NVME -> DefaultChecksumAlgorithm.CRC64NVME;
            case SHA1 -> DefaultChecksumAlgorithm.SHA1;
            case SHA256 -> DefaultChecksumAlgorithm.SHA256;
        };
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (i * 31);
        }
        return content;
    }

    private static WireRequest header(String service) {
        return new SdkSigner(LASTING, NOW, service)
                .sign(
                        SdkSigner.request(SdkHttpMethod.POST, "https://" + service + ".us-east-1.amazonaws.com/")
                                .build(),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        signing -> {})
                .head();
    }

    private static WireRequest presigned(
            AwsCredentialsIdentity credentials, String service, String uri, Duration lasting) {
        return new SdkSigner(credentials, NOW, service)
                .sign(
                        SdkSigner.request(SdkHttpMethod.GET, uri).build(),
                        NOTHING,
                        signing -> signing.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lasting)
                                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false))
                .head();
    }

    private static String hash(WireRequest head) {
        return head.header("x-amz-content-sha256")
                .orElseGet(() -> PayloadHash.of("{}".getBytes(StandardCharsets.UTF_8)));
    }

    private static VerifiedSignature verify(
            WireRequest request, String hash, String service, AuthenticationDialect dialect, Instant now) {
        AccessKey lasting = new AccessKey(
                ID, SECRET, Principal.root("123456789012", Optional.empty()), Optional.empty(), Optional.empty());
        AccessKey temporary = new AccessKey(
                "ASIAEXAMPLE",
                SECRET,
                Principal.root("123456789012", Optional.empty()),
                Optional.of(TOKEN),
                Optional.of(NOW.plus(Duration.ofDays(1))));
        SignatureVerifier verifier = new SignatureVerifier(
                id -> id.equals(ID)
                        ? Optional.of(lasting)
                        : Optional.of(temporary).filter(key -> key.accessKeyId().equals(id)),
                InstantSource.fixed(now),
                region -> region.equals("us-east-1"));
        SignatureClaim claim = ((Credentials.Signed) Credentials.of(request)).claim();
        return verifier.verify(claim, request, hash, service, dialect);
    }

    private static AuthenticationException refusal(
            WireRequest request, String hash, String service, AuthenticationDialect dialect, Instant now) {
        return catchThrowableOfType(AuthenticationException.class, () -> verify(request, hash, service, dialect, now));
    }

    private static void assertRefusal(AuthenticationException refusal, String code, int status, String message) {
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.status()).isEqualTo(status);
    }
}
