package dev.outcrop.engines.sources.sharepoint;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharePointSourceTest {
    private static final SourceLimits LIMITS =
            new SourceLimits(100, 1000, Duration.ofMinutes(1), Duration.ofSeconds(30));
    private static final URI SITE = URI.create("https://example.sharepoint.com/sites/engineering/");
    private static final String TENANT = "11111111-2222-3333-4444-555555555555";

    private final AtomicReference<PlayedServer> graph = new AtomicReference<>();
    private final Map<String, Reply> answers = new HashMap<>(Map.of(
            "sites/example.sharepoint.com:/sites/engineering",
            Reply.json("{\"id\":\"example.sharepoint.com,aaa,bbb\"}"),
            "sites/example.sharepoint.com%2Caaa%2Cbbb/drives?$select=id,name",
            Reply.json("{\"value\":[{\"id\":\"b!d1\",\"name\":\"Documents\"}]}"),
            "drives/b%21d1/root/delta?token=two",
            Reply.json("""
                    {"value":[{"id":"I2","name":"big.pdf","size":5000,"file":{"mimeType":"application/pdf"},
                      "webUrl":"https://example.sharepoint.com/big.pdf"},
                     {"id":"I3","name":"notes.one","file":{},"size":1},
                     {"id":"I4","name":"old.txt","file":{},"deleted":{"state":"deleted"}},
                     {"id":"I5","name":"folder","folder":{}}],"@odata.deltaLink":"ignored"}"""),
            "sites/example.sharepoint.com%2Caaa%2Cbbb/pages/microsoft.graph.sitePage",
            Reply.json("""
                    {"value":[{"id":"p1","title":"Welcome","eTag":"v1","webUrl":"https://example.sharepoint.com/p1.aspx"}]}"""),
            "sites/example.sharepoint.com%2Caaa%2Cbbb/pages/p1/microsoft.graph.sitePage?$expand=canvasLayout",
            Reply.json("""
                    {"description":"All <about> us","canvasLayout":{"horizontalSections":[{"columns":[{"webparts":[
                      {"innerHtml":"<p>Hello</p>"},
                      {"data":{"serverProcessedContent":{"searchablePlainTexts":[{"key":"t","value":"World"}]}}}]}]}]}}"""),
            "sites/example.sharepoint.com%2Caaa%2Cbbb/lists?$select=id,displayName,list",
            Reply.json("""
                    {"value":[{"id":"l1","list":{"template":"genericList"}},{"id":"l2","list":{"template":"events"}}]}"""),
            "sites/example.sharepoint.com%2Caaa%2Cbbb/lists/l2/items?$expand=fields",
            Reply.json("""
                    {"value":[{"id":"1","eTag":"e1","webUrl":"https://example.sharepoint.com/e1",
                      "fields":{"Title":"Party","Location":"Roof","Description":"<b>Come</b>"}}]}""")));

    @Test
    void filesPagesAndEventsAreListed() throws Exception {
        try (PlayedServer media = new PlayedServer(request -> Reply.html("the plan"));
                PlayedServer server = server(media);
                SharePointSource source = source(server, ObjectFilters.NONE, oauth(false))) {
            Listing listing = source.list();

            assertThat(listing.documents())
                    .extracting(SourceDocument::name)
                    .containsExactly("plan.docx", "Welcome", "Party");
            assertThat(listing.failures())
                    .extracting(Failure::reason)
                    .containsExactly("The document is larger than 1000 bytes");
            assertThat(listing.complete()).isTrue();
            SourceDocument plan = document(listing, "plan.docx");
            assertThat(plan.version()).isEqualTo("c1");
            assertThat(plan.metadata()).containsEntry("author", "Ada").containsEntry("type", "File");
            assertThat(text(plan)).isEqualTo("the plan");
            assertThat(media.requests().getFirst().headers()).doesNotContainKey("authorization");
            assertThat(text(document(listing, "Welcome")))
                    .contains("<h1>Welcome</h1><p>All &lt;about&gt; us</p><p>Hello</p><p>World</p>");
            assertThat(text(document(listing, "Party"))).contains("<p>Location: Roof</p><b>Come</b>");
            Request token = server.requests().getFirst();
            assertThat(token.path()).isEqualTo("/" + TENANT + "/oauth2/v2.0/token");
            assertThat(token.text()).contains("grant_type=client_credentials", "client_id=app");
        }
    }

    @Test
    void anApplicationMayActAsAUser() {
        try (PlayedServer server = server(null);
                SharePointSource source = source(server, ObjectFilters.NONE, oauth(true))) {
            source.list();

            assertThat(server.requests().getFirst().text())
                    .contains("grant_type=password", "username=ada", "password=p%26w");
        }
    }

    @Test
    void filtersAreForTheirKindOfObject() {
        ObjectFilters filters = new ObjectFilters(List.of(
                new ObjectFilter("File", List.of(".*\\.txt"), List.of()),
                new ObjectFilter("Event", List.of(), List.of("Party"))));
        try (PlayedServer server = server(null);
                SharePointSource source = source(server, filters, oauth(false))) {
            assertThat(source.list().documents())
                    .extracting(SourceDocument::name)
                    .containsExactly("Welcome");
        }
    }

    @Test
    void aSiteThatIsNotThereIsTheSourcesFailure() {
        answers.put(
                "sites/example.sharepoint.com:/sites/engineering",
                Reply.json(
                        404,
                        "{\"error\":{\"code\":\"itemNotFound\",\"message\":\"Requested site could not be found\"}}"));
        try (PlayedServer server = server(null);
                SharePointSource source = source(server, ObjectFilters.NONE, oauth(false))) {
            assertThatThrownBy(source::list)
                    .isInstanceOf(SourceException.class)
                    .hasMessage("The SharePoint site " + SITE
                            + " cannot be read: HTTP 404: Requested site could not be found");
        }
    }

    @Test
    void aLibraryThatMayNotBeReadFailsAlone() {
        answers.put("drives/b%21d1/root/delta", Reply.json(403, "{\"error\":{\"message\":\"Access denied\"}}"));
        try (PlayedServer server = server(null);
                SharePointSource source = source(server, ObjectFilters.NONE, oauth(false))) {
            Listing listing = source.list();

            assertThat(listing.complete()).isFalse();
            assertThat(listing.documents()).hasSize(2);
            assertThat(listing.failures())
                    .containsExactly(new Failure(SITE + " (Documents)", "HTTP 403: Access denied"));
        }
    }

    @Test
    void theNextPageIsNotFetchedFromAnotherServer() {
        answers.put(
                "drives/b%21d1/root/delta",
                Reply.json("{\"value\":[],\"@odata.nextLink\":\"https://evil.example.com/steal\"}"));
        try (PlayedServer server = server(null);
                SharePointSource source = source(server, ObjectFilters.NONE, oauth(false))) {
            assertThat(source.list().failures())
                    .extracting(Failure::reason)
                    .containsExactly("The server points to another one: evil.example.com");
        }
    }

    private PlayedServer server(PlayedServer media) {
        PlayedServer server = new PlayedServer((Request request) -> {
            if (request.path().endsWith("/oauth2/v2.0/token")) {
                return Reply.json("{\"access_token\":\"t\",\"expires_in\":3600}");
            }
            if (!"Bearer t".equals(request.headers().get("authorization"))) {
                return Reply.json(401, "{}");
            }
            String target = request.target().substring("/v1.0/".length());
            if (target.equals("drives/b%21d1/items/I1/content")) {
                return Reply.redirect(media.at("/signed").toString());
            }
            return answers.getOrDefault(
                    target, target.equals("drives/b%21d1/root/delta") ? firstPage() : Reply.of(404));
        });
        graph.set(server);
        return server;
    }

    private Reply firstPage() {
        return Reply.json("""
                {"value":[{"id":"I1","name":"plan.docx","size":8,"eTag":"e","cTag":"c1","webUrl":"https://example.sharepoint.com/plan",
                  "createdBy":{"user":{"displayName":"Ada"}},"file":{"mimeType":"application/msword"}}],
                 "@odata.nextLink":"%s"}""".formatted(graph.get().at("/v1.0/drives/b%21d1/root/delta?token=two")));
    }

    private static SharePointSettings.Credentials oauth(boolean user) {
        Map<String, String> secret = new HashMap<>(Map.of("clientId", "app", "clientSecret", "secret"));
        if (user) {
            secret.putAll(Map.of("username", "ada", "password", "p&w"));
        }
        return SharePointSettings.Credentials.oauth(new CredentialsSecret(secret));
    }

    private static SharePointSource source(
            PlayedServer server, ObjectFilters filters, SharePointSettings.Credentials credentials) {
        return new SharePointSource(new SharePointSettings(
                TENANT,
                List.of(SITE),
                credentials,
                filters,
                LIMITS,
                Reach.PUBLIC.and(List.of("localhost")),
                server.at(""),
                server.at("")));
    }

    private static SourceDocument document(Listing listing, String name) {
        return listing.documents().stream()
                .filter(document -> document.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(SourceDocument document) throws Exception {
        return new String(document.content().open().readAllBytes(), UTF_8);
    }
}
