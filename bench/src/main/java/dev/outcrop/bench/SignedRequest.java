package dev.outcrop.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The bytes of calls as an SDK sends them, signed with the development key. Valid for five minutes. */
final class SignedRequest {
    private static final AwsCredentialsIdentity DEVELOPMENT = AwsCredentialsIdentity.create("test", "test");

    private SignedRequest() {}

    static byte[] getCallerIdentity(int port) {
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + port + "/"))
                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .putHeader("User-Agent", "aws-sdk-java/2 outcrop-bench")
                .build();
        return of(request, "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.UTF_8), "sts");
    }

    /** {@code unsigned} with {@code body}, signed for a service. */
    static byte[] of(SdkHttpRequest unsigned, byte[] body, String service) {
        return of(unsigned, body, service, DEVELOPMENT);
    }

    /** {@code unsigned} with {@code body}, signed for a service with a key. */
    static byte[] of(SdkHttpRequest unsigned, byte[] body, String service, AwsCredentialsIdentity key) {
        return bytes(signed(unsigned, body, service, key), body);
    }

    /** The same, not yet as bytes. */
    static SdkHttpRequest signed(SdkHttpRequest unsigned, byte[] body, String service) {
        return signed(unsigned, body, service, DEVELOPMENT);
    }

    /**
     * What a server answers to a signed request with {@code body}.
     *
     * @throws IOException if the status is not 2xx, or nothing comes for half a minute
     */
    static String answer(SdkHttpRequest signed, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(signed.getUri())
                .method(signed.method().name(), HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(30));
        signed.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(
                        signed.getUri() + " was answered with " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        }
    }

    /** The same, with a key. */
    static SdkHttpRequest signed(SdkHttpRequest unsigned, byte[] body, String service, AwsCredentialsIdentity key) {
        return AwsV4HttpSigner.create()
                .sign(request -> request.identity(key)
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !service.equals("s3"))
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !service.equals("s3")))
                .request();
    }

    /** {@code request} with {@code body} as HTTP/1.1 has it. */
    static byte[] bytes(SdkHttpRequest request, byte[] body) {
        // Clients leave it to whatever sends their requests to name the root.
        String path = request.encodedPath().isEmpty() ? "/" : request.encodedPath();
        StringBuilder head = new StringBuilder(request.method() + " " + path);
        request.encodedQueryParameters().ifPresent(query -> head.append('?').append(query));
        head.append(" HTTP/1.1\r\n");
        request.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("content-length")) {
                head.append(name).append(": ").append(String.join(",", values)).append("\r\n");
            }
        });
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }
}
