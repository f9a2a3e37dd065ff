package dev.outcrop.engines.sources.confluence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.DocumentSource.Failure;
import dev.outcrop.engines.sources.DocumentSource.Listing;
import dev.outcrop.engines.sources.ObjectFilters;
import dev.outcrop.engines.sources.ObjectFilters.ObjectFilter;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.PlayedServer.Reply;
import dev.outcrop.engines.web.PlayedServer.Request;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConfluenceSourceTest {
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));
    private static final SourceLimits LIMITS =
            new SourceLimits(100, 1000, Duration.ofMinutes(1), Duration.ofSeconds(30));
    private static final ConfluenceSettings.Credentials BASIC = ConfluenceSettings.Credentials.basic(
            new CredentialsSecret(Map.of("confluenceUsername", "me@example.com", "confluencePassword", "token")));

    /** What the site holds, by path; those with a query have it sorted into the key. */
    private final Map<String, Reply> site = new HashMap<>(Map.of(
            "/wiki/api/v2/spaces?limit=250",
            Reply.json("""
                    {"results":[{"id":"1","key":"ENG","name":"Engineering"}],
                     "_links":{"next":"/wiki/api/v2/spaces?cursor=two"}}"""),
            "/wiki/api/v2/spaces?cursor=two",
            Reply.json("{\"results\":[{\"id\":\"2\",\"key\":\"HR\"}],\"_links\":{}}"),
            "/wiki/api/v2/spaces/1/pages?limit=250&status=current",
            Reply.json("""
                    {"results":[{"id":"11","title":"How <we> work","authorId":"a1","createdAt":"2026-01-01T00:00:00Z",
                      "version":{"number":3,"createdAt":"2026-02-01T00:00:00Z"},"_links":{"webui":"/spaces/ENG/pages/11"}}]}"""),
            "/wiki/api/v2/spaces/1/blogposts?limit=250&status=current",
            Reply.json("""
                    {"results":[{"id":"12","title":"News","version":{"number":1},"_links":{"webui":"/spaces/ENG/blog/12"}}]}"""),
            "/wiki/api/v2/spaces/2/pages?limit=250&status=current",
            Reply.json("""
                    {"results":[{"id":"21","title":"Secret","version":{"number":1},"_links":{"webui":"/spaces/HR/pages/21"}}]}"""),
            "/wiki/api/v2/footer-comments?limit=250",
            Reply.json("""
                    {"results":[{"id":"31","pageId":"11","version":{"number":1},"_links":{"webui":"/c/31"}},
                                {"id":"32","pageId":"99","version":{"number":1},"_links":{"webui":"/c/32"}}]}"""),
            "/wiki/api/v2/attachments?limit=250",
            Reply.json("""
                    {"results":[{"id":"att41","pageId":"11","title":"plan.pdf","mediaType":"application/pdf","fileSize":3,
                      "version":{"number":2},"_links":{"webui":"/a/41"}},
                     {"id":"att42","blogPostId":"12","title":"film.mp4","mediaType":"video/mp4","fileSize":100000,
                      "version":{"number":2},"_links":{"webui":"/a/42"}}]}"""),
            "/wiki/api/v2/pages/11?body-format=view",
            Reply.json("{\"body\":{\"view\":{\"value\":\"<p>We work.</p>\"}}}"),
            "/wiki/api/v2/footer-comments/31?body-format=storage",
            Reply.json("{\"body\":{\"storage\":{\"value\":\"<p>Do we?</p>\"}}}")));

    @Test
    void pagesPostsCommentsAndAttachmentsAreListedWithTheirVersions() throws Exception {
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            Listing listing = source.list();

            assertThat(listing.documents())
                    .extracting(SourceDocument::name)
                    .containsExactlyInAnyOrder("How <we> work", "News", "Secret", "Re: How <we> work", "plan.pdf");
            assertThat(listing.failures())
                    .extracting(Failure::reason)
                    .containsExactly("The document is larger than 1000 bytes");
            assertThat(listing.complete()).isTrue();
            SourceDocument page = document(listing, "How <we> work");
            assertThat(page.uri())
                    .isEqualTo(server.at("/wiki/spaces/ENG/pages/11").toString());
            assertThat(page.version()).isEqualTo("3@2026-02-01T00:00:00Z");
            assertThat(page.metadata())
                    .containsEntry("space", "ENG")
                    .containsEntry("type", "Page")
                    .containsEntry("author", "a1");
            assertThat(new String(page.content().open().readAllBytes(), UTF_8))
                    .contains("<h1>How &lt;we&gt; work</h1><p>We work.</p>");
            assertThat(new String(
                            document(listing, "Re: How <we> work")
                                    .content()
                                    .open()
                                    .readAllBytes(),
                            UTF_8))
                    .contains("Do we?");
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request.headers().get("authorization"))
                            .isEqualTo("Basic "
                                    + Base64.getEncoder().encodeToString("me@example.com:token".getBytes(UTF_8))));
        }
    }

    @Test
    void anAttachmentIsFetchedFromWhereItIsKeptWithoutCredentials() throws Exception {
        try (PlayedServer media = new PlayedServer(request -> Reply.html("pdf"));
                PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            site.put(
                    "/wiki/rest/api/content/11/child/attachment/att41/download",
                    Reply.redirect(media.at("/signed").toString()));

            assertThat(document(source.list(), "plan.pdf").content().open().readAllBytes())
                    .isEqualTo("pdf".getBytes(UTF_8));
            assertThat(media.requests().getFirst().headers()).doesNotContainKey("authorization");
        }
    }

    @Test
    void filtersAreForTheirKindOfObject() {
        ObjectFilters filters = new ObjectFilters(List.of(
                new ObjectFilter("Space", List.of("ENG"), List.of()),
                new ObjectFilter("Page", List.of(), List.of("How.*")),
                new ObjectFilter("Attachment", List.of(".*\\.pdf"), List.of())));
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, filters)) {
            assertThat(source.list().documents())
                    .extracting(SourceDocument::name)
                    .containsExactly("News");
            assertThat(server.targets()).noneMatch(target -> target.contains("spaces/2/"));
        }
        ObjectFilters unknown = new ObjectFilters(List.of(new ObjectFilter("Wiki", List.of(), List.of())));
        try (PlayedServer server = server()) {
            assertThatThrownBy(() -> source(server, unknown)).isInstanceOf(SourceException.class);
        }
    }

    @Test
    void aSpaceThatMayNotBeReadFailsAloneAndTheListingIsIncomplete() {
        site.put(
                "/wiki/api/v2/spaces/2/pages?limit=250&status=current",
                Reply.json(403, "{\"message\":\"Not for you\"}"));
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            Listing listing = source.list();

            assertThat(listing.complete()).isFalse();
            assertThat(listing.failures()).extracting(Failure::reason).contains("HTTP 403: Not for you");
            assertThat(listing.documents()).extracting(SourceDocument::name).contains("News", "plan.pdf");
        }
    }

    @Test
    void credentialsThatAreRefusedAndHostsThatAreNotThereAreTheSourcesFailure() {
        site.put("/wiki/api/v2/spaces?limit=250", Reply.json(401, "{\"message\":\"Who are you?\"}"));
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            assertThatThrownBy(source::list)
                    .isInstanceOf(SourceException.class)
                    .hasMessageEndingWith("cannot be read: HTTP 401: Who are you?")
                    .hasMessageNotContaining("token");
        }
    }

    @Test
    void aPageThatIsGoneWhenItIsOpenedSaysSo() {
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            SourceDocument news = document(source.list(), "News");

            assertThatThrownBy(() -> news.content().open())
                    .isInstanceOf(SourceException.class)
                    .hasMessage("HTTP 404");
        }
    }

    @Test
    void identifiersThatLeadElsewhereAreNotFollowed() {
        site.put(
                "/wiki/api/v2/spaces?limit=250",
                Reply.json("{\"results\":[{\"id\":\"../../admin?x=\",\"key\":\"ENG\"}],"
                        + "\"_links\":{\"next\":\"https://evil.example.com/steal\"}}"));
        try (PlayedServer server = server();
                ConfluenceSource source = source(server, ObjectFilters.NONE)) {
            assertThatThrownBy(source::list).hasMessageContaining("points to another one");
            assertThat(server.targets()).noneMatch(target -> target.contains("admin"));
        }
    }

    @Test
    void oauthGoesThroughTheGatewayAndHandsOutWhatItRenews() {
        List<String> renewed = new ArrayList<>();
        try (PlayedServer server = new PlayedServer(request -> {
            if (request.path().equals("/oauth/token")) {
                return request.text().contains("refresh_token=old")
                                && request.text().contains("client_id=app")
                        ? Reply.json("{\"access_token\":\"new\",\"refresh_token\":\"next\",\"expires_in\":3600}")
                        : Reply.json(400, "{}");
            }
            if (!"Bearer new".equals(request.headers().get("authorization"))) {
                return Reply.json(401, "{}");
            }
            if (request.path().equals("/oauth/token/accessible-resources")) {
                return Reply.json("[{\"id\":\"other\",\"url\":\"https://other.atlassian.net\"},"
                        + "{\"id\":\"cloud-1\",\"url\":\"https://example.atlassian.net\"}]");
            }
            return request.target().startsWith("/ex/confluence/cloud-1")
                    ? answer(request.target().substring("/ex/confluence/cloud-1".length()))
                    : Reply.of(404);
        })) {
            ConfluenceSettings.Credentials oauth = ConfluenceSettings.Credentials.oauth(new CredentialsSecret(Map.of(
                    "confluenceAppKey", "app",
                    "confluenceAppSecret", "secret",
                    "confluenceAccessToken", "expired",
                    "confluenceRefreshToken", "old")));
            try (ConfluenceSource source = new ConfluenceSource(new ConfluenceSettings(
                    URI.create("https://example.atlassian.net/"),
                    oauth,
                    ObjectFilters.NONE,
                    LIMITS,
                    LOOPBACK,
                    server.at(""),
                    server.at("/oauth/token"),
                    (access, refresh) -> renewed.add(access + " " + refresh)))) {
                Listing listing = source.list();

                assertThat(listing.documents()).hasSize(5);
                assertThat(document(listing, "News").uri())
                        .isEqualTo("https://example.atlassian.net/wiki/spaces/ENG/blog/12");
                assertThat(renewed).containsExactly("new next");
            }
        }
    }

    @Test
    void aSecretWithoutAKeySaysWhich() {
        assertThatThrownBy(() ->
                        ConfluenceSettings.Credentials.basic(new CredentialsSecret(Map.of("confluenceUsername", "me"))))
                .isInstanceOf(SourceException.class)
                .hasMessage("The secret has no value for the key confluencePassword");
    }

    private PlayedServer server() {
        return new PlayedServer((Request request) -> answer(request.target()));
    }

    private Reply answer(String target) {
        Reply empty = target.contains("limit=") ? Reply.json("{\"results\":[]}") : Reply.of(404);
        return site.getOrDefault(target, empty);
    }

    private static ConfluenceSource source(PlayedServer server, ObjectFilters filters) {
        return new ConfluenceSource(
                ConfluenceSettings.of(server.at(""), BASIC, filters, LIMITS, LOOPBACK, (access, refresh) -> {}));
    }

    private static SourceDocument document(Listing listing, String name) {
        return listing.documents().stream()
                .filter(document -> document.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
