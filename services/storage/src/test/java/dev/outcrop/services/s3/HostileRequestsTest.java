package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.ServedS3.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What somebody sends who wants out of a bucket, or the server down. */
class HostileRequestsTest {
    private static final String BOMB = """
            <?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
            <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>""";

    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static S3Presigner signer;
    private static HttpClient http;

    @BeforeAll
    static void open() {
        house = new ServedS3(path.resolve("data"), BucketDefaults.AWS);
        owner = house.root(OWNER);
        owner.createBucket(request -> request.bucket("walled"));
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

    @Test
    void keysThatLookLikePathsAreKeysAndNothingElse() {
        owner.createBucket(request -> request.bucket("paths"));
        List<String> keys = List.of(
                "../outside",
                "../../../../../../etc/passwd",
                "a/../../outside",
                "a/./b",
                "..\\..\\outside",
                "/absolute",
                "%2e%2e/outside",
                "..%2foutside",
                "x".repeat(200) + "/../" + "y".repeat(200));
        Set<Path> before = outside();
        // Longer than what is kept in the record, so that there is a file.
        keys.forEach(key -> owner.putObject(
                request -> request.bucket("paths").key(key), RequestBody.fromString(key + " ".repeat(10_000))));

        assertThat(owner.listObjectsV2(request -> request.bucket("paths")).contents().stream()
                        .map(S3Object::key))
                .containsExactlyElementsOf(new TreeSet<>(keys));
        for (String key : keys) {
            assertThat(owner.getObjectAsBytes(request -> request.bucket("paths").key(key))
                            .asUtf8String()
                            .strip())
                    .isEqualTo(key);
        }
        assertThat(outside()).isEqualTo(before);
    }

    /** All files that are neither objects nor the database. */
    private static Set<Path> outside() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !path.relativize(file).toString().matches("data/objects/[0-9a-zA-Z/._-]+"))
                    .filter(file -> !file.getFileName().toString().matches(".*\\.(db|sqlite)(-wal|-shm)?"))
                    .collect(Collectors.toSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/walled/../paths/", "/../../etc/passwd", "/walled/%2e%2e/%2e%2e/etc/passwd", "/..", "//etc"})
    void unsignedPathsThatClimbReachNothing(String target) throws IOException {
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 [45][0-9]{2} .*").doesNotContain("root:");
        assertThat(answer).doesNotStartWith("HTTP/1.1 5");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), house.uri().getPort())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tagging", "cors", "lifecycle", "versioning"})
    void refusesXmlThatDeclaresEntities(String subresource) throws Exception {
        String root = switch (subresource) {
            case "tagging" -> "Tagging";
            case "cors" -> "CORSConfiguration";
            case "lifecycle" -> "LifecycleConfiguration";
            default -> "VersioningConfiguration";
        };
        HttpResponse<String> answer =
                send(subresource, BOMB + "<" + root + "><Status>&d;&d;&d;</Status></" + root + ">");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<Code>MalformedXML</Code>").doesNotContain("aaaaaaaaaa");
    }

    @Test
    void refusesXmlThatReadsFilesOrIsTooDeep() throws Exception {
        Path secret = Files.writeString(path.resolve("secret.txt"), "not for you");
        String external = "<!DOCTYPE t [<!ENTITY x SYSTEM \"" + secret.toUri()
                + "\">]><Tagging><TagSet><Tag><Key>&x;</Key>" + "<Value>1</Value></Tag></TagSet></Tagging>";
        String deep = "<Tagging>".repeat(20_000) + "</Tagging>".repeat(20_000);

        assertThat(send("tagging", external).body()).contains("MalformedXML").doesNotContain("not for you");
        assertThat(send("tagging", deep).statusCode()).isEqualTo(400);
    }

    @Test
    void deletesNothingByAListThatNoDigestVouchesFor() throws Exception {
        owner.putObject(request -> request.bucket("walled").key("kept"), RequestBody.fromString("kept"));
        String list = "<Delete><Object><Key>kept</Key></Object></Delete>";
        HttpRequest.Builder post = HttpRequest.newBuilder(signed(SdkHttpMethod.POST, "delete"))
                .POST(HttpRequest.BodyPublishers.ofString(list))
                .timeout(Duration.ofSeconds(30));

        HttpResponse<String> without = http.send(post.build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> wrong = http.send(
                post.copy().header("Content-MD5", md5("another")).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(without.statusCode()).isEqualTo(400);
        assertThat(without.body())
                .contains("<Code>InvalidRequest</Code>")
                .contains("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        assertThat(wrong.body()).contains("<Code>BadDigest</Code>");
        assertThat(owner.headObject(request -> request.bucket("walled").key("kept"))
                        .contentLength())
                .isEqualTo(4);
        assertThat(http.send(post.copy().header("Content-MD5", md5(list)).build(), HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("<Deleted><Key>kept</Key></Deleted>");
    }

    /** A change of the bucket with the root's signature, over a body that is not signed. */
    private static HttpResponse<String> send(String subresource, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(signed(SdkHttpMethod.PUT, subresource))
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-MD5", md5(body))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI signed(SdkHttpMethod method, String subresource) {
        SdkHttpRequest unsigned = SdkHttpFullRequest.builder()
                .method(method)
                .uri(house.uri().resolve("/walled"))
                .putRawQueryParameter(subresource, "")
                .build();
        return AwsV4HttpSigner.create()
                .sign(request -> request.identity(
                                AwsCredentialsIdentity.create(house.rootKey(OWNER), ServedS3.rootSecret(OWNER)))
                        .request(unsigned)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(5))
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false))
                .request()
                .getUri();
    }

    private static String md5(String body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void aPresignedUploadIsGoodForItsKeyLengthAndTypeAlone() throws Exception {
        URI url = URI.create(signer.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                        .putObjectRequest(
                                object -> object.bucket("walled").key("mine").contentType("text/plain")))
                .url()
                .toString());

        assertThat(put(url, "text/plain", "first").statusCode()).isEqualTo(200);
        assertThat(put(url, "text/plain", "second").statusCode()).isEqualTo(200);
        assertThat(put(url, "text/html", "<script>").statusCode()).isEqualTo(403);
        assertThat(put(URI.create(url.toString().replace("/mine?", "/yours?")), "text/plain", "x")
                        .statusCode())
                .isEqualTo(403);
        assertThat(put(URI.create(url + "&x-amz-acl=public-read"), "text/plain", "x")
                        .statusCode())
                .isEqualTo(403);
        assertThat(owner.getObjectAsBytes(request -> request.bucket("walled").key("mine"))
                        .asUtf8String())
                .isEqualTo("second");
    }

    private static HttpResponse<String> put(URI url, String type, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", type)
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
