package dev.outcrop.engines.sources.sharepoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.Gathering;
import dev.outcrop.engines.sources.HtmlPage;
import dev.outcrop.engines.sources.RestDocuments;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.web.AccessTokens;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sites of SharePoint Online: the files of their document libraries, their pages, and the events of their calendars. OneNote's
 * notebooks are not read.
 *
 * <p>A document's version is its ETag. Metadata: {@code title}, {@code type} (File, Page or Event), {@code site},
 * {@code author} (a name), {@code createdAt}, {@code updatedAt}. Pages and events are HTML made of their parts.
 */
public final class SharePointSource implements DocumentSource {
    private static final List<String> KINDS = List.of("Page", "Event", "File");

    private final SharePointSettings settings;
    private final InstantSource clock;
    private final RestCalls calls;

    public SharePointSource(SharePointSettings settings) {
        this(settings, InstantSource.system());
    }

    SharePointSource(SharePointSettings settings, InstantSource clock) {
        settings.filters().allow(KINDS);
        if (!settings.tenant().matches("[0-9A-Za-z.-]{1,100}")) {
            throw new SourceException("The tenant " + settings.tenant() + " is no identifier");
        }
        this.settings = settings;
        this.clock = clock;
        RestCalls.Limits limits = new RestCalls.Limits(
                settings.limits().call(),
                settings.limits().documentSize(),
                RestCalls.Limits.USUAL.attempts(),
                RestCalls.Limits.USUAL.longestWait());
        this.calls = new RestCalls(
                URI.create(settings.graph() + "/v1.0/"), tokens(settings, clock), settings.reach(), limits);
    }

    private static AccessTokens tokens(SharePointSettings settings, InstantSource clock) {
        SharePointSettings.Credentials credentials = settings.credentials();
        Map<String, String> form = new HashMap<>(Map.of(
                "client_id",
                credentials.client(),
                "client_secret",
                credentials.secret(),
                "scope",
                settings.graph() + "/.default",
                "grant_type",
                credentials.user().isPresent() ? "password" : "client_credentials"));
        credentials.user().ifPresent(user -> {
            form.put("username", user.name());
            form.put("password", user.password());
        });
        return new AccessTokens(
                URI.create(settings.login() + "/" + settings.tenant() + "/oauth2/v2.0/token"),
                form,
                Optional.empty(),
                token -> {},
                settings.reach(),
                clock);
    }

    @Override
    public Listing list() {
        Gathering gathering = new Gathering(settings.limits(), clock);
        for (URI site : settings.sites()) {
            String id;
            try {
                id = identifier(calls.get(lookup(site)).path("id").asText());
            } catch (RestException refused) {
                throw new SourceException(
                        "The SharePoint site " + site + " cannot be read: " + refused.getMessage(), refused);
            }
            gathering.part(site + " (files)", () -> files(gathering, site, id));
            gathering.part(site + " (pages)", () -> pages(gathering, site, id));
            gathering.part(site + " (events)", () -> events(gathering, site, id));
        }
        return gathering.listing();
    }

    private static String lookup(URI site) {
        String path = site.getRawPath() == null ? "" : site.getRawPath().replaceAll("/+$", "");
        if (site.getHost() == null || path.contains(":")) {
            throw new SourceException("The site " + site + " is no URL of a SharePoint site");
        }
        return "sites/" + site.getHost() + (path.isEmpty() ? "" : ":" + path);
    }

    private void files(Gathering gathering, URI site, String siteId) {
        each("sites/" + siteId + "/drives?$select=id,name", drive -> {
            String driveId = identifier(drive.path("id").asText());
            gathering.part(
                    site + " (" + drive.path("name").asText() + ")",
                    () -> each("drives/" + driveId + "/root/delta", item -> file(gathering, site, driveId, item)));
        });
    }

    private void file(Gathering gathering, URI site, String drive, JsonNode item) {
        String name = item.path("name").asText();
        boolean isFile = item.path("file").isObject() && item.path("deleted").isMissingNode();
        if (!isFile || name.endsWith(".one") || !settings.filters().want("File", name)) {
            return;
        }
        String target =
                "drives/" + drive + "/items/" + identifier(item.path("id").asText()) + "/content";
        gathering.add(
                document(
                        site,
                        item,
                        "File",
                        name,
                        item.path("file").path("mimeType").asText("application/octet-stream"),
                        item.path("cTag").asText(item.path("eTag").asText()),
                        () -> new ByteArrayInputStream(calls.download(target).content())),
                item.path("size").asLong());
    }

