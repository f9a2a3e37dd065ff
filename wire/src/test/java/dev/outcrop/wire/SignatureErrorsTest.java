package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signatures over HTTP: what S3's error documents hold. */
@Timeout(60)
class SignatureErrorsTest {
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void writesWhatShouldHaveBeenSignedIntoTheErrorsOfS3() throws Exception {
        URI forged = presigned("another secret");

        HttpResponse<String> answer = get(HttpRequest.newBuilder(forged));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .containsSubsequence(
                        "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated",
                        "<AWSAccessKeyId>" + House.KEY.accessKeyId() + "</AWSAccessKeyId>",
                        "<StringToSign>AWS4-HMAC-SHA256",
                        "<SignatureProvided>",
                        "<StringToSignBytes>41 57 53 34 ",
                        "<CanonicalRequest>GET",
                        "&amp;X-Amz-Credential=",
                        "<CanonicalRequestBytes>47 45 54 ",
                        "<RequestId>",
                        "<HostId>",
                        "</Error>");
    }

    @Test
    void letsPresignedObjectsPassAndTwoMechanismsNot() throws Exception {
        URI right = presigned(House.KEY.secretAccessKey());

        HttpResponse<String> once = get(HttpRequest.newBuilder(right));
        HttpResponse<String> twice = get(HttpRequest.newBuilder(right)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=a/20260301/us-east-1/s3/aws4_request, SignedHeaders=host,"
                                + " Signature=0")
                .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));

        assertThat(once.body()).doesNotContain("SignatureDoesNotMatch", "AccessDenied", "AuthorizationQuery");
        assertThat(twice.body()).contains("<Code>InvalidArgument</Code>", "<ArgumentName>Authorization</ArgumentName>");
    }

    @Test
    void refusesMarkersThatItCannotCheck() throws Exception {
        URI right = presigned(House.KEY.secretAccessKey());

        HttpResponse<String> answer = get(HttpRequest.newBuilder(right)
                .header("x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<Code>InvalidArgument</Code>", "x-amz-content-sha256 must be");
    }

    private static URI presigned(String secret) {
        try (S3Presigner presigner = S3Presigner.builder()
                .endpointOverride(house.uri())
                .region(Region.US_EAST_1)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(House.KEY.accessKeyId(), secret)))
                .build()) {
            return URI.create(presigner
                    .presignGetObject(presigning -> presigning
                            .signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(object -> object.bucket("bucket").key("a key")))
                    .url()
                    .toString());
        }
    }

    private static HttpResponse<String> get(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    request.timeout(Duration.ofSeconds(20))
                            .method("GET", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
