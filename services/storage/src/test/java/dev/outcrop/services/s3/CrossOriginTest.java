package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.BucketPolicyTest.assertFails;
import static dev.outcrop.services.s3.ServedS3.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;

class CrossOriginTest {
    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static HttpClient http;
    private static int buckets;

    private String bucket;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.OPEN);
        owner = house.root(OWNER);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void close() {
        http.close();
        house.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "pages-" + ++buckets;
        owner.createBucket(request -> request.bucket(bucket).acl("public-read"));
        owner.putObject(request -> request.bucket(bucket).key("bar").acl("public-read"), RequestBody.fromString("1"));
    }

    private void rules(CORSRule... rules) {
        owner.putBucketCors(
                request -> request.bucket(bucket).corsConfiguration(configuration -> configuration.corsRules(rules)));
    }

    private static CORSRule rule(String method, String... origins) {
        return CORSRule.builder().allowedMethods(method).allowedOrigins(origins).build();
    }

    private HttpResponse<String> send(String method, String key, String... headers) throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(house.uri() + "/" + bucket + key))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(Duration.ofSeconds(30));
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Optional<String> allowed(HttpResponse<String> answer) {
        return answer.headers().firstValue("access-control-allow-origin");
    }

    @ParameterizedTest
    @CsvSource({
        "*suffix,           foo.suffix,       foo.suffix",
        "*suffix,           foo.bar,          ",
        "start*end,         startend,         startend",
        "start*end,         start1end,        start1end",
        "start*end,         0start12end,      ",
        "prefix*,           prefix.suffix,    prefix.suffix",
        "*.put,             foo.put,          ",
        "*,                 http://any.where, *"
    })
    void theFirstRuleThatFitsOriginAndMethodAnswers(String pattern, String origin, String expected) throws IOException {
        rules(rule(pattern.endsWith(".put") ? "PUT" : "GET", pattern));

        var got = send("GET", "/bar", "Origin", origin);
        var preflight = send("OPTIONS", "/bar", "Origin", origin, "Access-Control-Request-Method", "GET");

        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(allowed(got)).isEqualTo(Optional.ofNullable(expected));
        assertThat(preflight.statusCode()).isEqualTo(expected == null ? 403 : 200);
        assertThat(allowed(preflight)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void tellsMethodsHeadersAndHowLongTheyAreGood() throws IOException {
        rules(CORSRule.builder()
                .allowedMethods("GET", "PUT")
                .allowedOrigins("http://www.example.com")
                .allowedHeaders("x-amz-*", "Content-Type")
                .exposeHeaders("ETag", "x-amz-meta-a")
                .maxAgeSeconds(600)
                .build());

        var answer = send(
                "OPTIONS",
                "/bar",
                "Origin",
                "http://www.example.com",
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "content-type, X-Amz-Date");
        var refused = send(
                "OPTIONS",
                "/bar",
                "Origin",
                "http://www.example.com",
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "x-other");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-methods")).contains("GET, PUT");
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("content-type, X-Amz-Date");
        assertThat(answer.headers().firstValue("access-control-expose-headers")).contains("ETag, x-amz-meta-a");
        assertThat(answer.headers().firstValue("access-control-max-age")).contains("600");
        assertThat(answer.headers().firstValue("access-control-allow-credentials"))
                .contains("true");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("AccessForbidden");
    }

    @Test
    void aQuestionThatSaysTooLittleIsRefused() throws IOException {
        rules(rule("GET", "*"));

        assertThat(send("OPTIONS", "/bar").statusCode()).isEqualTo(400);
        assertThat(send("OPTIONS", "/bar", "Origin", "http://a.b").statusCode()).isEqualTo(400);
    }

    @Test
    void errorsCarryItToo() throws IOException {
        rules(rule("GET", "*"), rule("PUT", "*"));

        assertThat(send("GET", "/none", "Origin", "http://a.b").statusCode()).isEqualTo(404);
        assertThat(allowed(send("GET", "/none", "Origin", "http://a.b"))).contains("*");
        assertThat(send("PUT", "/new", "Origin", "http://a.b").statusCode()).isEqualTo(403);
        assertThat(allowed(send("PUT", "/new", "Origin", "http://a.b"))).contains("*");
        assertThat(allowed(send("DELETE", "/bar", "Origin", "http://a.b"))).isEmpty();
    }

    @Test
    void withoutRulesTheServersSettingsAnswer() throws IOException {
        assertThat(allowed(send("GET", "/bar", "Origin", "http://localhost:3000")))
                .contains("http://localhost:3000");
        assertThat(allowed(send("GET", "/bar", "Origin", "http://example.com"))).isEmpty();
        assertThat(send("OPTIONS", "/bar", "Origin", "http://example.com", "Access-Control-Request-Method", "GET")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void keepsAndDropsRulesAndRefusesWhatIsNone() {
        assertFails("NoSuchCORSConfiguration", () -> owner.getBucketCors(request -> request.bucket(bucket)));
        rules(rule("GET", "*.get"), rule("PUT", "*.put"));
        assertThat(owner.getBucketCors(request -> request.bucket(bucket)).corsRules())
                .containsExactly(rule("GET", "*.get"), rule("PUT", "*.put"));
        owner.deleteBucketCors(request -> request.bucket(bucket));
        assertFails("NoSuchCORSConfiguration", () -> owner.getBucketCors(request -> request.bucket(bucket)));
        assertFails("InvalidRequest", () -> rules(rule("PATCH", "*")));
        assertFails("InvalidRequest", () -> rules(rule("GET", "*.a.*")));
        assertFails(
                "InvalidRequest",
                () -> rules(rule("GET", "*").toBuilder().exposeHeaders("x-*").build()));
        assertFails("MalformedXML", () -> rules());
    }
}
