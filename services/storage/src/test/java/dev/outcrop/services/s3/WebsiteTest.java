package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EndpointExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.RoutingRule;

class WebsiteTest {
    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"));
        s3 = store.s3;
        store.createBucket("site");
        s3.putBucketWebsite(request -> request.bucket("site")
                .websiteConfiguration(site -> site.indexDocument(index -> index.suffix("index.html"))
                        .errorDocument(error -> error.key("error.html"))
                        .routingRules(
                                RoutingRule.builder()
                                        .condition(condition -> condition.keyPrefixEquals("old/"))
                                        .redirect(redirect -> redirect.replaceKeyPrefixWith("new/"))
                                        .build(),
                                RoutingRule.builder()
                                        .condition(condition -> condition
                                                .keyPrefixEquals("lost/")
                                                .httpErrorCodeReturnedEquals("404"))
                                        .redirect(redirect -> redirect.hostName("found.example")
                                                .protocol("https")
                                                .replaceKeyWith("a b")
                                                .httpRedirectCode("302"))
                                        .build())));
        put("index.html", "<h1>home</h1>");
        put("folder/index.html", "<h1>folder</h1>");
        put("error.html", "<h1>sorry</h1>");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void put(String key, String content) {
        s3.putObject(
                request -> request.bucket("site").key(key).contentType("text/html"), RequestBody.fromString(content));
    }

    private Exchange get(String host, String target) throws IOException {
        return send("GET", host, target);
    }

    private Exchange send(String method, String host, String target) throws IOException {
        Exchange exchange = new Exchange(method, host, target);
        WebsiteEndpoint endpoint = new WebsiteEndpoint(() -> store.service, () -> s3);
        CallContext context = CallContext.builder().requestId("r").build();
        context.call(() -> {
            endpoint.handle(exchange);
            return null;
        });
        return exchange;
    }

    @Test
    void answersFoldersWithTheirIndex() throws IOException {
        Exchange home = get("site.s3-website-us-east-1.amazonaws.com", "/");
        Exchange folder = get("site.s3-website.localhost:4566", "/folder/");

        assertThat(home.status).isEqualTo(200);
        assertThat(home.text()).isEqualTo("<h1>home</h1>");
        assertThat(home.headers).containsEntry("Content-Type", "text/html").containsEntry("Content-Length", "13");
        assertThat(folder.text()).isEqualTo("<h1>folder</h1>");
    }

    @Test
    void leadsToAFolderThatIsAskedForWithoutItsSlash() throws IOException {
        Exchange folder = get("site.s3-website.localhost", "/folder");

        assertThat(folder.status).isEqualTo(302);
        assertThat(folder.headers).containsEntry("Location", "/folder/");
    }

    @Test
    void answersWhatIsMissingWithTheErrorDocument() throws IOException {
        Exchange missing = get("site.s3-website.localhost", "/none");

        assertThat(missing.status).isEqualTo(404);
        assertThat(missing.text()).isEqualTo("<h1>sorry</h1>");
    }

    @Test
    void followsRoutingRulesBeforeAndAfterLooking() throws IOException {
        Exchange before = get("site.s3-website.localhost", "/old/a");
        Exchange after = get("site.s3-website.localhost", "/lost/a");

        assertThat(before.status).isEqualTo(301);
        assertThat(before.headers).containsEntry("Location", "http://site.s3-website.localhost/new/a");
        assertThat(after.status).isEqualTo(302);
        assertThat(after.headers).containsEntry("Location", "https://found.example/a%20b");
    }

    @Test
    void followsTheRedirectOfAnObject() throws IOException {
        s3.putObject(
                request -> request.bucket("site").key("moved").websiteRedirectLocation("/index.html"),
                RequestBody.empty());

        Exchange moved = get("site.s3-website.localhost", "/moved");

        assertThat(moved.status).isEqualTo(301);
        assertThat(moved.headers).containsEntry("Location", "/index.html");
    }

    @Test
    void redirectsAllRequestsElsewhere() throws IOException {
        store.createBucket("moved");
        s3.putBucketWebsite(request -> request.bucket("moved")
                .websiteConfiguration(site -> site.redirectAllRequestsTo(to -> to.hostName("example.com"))));

        Exchange all = get("moved.s3-website.localhost", "/x/ü\r\nSet-Cookie: a");

        assertThat(all.status).isEqualTo(301);
        assertThat(all.headers).containsEntry("Location", "http://example.com/x/%C3%BC%0D%0ASet-Cookie%3A%20a");
    }

    @Test
    void saysWhatIsWrongInAPageThatRunsNoScripts() throws IOException {
        store.createBucket("bare");
        s3.putBucketWebsite(request ->
                request.bucket("bare").websiteConfiguration(site -> site.indexDocument(index -> index.suffix("i"))));

        Exchange missing = get("bare.s3-website.localhost", "/<script>alert(1)</script>");
        Exchange none = get("none.s3-website.localhost", "/");
        Exchange post = send("POST", "site.s3-website.localhost", "/");
        Exchange head = send("HEAD", "site.s3-website.localhost", "/");

        assertThat(missing.status).isEqualTo(404);
        assertThat(missing.text()).contains("Code: NoSuchKey").doesNotContain("<script>");
        assertThat(none.status).isEqualTo(404);
        assertThat(none.text()).contains("NoSuchBucket");
        assertThat(post.status).isEqualTo(405);
        assertThat(head.status).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(head.headers).containsEntry("Content-Length", "13");
    }

    /** A request and what was answered. */
    private static final class Exchange implements EndpointExchange {
        private final String method;
        private final String host;
        private final String target;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;
        private Map<String, String> headers = new LinkedHashMap<>();

        Exchange(String method, String host, String target) {
            this.method = method;
            this.host = host;
            this.target = target;
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public String path() {
            return target;
        }

        @Override
        public Optional<String> query(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> header(String name) {
            return name.equals("host") ? Optional.of(host) : Optional.empty();
        }

        @Override
        public InputStream body(long maximumBytes) {
            return InputStream.nullInputStream();
        }

        @Override
        public void respond(int answered, Map<String, String> given, byte[] content) {
            status = answered;
            headers = given;
            body.writeBytes(content);
        }

        @Override
        public OutputStream stream(int answered, Map<String, String> given) {
            status = answered;
            headers = given;
            return body;
        }
    }
}
