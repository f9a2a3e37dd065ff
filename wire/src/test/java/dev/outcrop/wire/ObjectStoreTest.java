package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3's wire has that no other service's has. */
class ObjectStoreTest {
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static S3Client s3() {
        return house.client(S3Client.builder()).forcePathStyle(true).build();
    }

    @Test
    void takesAnUploadThatIsItsContentMd5() throws Exception {
        byte[] digest = MessageDigest.getInstance("MD5").digest("hello".getBytes(StandardCharsets.UTF_8));
        try (S3Client s3 = s3()) {
            var response = s3.putObject(
                    request -> request.bucket("b")
                            .key("k")
                            .contentMD5(Base64.getEncoder().encodeToString(digest)),
                    RequestBody.fromString("hello"));

            assertThat(response.size()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "XrY7u+Ae7tCTyyK7j1rNww==, BadDigest, The Content-MD5 you specified did not match what we received.",
        "XrY7u+Ae7tCTyyK7j1rN, InvalidDigest, The Content-MD5 you specified was invalid.",
        "no base64, InvalidDigest, The Content-MD5 you specified was invalid."
    })
    void refusesAnUploadThatIsNotItsContentMd5(String digest, String code, String message) {
        try (S3Client s3 = s3()) {
            assertThatThrownBy(() -> s3.putObject(
                            request -> request.bucket("b").key("k").contentMD5(digest),
                            RequestBody.fromString("hello")))
                    .isInstanceOfSatisfying(S3Exception.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(400);
                        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
                        assertThat(e.awsErrorDetails().errorMessage()).isEqualTo(message);
                    });
        }
    }

    @Test
    void tellsABucketsLocationInABareElement() throws Exception {
        try (S3Client s3 = s3()) {
            assertThat(s3.getBucketLocation(request -> request.bucket("b")).locationConstraintAsString())
                    .isEqualTo("eu-west-1");
        }
        assertThat(raw("GET /b?location HTTP/1.1", "s3.amazonaws.com"))
                .endsWith("<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1"
                        + "</LocationConstraint>");
        assertThat(raw("GET /old?location HTTP/1.1", "s3.amazonaws.com"))
                .contains("<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"")
                .doesNotContain("eu-west-1");
    }

    @Test
    void leavesItToTheCorridorWhatStrangersMayDo() throws Exception {
        try (S3Client s3 = house.client(S3Client.builder())
                .forcePathStyle(true)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
            String text = s3.getObjectAsBytes(
                            request -> request.bucket("public").key("size/3"))
                    .asUtf8String();

            assertThat(text).isEqualTo("\0\0\0");
            house.awaitRecord(call -> call.operation().equals("GetObject")
                    && call.context().principal().equals(Principal.ANONYMOUS));
            assertThatThrownBy(() -> s3.listBuckets())
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
        }
    }

    @Test
    void acceptsTheSigningNamesOfDirectoryBuckets() {
        try (S3Client s3 = s3()) {
            assertThatThrownBy(() -> s3.listDirectoryBuckets(request -> request.maxDirectoryBuckets(3)))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorMessage())
                                    .startsWith("s3: ListDirectoryBuckets is not implemented"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photos.s3.amazonaws.com",
                "photos.s3.eu-west-1.amazonaws.com",
                "photos.s3-eu-west-1.amazonaws.com",
                "photos.localhost:4566"
            })
    void findsTheBucketInTheHost(String host) throws Exception {
        String answer = raw("GET /?list-type=2 HTTP/1.1", host);

        assertThat(answer).contains("<Name>photos</Name>");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("x-amz-request-id: ")
                .contains("x-amz-id-2: ");
    }

    private static String raw(String line, String host) throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((line + "\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
