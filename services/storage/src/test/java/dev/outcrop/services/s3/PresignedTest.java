package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.ServedS3.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What presigned URLs are good for, and until when; the server's clock is moved instead of waiting. */
class PresignedTest {
    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static S3Presigner signer;
    private static HttpClient http;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.AWS);
        owner = house.root(OWNER);
        owner.createBucket(request -> request.bucket("shared"));
        owner.putObject(request -> request.bucket("shared").key("a"), RequestBody.fromString("1"));
        owner.putObject(request -> request.bucket("shared").key("b"), RequestBody.fromString("2"));
        signer = S3Presigner.builder()
                .endpointOverride(house.uri())
                .region(Region.US_EAST_1)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(house.rootKey(OWNER), ServedS3.rootSecret(OWNER))))
                .build();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void close() {
        http.close();
        signer.close();
        house.close();
    }

    private static String url(Duration good) {
        return signer.presignGetObject(request -> request.signatureDuration(good)
                        .getObjectRequest(object -> object.bucket("shared").key("a")))
                .url()
                .toString();
    }

    private static HttpResponse<String> send(String method, String url) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void isGoodAgainAndAgainForWhatItNamesAndNothingElse() throws IOException {
        String url = url(Duration.ofMinutes(5));

        assertThat(send("GET", url).body()).isEqualTo("1");
        assertThat(send("GET", url).body()).isEqualTo("1");
        for (String changed : new String[] {
            url.replace("/a?", "/b?"),
            url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
            url + "&response-content-type=text/html",
            url.replace("X-Amz-Signature=", "X-Amz-Signature=0"),
            url.replace("us-east-1", "eu-west-1")
        }) {
            assertThat(send("GET", changed).statusCode()).as(changed).isEqualTo(403);
        }
        assertThat(send("DELETE", url).statusCode()).isEqualTo(403);
        assertThat(send("PUT", url).statusCode()).isEqualTo(403);
        assertThat(send("GET", url + "&X-Amz-Security-Token=made-up").statusCode())
                .isGreaterThanOrEqualTo(400);
    }

    @Test
    void endsWhenItsTimeIsOver() throws IOException {
        String url = url(Duration.ofMinutes(1));
        house.pass(Duration.ofMinutes(2));
        HttpResponse<String> late = send("GET", url);
        house.pass(Duration.ofMinutes(-2));

        assertThat(late.statusCode()).isEqualTo(403);
        assertThat(late.body()).contains("<Code>AccessDenied</Code>", "Request has expired");
        assertThat(send("GET", url).body()).isEqualTo("1");
    }

    @Test
    void policiesMayLimitHowOldASignatureIs() throws IOException {
        String url = url(Duration.ofHours(1));
        owner.putBucketPolicy(request -> request.bucket("shared").policy("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject",
                 "Resource":"arn:aws:s3:::shared/*","Condition":{"NumericGreaterThan":{"s3:signatureAge":"60000"}}}]}"""));
        HttpResponse<String> young = send("GET", url);
        house.pass(Duration.ofMinutes(2));
        HttpResponse<String> old = send("GET", url);
        house.pass(Duration.ofMinutes(-2));
        owner.deleteBucketPolicy(request -> request.bucket("shared"));

        assertThat(young.body()).isEqualTo("1");
        assertThat(old.statusCode()).isEqualTo(403);
    }
}
