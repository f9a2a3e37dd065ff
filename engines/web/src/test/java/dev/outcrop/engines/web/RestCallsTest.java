package dev.outcrop.engines.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.outcrop.engines.web.PlayedServer.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RestCallsTest {
    private static final RestCalls.Limits LIMITS =
            new RestCalls.Limits(Duration.ofSeconds(20), 10_000, 3, Duration.ofSeconds(5));

    private static RestCalls calls(PlayedServer server, Authorization authorization) {
        return new RestCalls(server.at("/api/"), authorization, Reach.BEYOND_LINK, LIMITS);
    }

    @Test
    void whoIsToldToWaitAsksAgain() {
        AtomicInteger asked = new AtomicInteger();
        try (PlayedServer server = new PlayedServer(request -> asked.incrementAndGet() < 3
                        ? Reply.json(429, "{}").with("Retry-After", "0")
                        : Reply.json("{\"answer\":42}"));
                RestCalls calls = calls(server, Authorization.NONE)) {
            assertThat(calls.get("thing").path("answer").asInt()).isEqualTo(42);
            assertThat(server.targets()).containsExactly("/api/thing", "/api/thing", "/api/thing");
        }
    }

    @Test
    void aServerThatWantsAnHourIsNotWaitedFor() {
        try (PlayedServer server = new PlayedServer(request ->
                        Reply.json(429, "{\"message\":\"Slow down\"}").with("Retry-After", "3600"));
                RestCalls calls = calls(server, Authorization.NONE)) {
            assertThatThrownBy(() -> calls.get("thing"))
                    .isInstanceOf(RestException.class)
                    .hasMessage("HTTP 429: Slow down");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void reasonsAreReadFromWhereverServersWriteThem() {
        for (Map.Entry<String, String> said : Map.of(
                        "{\"error\":{\"code\":\"x\",\"message\":\"One\"}}", "One",
                        "[{\"errorCode\":\"INVALID_TYPE\",\"message\":\"Two\"}]", "Two",
                        "{\"errors\":[{\"status\":404,\"title\":\"Three\"}]}", "Three",
                        "{\"error\":\"invalid_client\",\"error_description\":\"Four\"}", "Four",
                        "{\"error\":\"invalid_grant\"}", "invalid_grant")
                .entrySet()) {
            try (PlayedServer server = new PlayedServer(request -> Reply.json(400, said.getKey()));
                    RestCalls calls = calls(server, Authorization.NONE)) {
                assertThatThrownBy(() -> calls.get("thing")).hasMessage("HTTP 400: " + said.getValue());
            }
        }
    }

    @Test
    void linksToOtherServersAreNotFollowed() {
        try (PlayedServer server = new PlayedServer(request -> Reply.json("{}"));
                RestCalls calls = calls(server, Authorization.basic("user", "secret"))) {
            assertThatThrownBy(() -> calls.get("http://localhost:1/page"))
                    .hasMessageContaining("points to another one");
            assertThatThrownBy(() -> calls.get("https://localhost/page")).hasMessageContaining("points to another one");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aDownloadGoesOnElsewhereWithoutCredentials() {
        try (PlayedServer store = new PlayedServer(request ->
                        new Reply(200, Map.of("Content-Type", "application/pdf"), "content".getBytes(UTF_8)));
                PlayedServer server = new PlayedServer(
                        request -> Reply.redirect(store.at("/signed?x=1").toString()));
                RestCalls calls = calls(server, Authorization.basic("user", "secret"))) {
            RestCalls.Download download = calls.download("file");

            assertThat(download.content()).isEqualTo("content".getBytes(UTF_8));
            assertThat(download.mediaType()).hasValue("application/pdf");
            assertThat(server.requests().getFirst().headers()).containsKey("authorization");
            assertThat(store.requests().getFirst().headers()).doesNotContainKey("authorization");
        }
    }

    @Test
    void aDownloadIsNotFollowedToThisMachinesLink() {
        try (PlayedServer server =
                        new PlayedServer(request -> Reply.redirect("http://169.254.169.254/latest/meta-data"));
                RestCalls calls = calls(server, Authorization.NONE)) {
            assertThatThrownBy(() -> calls.download("file")).hasMessageContaining("may not be called");
        }
    }

    @Test
    void answersThatAreTooLargeOrTooDeepAreRefused() {
        AtomicReference<String> answer = new AtomicReference<>("\"" + "a".repeat(20_000) + "\"");
        try (PlayedServer server = new PlayedServer(request -> Reply.json(answer.get()));
                RestCalls calls = calls(server, Authorization.NONE)) {
            assertThatThrownBy(() -> calls.get("thing")).hasMessageContaining("larger than 10000 bytes");

            answer.set("[".repeat(1000) + "]".repeat(1000));
            assertThatThrownBy(() -> calls.get("thing")).hasMessageContaining("no JSON");
        }
    }

    @Test
    void aServerThatTricklesIsLeft() {
        RestCalls.Limits hasty = new RestCalls.Limits(Duration.ofMillis(500), 10_000, 1, Duration.ZERO);
        try (PlayedServer server = new PlayedServer((request, exchange) -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 10_000; i++) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                        try {
                            Thread.sleep(50);
                        } catch (InterruptedException ending) {
                            return;
                        }
                    }
                });
                RestCalls calls = new RestCalls(server.at("/"), Authorization.NONE, Reach.BEYOND_LINK, hasty)) {
            assertThatThrownBy(() -> calls.get("thing")).hasMessageContaining("did not answer within");
        }
    }

    @Test
    void onlyTheBeginningOfABodyIsReadWhereThatIsEnough() throws Exception {
        try (PlayedServer server = new PlayedServer(request -> Reply.html("a".repeat(1 << 20)));
                WebCalls web = new WebCalls(Duration.ofSeconds(20), 1000)) {
            assertThat(web.beginning(HttpRequest.newBuilder(server.at("/")).build())
                            .body())
                    .hasSize(1000);
            assertThat(web.answer(HttpRequest.newBuilder(server.at("/")).build(), head -> false)
                            .body())
                    .isEmpty();
        }
    }

    @Test
    void tokensAreAskedForOnceAndRenewedWhenRefused() {
        AtomicInteger given = new AtomicInteger();
        List<String> kept = new ArrayList<>();
        try (PlayedServer server = new PlayedServer(request -> {
            if (request.path().equals("/token")) {
                int number = given.incrementAndGet();
                return Reply.json("{\"access_token\":\"t" + number + "\",\"refresh_token\":\"r" + number
                        + "\",\"expires_in\":3600}");
            }
            boolean second = "Bearer t2".equals(request.headers().get("authorization"));
            return second || request.path().equals("/api/first") ? Reply.json("{}") : Reply.json(401, "{}");
        })) {
            AccessTokens tokens = new AccessTokens(
                    server.at("/token"),
                    Map.of("grant_type", "refresh_token", "client_id", "a&b"),
                    Optional.of(new AccessTokens.Token("", Optional.of("r0"), Instant.MIN, NullNode.instance)),
                    token -> kept.add(token.refresh().orElseThrow()),
                    Reach.BEYOND_LINK,
                    Instant::now);
            try (RestCalls calls = calls(server, tokens)) {
                calls.get("first");
                calls.get("first");
                calls.get("second");
            }
        }

        assertThat(given).hasValue(2);
        assertThat(kept).containsExactly("r1", "r2");
    }

    @Test
    void credentialsThatAreNeverAcceptedEndInTheServersReason() {
        try (PlayedServer server = new PlayedServer(request -> request.path().equals("/token")
                        ? Reply.json(400, "{\"error\":\"invalid_client\",\"error_description\":\"No such app\"}")
                        : Reply.json("{}"));
                RestCalls calls = calls(
                        server,
                        new AccessTokens(
                                server.at("/token"),
                                Map.of("grant_type", "client_credentials"),
                                Optional.empty(),
                                token -> {},
                                Reach.BEYOND_LINK,
                                Instant::now))) {
            assertThatThrownBy(() -> calls.get("thing"))
                    .hasMessage("No access token could be had from localhost: HTTP 400: No such app");
        }
    }

    @Test
    void onlyTheWebIsCalled() {
        assertThatThrownBy(() ->
                        new RestCalls(URI.create("file:///etc/passwd"), Authorization.NONE, Reach.BEYOND_LINK, LIMITS))
                .isInstanceOf(RestException.class);
    }
}