    private void pages(Gathering gathering, URI site, String siteId) {
        each("sites/" + siteId + "/pages/microsoft.graph.sitePage", page -> {
            String title = page.path("title").asText(page.path("name").asText());
            if (settings.filters().want("Page", title)) {
                String target = "sites/" + siteId + "/pages/"
                        + identifier(page.path("id").asText()) + "/microsoft.graph.sitePage?$expand=canvasLayout";
                gathering.add(document(
                        site,
                        page,
                        "Page",
                        title,
                        "text/html; charset=utf-8",
                        page.path("eTag").asText(),
                        () -> html(title, parts(calls.get(target)))));
            }
        });
    }

    /** The texts of a page's web parts, in their order. */
    private static String parts(JsonNode page) {
        StringBuilder html = new StringBuilder();
        String description = page.path("description").asText("");
        if (!description.isEmpty()) {
            html.append("<p>").append(HtmlPage.escaped(description)).append("</p>");
        }
        JsonNode canvas = page.path("canvasLayout");
        for (JsonNode section : canvas.path("horizontalSections")) {
            for (JsonNode column : section.path("columns")) {
                column.path("webparts").forEach(part -> html.append(part(part)));
            }
        }
        canvas.path("verticalSection").path("webparts").forEach(part -> html.append(part(part)));
        return html.toString();
    }

    private static String part(JsonNode part) {
        StringBuilder html = new StringBuilder(part.path("innerHtml").asText(""));
        for (JsonNode text : part.path("data").path("serverProcessedContent").path("searchablePlainTexts")) {
            html.append("<p>")
                    .append(HtmlPage.escaped(text.path("value").asText()))
                    .append("</p>");
        }
        return html.toString();
    }

    private void events(Gathering gathering, URI site, String siteId) {
        each("sites/" + siteId + "/lists?$select=id,displayName,list", list -> {
            if (!list.path("list").path("template").asText().equals("events")) {
                return;
            }
            String listId = identifier(list.path("id").asText());
            each("sites/" + siteId + "/lists/" + listId + "/items?$expand=fields", event -> {
                String name = event.path("fields").path("Title").asText();
                if (settings.filters().want("Event", name)) {
                    gathering.add(document(
                            site,
                            event,
                            "Event",
                            name,
                            "text/html; charset=utf-8",
                            event.path("eTag").asText(),
                            () -> html(name, event(event.path("fields")))));
                }
            });
        });
    }

    private static String event(JsonNode fields) {
        StringBuilder html = new StringBuilder();
        for (String name : List.of("EventDate", "EndDate", "Location", "Category")) {
            String value = fields.path(name).asText("");
            if (!value.isEmpty()) {
                html.append("<p>")
                        .append(name)
                        .append(": ")
                        .append(HtmlPage.escaped(value))
                        .append("</p>");
            }
        }
        return html.append(fields.path("Description").asText("")).toString();
    }

    private static SourceDocument document(
            URI site,
            JsonNode item,
            String kind,
            String name,
            String mediaType,
            String version,
            SourceDocument.Content opening) {
        Map<String, String> metadata = new HashMap<>(Map.of("title", name, "type", kind, "site", site.toString()));
        RestDocuments.put(
                metadata, "author", item.path("createdBy").path("user").path("displayName"));
        RestDocuments.put(metadata, "createdAt", item.path("createdDateTime"));
        RestDocuments.put(metadata, "updatedAt", item.path("lastModifiedDateTime"));
        String uri = item.path("webUrl").asText("");
        return new SourceDocument(
                uri.startsWith("https://") || uri.startsWith("http://")
                        ? uri
                        : site.toString().replaceAll("/+$", "") + "/" + uri.replaceAll("^/+", ""),
                name,
                mediaType,
                version,
                metadata,
                RestDocuments.called(opening));
    }

    private static InputStream html(String title, String body) {
        return new ByteArrayInputStream(HtmlPage.of(title, body).getBytes(UTF_8));
    }

    private void each(String target, Consumer<JsonNode> item) {
        RestDocuments.each(calls, target, "value", page -> page.path("@odata.nextLink"), item);
    }

    /** An identifier as it may stand in a path. */
    private static String identifier(String id) {
        if (!id.matches("[A-Za-z0-9_.,!-]{1,500}")) {
            throw new RestException(0, "The server names something by what is no identifier");
        }
        return URLEncoder.encode(id, UTF_8);
    }

    @Override
    public void close() {
        calls.close();
    }
}
