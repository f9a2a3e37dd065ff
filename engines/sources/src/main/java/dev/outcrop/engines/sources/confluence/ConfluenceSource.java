package dev.outcrop.engines.sources.confluence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.Gathering;
import dev.outcrop.engines.sources.HtmlPage;
import dev.outcrop.engines.sources.RestDocuments;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.web.AccessTokens;
import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A Confluence Cloud site: its pages, blog posts, their comments and attachments, of all spaces that the filters want and the
 * credentials may read. Archived pages are not read.
 *
 * <p>A page is HTML as Confluence shows it; its version is its number in Confluence. Metadata: {@code title},
 * {@code type} (Page, Blog, Comment or Attachment), {@code space}, {@code author} (an account's id), {@code createdAt},
 * {@code updatedAt}. A comment or attachment belongs to the listing only if its page does.
 */
public final class ConfluenceSource implements DocumentSource {
    private static final List<String> KINDS = List.of("Space", "Page", "Blog", "Comment", "Attachment");

    private final ConfluenceSettings settings;
    private final InstantSource clock;
    private final RestCalls calls;
    private final String site;

    public ConfluenceSource(ConfluenceSettings settings) {
        this(settings, InstantSource.system());
    }

    ConfluenceSource(ConfluenceSettings settings, InstantSource clock) {
        settings.filters().allow(KINDS);
        this.settings = settings;
        this.clock = clock;
        this.site = settings.host().toString().replaceAll("/+$", "");
        this.calls = calls();
    }

    private RestCalls calls() {
        RestCalls.Limits limits = new RestCalls.Limits(
                settings.limits().call(),
                settings.limits().documentSize(),
                RestCalls.Limits.USUAL.attempts(),
                RestCalls.Limits.USUAL.longestWait());
        try {
            return switch (settings.credentials()) {
                case ConfluenceSettings.Basic(String user, String token) ->
                    new RestCalls(
                            URI.create(site + "/wiki/"), Authorization.basic(user, token), settings.reach(), limits);
                case ConfluenceSettings.OAuth oauth -> {
                    Authorization tokens = tokens(oauth);
                    yield new RestCalls(
                            URI.create(settings.gateway() + "/ex/confluence/" + cloud(tokens, limits) + "/wiki/"),
                            tokens,
                            settings.reach(),
                            limits);
                }
            };
        } catch (RestException refused) {
            throw unreachable(refused);
        }
    }

    private Authorization tokens(ConfluenceSettings.OAuth oauth) {
        return new AccessTokens(
                settings.tokens(),
                Map.of("grant_type", "refresh_token", "client_id", oauth.app(), "client_secret", oauth.secret()),
                Optional.of(new AccessTokens.Token(
                        oauth.access(), Optional.of(oauth.refresh()), Instant.MAX, NullNode.instance)),
                token -> settings.renewed()
                        .accept(token.access(), token.refresh().orElse(oauth.refresh())),
                settings.reach(),
                clock);
    }

    /** The number under which the gateway knows the site. */
    private String cloud(Authorization tokens, RestCalls.Limits limits) {
        try (RestCalls gateway = new RestCalls(settings.gateway(), tokens, settings.reach(), limits)) {
            for (JsonNode resource : gateway.get("/oauth/token/accessible-resources")) {
                String id = resource.path("id").asText();
                if (resource.path("url").asText().equalsIgnoreCase(site) && id.matches("[A-Za-z0-9-]+")) {
                    return id;
                }
            }
            throw new SourceException("The app may not read the site " + site);
        }
    }

    @Override
    public Listing list() {
        Gathering gathering = new Gathering(settings.limits(), clock);
        Map<String, Owner> owners = new HashMap<>();
        try {
            each("api/v2/spaces?limit=250", space -> {
                String key = space.path("key").asText();
                if (settings.filters().want("Space", key)) {
                    gathering.part(site + "/wiki/spaces/" + key, () -> space(gathering, space, key, owners));
                }
            });
        } catch (RestException refused) {
            throw unreachable(refused);
        }
        for (String list : List.of("footer-comments", "inline-comments")) {
            gathering.part(
                    site + "/wiki (" + list + ")",
                    () -> each("api/v2/" + list + "?limit=250", comment -> {
                        comment(gathering, list, comment, owners);
                    }));
        }
        gathering.part(
                site + "/wiki (attachments)",
                () -> each("api/v2/attachments?limit=250", attachment -> {
                    attachment(gathering, attachment, owners);
                }));
        return gathering.listing();
    }

    /** A page or blog post that others belong to. */
    private record Owner(String id, String title, String space) {}

    private void space(Gathering gathering, JsonNode space, String key, Map<String, Owner> owners) {
        String id = space.path("id").asText();
        each("api/v2/spaces/" + identifier(id) + "/pages?limit=250&status=current", page -> {
            content(gathering, "Page", "pages", page, key, owners);
        });
        each("api/v2/spaces/" + identifier(id) + "/blogposts?limit=250&status=current", post -> {
            content(gathering, "Blog", "blogposts", post, key, owners);
        });
    }

    private void content(
            Gathering gathering, String kind, String list, JsonNode content, String space, Map<String, Owner> owners) {
        String title = content.path("title").asText();
        if (!settings.filters().want(kind, title)) {
            return;
        }
        String id = identifier(content.path("id").asText());
        owners.put(id, new Owner(id, title, space));
        gathering.add(document(
                content,
                kind,
                title,
                space,
                "text/html; charset=utf-8",
                () -> html(title, "api/v2/" + list + "/" + id + "?body-format=view", "view")));
    }

    private void comment(Gathering gathering, String list, JsonNode comment, Map<String, Owner> owners) {
        Optional<Owner> owner = owner(comment, owners);
        if (owner.isEmpty()) {
            return;
        }
        String title = "Re: " + owner.get().title();
        if (settings.filters().want("Comment", title)) {
            String target =
                    "api/v2/" + list + "/" + identifier(comment.path("id").asText()) + "?body-format=storage";
            gathering.add(document(
                    comment,
                    "Comment",
                    title,
                    owner.get().space(),
                    "text/html; charset=utf-8",
                    () -> html(title, target, "storage")));
        }
    }

    private void attachment(Gathering gathering, JsonNode attachment, Map<String, Owner> owners) {
        Optional<Owner> owner = owner(attachment, owners);
        String name = attachment.path("title").asText();
        if (owner.isEmpty() || !settings.filters().want("Attachment", name)) {
            return;
        }
        String target = "rest/api/content/" + owner.get().id() + "/child/attachment/"
                + identifier(attachment.path("id").asText()) + "/download";
        gathering.add(
                document(
                        attachment,
                        "Attachment",
                        name,
                        owner.get().space(),
                        attachment.path("mediaType").asText("application/octet-stream"),
                        () -> new ByteArrayInputStream(calls.download(target).content())),
                attachment.path("fileSize").asLong());
    }

    private static Optional<Owner> owner(JsonNode part, Map<String, Owner> owners) {
        return Optional.ofNullable(owners.get(part.path("pageId").asText()))
                .or(() -> Optional.ofNullable(owners.get(part.path("blogPostId").asText())));
    }

    private SourceDocument document(
            JsonNode content,
            String kind,
            String title,
            String space,
            String mediaType,
            SourceDocument.Content opening) {
        JsonNode version = content.path("version");
        Map<String, String> metadata = new HashMap<>(Map.of("title", title, "type", kind, "space", space));
        RestDocuments.put(metadata, "author", version.path("authorId"));
        RestDocuments.put(metadata, "author", content.path("authorId"));
        RestDocuments.put(metadata, "createdAt", content.path("createdAt"));
        RestDocuments.put(metadata, "updatedAt", version.path("createdAt"));
        String place = content.path("_links")
                .path("webui")
                .asText(content.path("webuiLink").asText());
        String uri = place.isEmpty() ? site + "/wiki#" + content.path("id").asText() : site + "/wiki" + place;
        return new SourceDocument(
                uri,
                title,
                mediaType,
                version.path("number").asText() + "@"
                        + version.path("createdAt").asText(),
                metadata,
                RestDocuments.called(opening));
    }

    private InputStream html(String title, String target, String format) {
        String body = calls.get(target).path("body").path(format).path("value").asText();
        return new ByteArrayInputStream(HtmlPage.of(title, body).getBytes(UTF_8));
    }

    /** Walks through all pages of a list. Links begin with /wiki; behind the gateway, that is not where its origin has it. */
    private void each(String target, Consumer<JsonNode> item) {
        RestDocuments.each(
                calls,
                target,
                "results",
                page -> TextNode.valueOf(
                        page.path("_links").path("next").asText().replaceFirst("^/wiki/", "")),
                item);
    }

    /** An identifier as it may stand in a path. */
    private static String identifier(String id) {
        if (!id.matches("[A-Za-z0-9_-]{1,100}")) {
            throw new RestException(0, "The server names something by what is no identifier");
        }
        return id;
    }

    private SourceException unreachable(RestException refused) {
        return new SourceException("Confluence at " + site + " cannot be read: " + refused.getMessage(), refused);
    }

    @Override
    public void close() {
        calls.close();
    }
}
