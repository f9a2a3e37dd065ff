package dev.outcrop.engines.sources.salesforce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sources.CredentialsSecret;
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
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SalesforceSourceTest {
    private static final SourceLimits LIMITS =
            new SourceLimits(100, 1000, Duration.ofMinutes(1), Duration.ofSeconds(30));

    @Test
    void recordsAndFilesOfTheObjectsThatAreThereAreListed() throws Exception {
        try (PlayedServer server = server();
                SalesforceSource source = source(server, ObjectFilters.NONE)) {
            Listing listing = source.list();

            assertThat(listing.documents())
                    .extracting(SourceDocument::name)
                    .containsExactlyInAnyOrder("Acme", "Umbrella", "contract.pdf");
            assertThat(listing.complete()).isTrue();
            SourceDocument acme = document(listing, "Acme");
            assertThat(acme.uri()).isEqualTo(server.at("/001000000000001AAA").toString());
            assertThat(acme.version()).isEqualTo("2026-01-02T00:00:00.000+0000");
            assertThat(text(acme)).isEqualTo("Account: Acme\nIndustry: Mining & more\nBilling Address: 1 Road, Town\n");
            SourceDocument contract = document(listing, "contract.pdf");
            assertThat(contract.metadata()).containsEntry("type", "ContentVersion");
            assertThat(text(contract)).isEqualTo("bytes");
            assertThat(server.requests().getFirst().text())
                    .isEqualTo("client_id=key&client_secret=secret&grant_type=client_credentials");
            assertThat(server.targets())
                    .anyMatch(target ->
                            URLDecoder.decode(target, UTF_8).endsWith(" FROM ContentVersion WHERE IsLatest = true"));
        }
    }

    @Test
    void filtersAreForTheirObject() {
        ObjectFilters filters = new ObjectFilters(List.of(
                new ObjectFilter("Account", List.of("A.*"), List.of()),
                new ObjectFilter("ContentVersion", List.of(), List.of(".*\\.pdf"))));
        try (PlayedServer server = server();
                SalesforceSource source = source(server, filters)) {
            assertThat(source.list().documents())
                    .extracting(SourceDocument::name)
                    .containsExactly("Acme");
        }
    }

    @Test
    void credentialsThatAreRefusedAreTheSourcesFailure() {
        try (PlayedServer server =
                        new PlayedServer((Request request) -> Reply.json(400, "{\"error\":\"invalid_client_id\"}"));
                SalesforceSource source = source(server, ObjectFilters.NONE)) {
            assertThatThrownBy(source::list)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP 400: invalid_client_id")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void anObjectThatCannotBeQueriedFailsAlone() {
        try (PlayedServer server =
                        new PlayedServer((Request request) -> request.target().contains("FROM+Account")
                                ? Reply.json(400, "[{\"errorCode\":\"INVALID_FIELD\",\"message\":\"No such column\"}]")
                                : play(request));
                SalesforceSource source = source(server, ObjectFilters.NONE)) {
            Listing listing = source.list();

            assertThat(listing.complete()).isFalse();
            assertThat(listing.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo("HTTP 400: No such column"));
            assertThat(listing.documents()).hasSize(1);
        }
    }

    private static PlayedServer server() {
        return new PlayedServer((Request request) -> play(request));
    }

    private static Reply play(Request request) {
        String target = URLDecoder.decode(request.target(), UTF_8);
        if (target.equals("/services/oauth2/token")) {
            return Reply.json("{\"access_token\":\"t\",\"instance_url\":\"https://elsewhere.example.com\"}");
        }
        if (!"Bearer t".equals(request.headers().get("authorization"))) {
            return Reply.json(401, "[{\"message\":\"Session expired\"}]");
        }
        String api = "/services/data/v62.0/";
        if (target.equals(api + "sobjects/")) {
            return Reply.json("""
                    {"sobjects":[{"name":"Account","queryable":true},{"name":"ContentVersion","queryable":true},
                     {"name":"Idea","queryable":false},{"name":"Custom__c","queryable":true}]}""");
        }
        if (target.equals(api + "sobjects/Account/describe")) {
            return Reply.json("""
                    {"fields":[{"name":"Id","type":"id"},{"name":"Name","type":"string","label":"Account Name","nameField":true},
                     {"name":"Industry","type":"picklist","label":"Industry"},{"name":"OwnerId","type":"reference"},
                     {"name":"BillingAddress","type":"address","label":"Billing Address"},
                     {"name":"x, (SELECT Id FROM Secrets__r)","type":"string"},
                     {"name":"CreatedDate","type":"datetime"}]}""");
        }
        if (target.equals(api + "sobjects/ContentVersion/describe")) {
            return Reply.json("""
                    {"fields":[{"name":"Title","type":"string","nameField":true},{"name":"FileExtension","type":"string"},
                     {"name":"ContentSize","type":"int"}]}""");
        }
        if (target.startsWith(api + "query?q=SELECT Id, SystemModstamp") && target.endsWith(" FROM Account")) {
            return target.contains("Secrets__r") ? Reply.of(500) : Reply.json("""
                            {"records":[{"Id":"001000000000001AAA","Name":"Acme","Industry":"Mining & more",
                              "SystemModstamp":"2026-01-02T00:00:00.000+0000","BillingAddress":{"street":"1 Road","city":"Town","state":null}}],
                             "nextRecordsUrl":"/services/data/v62.0/query/01g-2000"}""");
        }
        if (target.equals(api + "query/01g-2000")) {
            return Reply.json("{\"records\":[{\"Id\":\"001000000000002AAA\",\"Name\":\"Umbrella\"}]}");
        }
        if (target.endsWith(" FROM ContentVersion WHERE IsLatest = true")) {
            return Reply.json("""
                    {"records":[{"Id":"068000000000001AAA","Title":"contract","FileExtension":"pdf","ContentSize":5}]}""");
        }
        return target.equals(api + "sobjects/ContentVersion/068000000000001AAA/VersionData")
                ? new Reply(200, Map.of("Content-Type", "application/octetstream"), "bytes".getBytes(UTF_8))
                : Reply.of(404);
    }

    private static SalesforceSource source(PlayedServer server, ObjectFilters filters) {
        SalesforceSettings.Credentials credentials = SalesforceSettings.Credentials.of(new CredentialsSecret(Map.of(
                "consumerKey", "key",
                "consumerSecret", "secret",
                "authenticationUrl", server.at("/services/oauth2/token").toString())));
        return new SalesforceSource(new SalesforceSettings(
                server.at("/"), credentials, filters, LIMITS, Reach.PUBLIC.and(List.of("localhost"))));
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
