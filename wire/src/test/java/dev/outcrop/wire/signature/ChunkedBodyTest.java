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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples of the Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload
 * in Multiple Chunks (Chunked Upload)" and "Signature calculations for trailing headers (chunked uploads)": 66,560 times
 * the letter a in chunks of 65,536 and 1,024 bytes.
 */
class ChunkedBodyTest {
    private static final int LENGTH = 66_560;
    private static final String FIRST = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    private static final String SECOND = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    private static final String LAST = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

    private static final String PLAIN = chunk(65_536, FIRST) + chunk(1_024, SECOND) + end(LAST) + "\r\n";
    private static final String TRAILED =
            chunk(65_536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2")
                    + chunk(1_024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7")
                    + end("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992")
                    + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                    + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
                    + "\r\n";

    @Test
    void readsThePublishedExampleOfSignedChunks() throws IOException {
        byte[] content = plain(PLAIN).readAllBytes();

        assertThat(content).isEqualTo("a".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void readsThePublishedExampleOfSignedTrailers() throws IOException {
        ChunkedBody body = trailed(TRAILED);

        byte[] content = body.readAllBytes();

        assertThat(content).isEqualTo("a".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII));
        assertThat(body.trailers()).containsOnlyKeys("x-amz-checksum-crc32c");
    }

    @Test
    void readsTrailersWhoseSignatureFollowsABlankLine() throws IOException {
        ChunkedBody body = trailed(TRAILED.replace("sOO8/Q==\r\n", "sOO8/Q==\n\r\n"));

        assertThat(body.readAllBytes()).hasSize(LENGTH);
    }

    @Property(tries = 200)
    void refusesEveryBodyThatIsCutOff(@ForAll @IntRange(min = 0, max = 66_945) int length) {
        PayloadException plain = refusal(plain(PLAIN.substring(0, Math.min(length, PLAIN.length() - 1))));
        PayloadException trailed = refusal(trailed(TRAILED.substring(0, Math.min(length, TRAILED.length() - 1))));

        assertThat(plain.code()).isEqualTo("IncompleteBody");
        assertThat(trailed.code()).isEqualTo("IncompleteBody");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 100, 174, 220})
    void refusesTrailersThatAreCutOff(int missing) {
        PayloadException refusal = refusal(trailed(TRAILED.substring(0, TRAILED.length() - missing)));

        assertThat(refusal.code()).isEqualTo("IncompleteBody");
        assertThat(refusal).hasMessage("The request body terminated unexpectedly");
    }

    @Property(tries = 100)
    void refusesEveryBodyWithAnotherOctet(@ForAll @IntRange(min = 0, max = 66_821) int at) {
        byte[] octets = PLAIN.getBytes(StandardCharsets.US_ASCII);
        octets[at] ^= 1;

        PayloadException refusal = refusal(plain(octets));

        assertThat(refusal.code()).isIn("SignatureDoesNotMatch", "IncompleteBody", "MalformedTrailerError");
    }

    @Test
    void refusesAChunkWithOtherContentAndSaysWhatShouldHaveBeenSigned() {
        PayloadException refusal = refusal(plain(PLAIN.replaceFirst("a{10}\r\n400;", "aaaaaaaaab\r\n400;")));

        assertThat(refusal.code()).isEqualTo("SignatureDoesNotMatch");
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal)
                .hasMessage("The request signature we calculated does not match the signature you provided. Check your"
                        + " key and signing method.");
        assertThat(refusal.details())
                .containsEntry("AWSAccessKeyId", "AKIAIOSFODNN7EXAMPLE")
                .containsEntry("SignatureProvided", FIRST)
                .hasEntrySatisfying(
                        "StringToSign",
                        text -> assertThat(text.lines())
                                .startsWith(
                                        "AWS4-HMAC-SHA256-PAYLOAD",
                                        "20130524T000000Z",
                                        "20130524/us-east-1/s3/aws4_request",
                                        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"))
                .doesNotContainKey("CanonicalRequest");
    }

    @ParameterizedTest
    @CsvSource({
        "ad80c730, bd80c730, SignatureDoesNotMatch",
        "0055627c, 1055627c, SignatureDoesNotMatch",
        "b6c6ea8a, c6c6ea8a, SignatureDoesNotMatch",
        ";chunk-signature=b6c6, ;chunk-sig=b6c6, IncompleteBody",
        "400;, 401;, IncompleteBody",
        "400;, 3ff;, IncompleteBody",
        "400;, +400;, IncompleteBody",
        "400;, -400;, IncompleteBody",
        "400;, ;, IncompleteBody",
        "400;, ffffffffffffffff;, IncompleteBody",
        "400;, 140000001;, IncompleteBody",
        "400;, 00000000000000000400;, IncompleteBody"
    })
    void refusesBrokenChunkHeaders(String right, String wrong, String code) {
        PayloadException refusal = refusal(plain(PLAIN.replace(right, wrong)));

        assertThat(refusal.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "d81f82fc, e81f82fc, SignatureDoesNotMatch",
        "sOO8/Q==, sOO8/A==, SignatureDoesNotMatch",
        "x-amz-checksum-crc32c:, x-amz-checksum-crc32:, MalformedTrailerError",
        "x-amz-checksum-crc32c:, x-amz-checksum-crc32c, MalformedTrailerError",
        "x-amz-trailer-signature:, x-amz-trailer-sign:, MalformedTrailerError"
    })
    void refusesBrokenTrailers(String right, String wrong, String code) {
        PayloadException refusal = refusal(trailed(TRAILED.replace(right, wrong)));

        assertThat(refusal.code()).isEqualTo(code);
    }

    @Test
    void refusesTrailersWithoutTheirSignature() {
        PayloadException refusal =
                refusal(trailed(TRAILED.replaceFirst("x-amz-trailer-signature:[0-9a-f]{64}\r\n", "")));

        assertThat(refusal.code()).isIn("IncompleteBody", "MalformedTrailerError");
    }

    @Test
    void refusesTrailersThatWereNotAnnounced() {
        PayloadException refusal =
                refusal(plain(PLAIN.substring(0, PLAIN.length() - 2) + "x-amz-checksum-crc32c:sOO8/Q==\r\n\r\n"));

        assertThat(refusal.code()).isEqualTo("MalformedTrailerError");
        assertThat(refusal)
                .hasMessage("The request contained trailing data that was not well-formed or did not conform to our"
                        + " published schema.");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 66_559, 66_561})
    void refusesAnotherLengthThanWasDeclared(long declared) {
        ChunkedBody body =
                new ChunkedBody(stream(PLAIN), Optional.of(published(false)), false, Optional.empty(), declared);

        PayloadException refusal = refusal(body);

        assertThat(refusal.code()).isEqualTo("IncompleteBody");
        assertThat(refusal)
                .hasMessage("You did not provide the number of bytes specified by the Content-Length HTTP header");
        assertThat(refusal.details())
                .containsEntry("NumberBytesExpected", Long.toString(declared))
                .containsEntry("NumberBytesProvided", "66560");
    }

    @Test
    void refusesSmallChunksBeforeTheLast() {
        PayloadException refusal = refusal(
                unsigned("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", Checksum.CRC32, 5));

        assertThat(refusal.code()).isEqualTo("InvalidChunkSizeError");
        assertThat(refusal).hasMessage("Only the last chunk is allowed to have a size less than 8192 bytes");
        assertThat(refusal.details()).containsEntry("Chunk", "2").containsEntry("BadChunkSize", "3");
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, NhCmhg==",
        "CRC32C, mnG7TA==",
        "CRC64NVME, M3eFcAZSQlc=",
        "SHA1, qvTGHdzF6KLavt4PO0gs2a6pQ00=",
        "SHA256, LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    })
    void checksEachChecksumInTheTrailersOfUnsignedChunks(Checksum checksum, String value) throws IOException {
        String right = "5\r\nhello\r\n0\r\n" + checksum.header() + ":" + value + "\r\n\r\n";

        PayloadException wrong = refusal(unsigned(right.replace("hello", "hullo"), checksum, 5));
        PayloadException malformed = refusal(unsigned(right.replace(value, value.substring(1)), checksum, 5));
        PayloadException missing = refusal(unsigned("5\r\nhello\r\n0\r\n\r\n", checksum, 5));

        assertThat(unsigned(right, checksum, 5).readAllBytes()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(wrong.code()).isEqualTo("BadDigest");
        assertThat(wrong).hasMessage("The " + checksum + " you specified did not match the calculated checksum.");
        assertThat(malformed.code()).isEqualTo("InvalidRequest");
        assertThat(malformed).hasMessage("Value for " + checksum.header() + " trailing header is invalid.");
        assertThat(missing.code()).isEqualTo("MalformedTrailerError");
    }

    @Test
    void staysBrokenOnceItIsBroken() {
        ChunkedBody body = plain(PLAIN.replace("ad80c730", "bd80c730"));
        refusal(body);

        assertThat(refusal(body).code()).isEqualTo("IncompleteBody");
    }

    private static String chunk(int length, String signature) {
        return Integer.toHexString(length) + ";chunk-signature=" + signature + "\r\n" + "a".repeat(length) + "\r\n";
    }

    private static String end(String signature) {
        return "0;chunk-signature=" + signature + "\r\n";
    }

    private static ChunkedBody plain(String body) {
        return plain(body.getBytes(StandardCharsets.US_ASCII));
    }

    private static ChunkedBody plain(byte[] body) {
        return new ChunkedBody(
                new ByteArrayInputStream(body), Optional.of(published(false)), false, Optional.empty(), LENGTH);
    }

    private static ChunkedBody trailed(String body) {
        return new ChunkedBody(stream(body), Optional.of(published(true)), true, Optional.of(Checksum.CRC32C), LENGTH);
    }

    private static ChunkedBody unsigned(String body, Checksum checksum, long length) {
        return new ChunkedBody(stream(body), Optional.empty(), true, Optional.of(checksum), length);
    }

    private static ByteArrayInputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII));
    }

    private static PayloadException refusal(ChunkedBody body) {
        return catchThrowableOfType(PayloadException.class, () -> {
            byte[] buffer = new byte[4_096];
            while (body.read(buffer) >= 0) {
                Arrays.fill(buffer, (byte) 0);
            }
        });
    }

    /** The published request, verified: that its signature is the published one is part of each test. */
    private static VerifiedSignature published(boolean trailer) {
        String marker = trailer ? PayloadHash.STREAMING_SIGNED_TRAILER : PayloadHash.STREAMING_SIGNED;
        HttpHeaders.Builder headers = HttpHeaders.builder()
                .add("Host", "s3.amazonaws.com")
                .add("x-amz-date", "20130524T000000Z")
                .add("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .add("x-amz-content-sha256", marker)
                .add("Content-Encoding", "aws-chunked")
                .add("x-amz-decoded-content-length", "66560");
        if (trailer) {
            headers.add("x-amz-trailer", "x-amz-checksum-crc32c");
        } else {
            headers.add("Content-Length", "66824");
        }
        WireRequest unsigned = new WireRequest("PUT", "/examplebucket/chunkObject.txt", "", headers.build());
        String seed = trailer
                ? "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
                : "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
        String names = trailer
                ? "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                        + "x-amz-storage-class;x-amz-trailer"
                : "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                        + "x-amz-decoded-content-length;x-amz-storage-class";
        SignatureClaim claim = new SignatureClaim(
                false,
                "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
                names,
                seed,
                "20130524T000000Z",
                "",
                Optional.empty(),
                "AWS4-HMAC-SHA256 …");
        AccessKey key = new AccessKey(
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                Principal.root("123456789012", Optional.empty()),
                Optional.empty(),
                Optional.empty());
        return new SignatureVerifier(
                        id -> Optional.of(key),
                        InstantSource.fixed(Instant.parse("2013-05-24T00:00:00Z")),
                        region -> true)
                .verify(claim, unsigned, marker, "s3", AuthenticationDialect.S3);
    }
}
