package dev.outcrop.engines.sources.salesforce;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.Gathering;
import dev.outcrop.engines.sources.RestDocuments;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.web.AccessTokens;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A Salesforce instance: the records of {@linkplain #OBJECTS its objects}, and the files of those that are files. Which of
 * an object's fields can be read is asked for first; objects that the instance does not have are passed over.
 *
 * <p>A record is plain text, a line for each field that has a value, under the field's label; its version is its
 * SystemModstamp. Metadata: {@code title}, {@code type} (the object), {@code createdAt}, {@code updatedAt}.
 */
public final class SalesforceSource implements DocumentSource {
    /** The objects that are read, by their names in Salesforce. */
    public static final List<String> OBJECTS = List.of(
            "Account",
            "Attachment",
            "Campaign",
            "Case",
            "Contact",
            "ContentVersion",
            "Contract",
            "Document",
            "Group",
            "Idea",
            "Knowledge__kav",
            "Lead",
            "Opportunity",
            "Partner",
            "Pricebook2",
            "Product2",
            "Profile",
            "Solution",
            "Task",
            "User");

    private static final String API = "/services/data/v62.0/";
    private static final int MOST_FIELDS = 200;
    private static final int LONGEST_QUERY = 12_000;

    /** Objects that are files, and the field behind which their bytes are. */
    private static final Map<String, String> FILES =
            Map.of("Attachment", "Body", "ContentVersion", "VersionData", "Document", "Body");

    private static final Set<String> READABLE = Set.of(
            "string",
            "textarea",
            "picklist",
            "multipicklist",
            "combobox",
            "email",
            "phone",
            "url",
            "int",
            "double",
            "currency",
            "percent",
            "date",
            "datetime",
            "boolean",
            "address");

    private final SalesforceSettings settings;
    private final InstantSource clock;
    private final RestCalls calls;
    private final String host;

    public SalesforceSource(SalesforceSettings settings) {
        this(settings, InstantSource.system());
    }

    SalesforceSource(SalesforceSettings settings, InstantSource clock) {
        settings.filters().allow(OBJECTS);
        this.settings = settings;
        this.clock = clock;
        this.host = settings.host().toString().replaceAll("/+$", "");
        RestCalls.Limits limits = new RestCalls.Limits(
                settings.limits().call(),
                settings.limits().documentSize(),
                RestCalls.Limits.USUAL.attempts(),
                RestCalls.Limits.USUAL.longestWait());
        AccessTokens tokens = new AccessTokens(
                settings.credentials().endpoint(),
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", settings.credentials().consumerKey(),
                        "client_secret", settings.credentials().consumerSecret()),
                Optional.empty(),
                token -> {},
                settings.reach(),
                clock);
        this.calls = new RestCalls(URI.create(host), tokens, settings.reach(), limits);
    }

    @Override
    public Listing list() {
        Gathering gathering = new Gathering(settings.limits(), clock);
        Set<String> present = present();
        for (String object : OBJECTS) {
            if (present.contains(object)) {
                gathering.part(host + " (" + object + ")", () -> object(gathering, object));
            }
        }
        return gathering.listing();
    }

    private Set<String> present() {
        try {
            Set<String> names = new HashSet<>();
            calls.get(API + "sobjects/").path("sobjects").forEach(object -> {
                if (object.path("queryable").asBoolean()) {
                    names.add(object.path("name").asText());
                }
            });
            return names;
        } catch (RestException refused) {
            throw new SourceException("Salesforce at " + host + " cannot be read: " + refused.getMessage(), refused);
        }
    }

    /**
     * An object as the instance has it.
     *
     * @param name   the field that names a record
     * @param fields the names of fields that are read, with their labels
     * @param all    the names of all fields
     */
    private record Description(String name, Map<String, String> fields, Set<String> all) {}

    private void object(Gathering gathering, String object) {
        Description description = describe(object);
        boolean isFile = FILES.containsKey(object);
        StringBuilder query = new StringBuilder("SELECT Id, SystemModstamp");
        for (String field :
                List.of("CreatedDate", "ContentType", "BodyLength", "ContentSize", "FileExtension", "Type")) {
            if (description.all().contains(field)
                    && (field.equals("CreatedDate") || isFile)
                    && !description.fields().containsKey(field)) {
                query.append(", ").append(field);
            }
        }
        if (!description.fields().containsKey(description.name())) {
            query.append(", ").append(description.name());
        }
        for (String field : description.fields().keySet()) {
            if (query.length() < LONGEST_QUERY && !field.equals("CreatedDate")) {
                query.append(", ").append(field);
            }
        }
        query.append(" FROM ").append(object);
        if (object.equals("ContentVersion")) {
            query.append(" WHERE IsLatest = true");
        } else if (object.equals("Knowledge__kav")) {
            query.append(" WHERE PublishStatus = 'Online' AND IsLatestVersion = true");
        }
        each(API + "query?q=" + URLEncoder.encode(query.toString(), UTF_8), entry -> {
            if (isFile) {
                file(gathering, object, description, entry);
            } else {
                entry(gathering, object, description, entry);
            }
        });
    }

    private Description describe(String object) {
        JsonNode described = calls.get(API + "sobjects/" + object + "/describe");
        Map<String, String> fields = new LinkedHashMap<>();
        Set<String> all = new HashSet<>();
        String name = "Id";
        for (JsonNode field : described.path("fields")) {
            String fieldName = field.path("name").asText();
            if (!fieldName.matches("[A-Za-z][A-Za-z0-9_]{0,100}")) {
                continue;
            }
            all.add(fieldName);
            name = field.path("nameField").asBoolean() ? fieldName : name;
            boolean system = Set.of(
                            "SystemModstamp", "CreatedDate", "LastModifiedDate", "LastViewedDate", "LastReferencedDate")
                    .contains(fieldName);
            if (fields.size() < MOST_FIELDS
                    && !system
                    && READABLE.contains(field.path("type").asText())) {
                fields.put(fieldName, field.path("label").asText(fieldName));
            }
        }
        return new Description(name, fields, all);
    }

    private void entry(Gathering gathering, String object, Description description, JsonNode entry) {
        String id = identifier(entry.path("Id").asText());
        String name = text(entry.path(description.name()));
        if (!settings.filters().want(object, name)) {
            return;
        }
        StringBuilder text = new StringBuilder(object).append(": ").append(name).append('\n');
        description.fields().forEach((field, label) -> {
            String value = text(entry.path(field));
            if (!value.isEmpty() && !field.equals(description.name())) {
                text.append(label).append(": ").append(value).append('\n');
            }
        });
        byte[] content = text.toString().getBytes(UTF_8);
        gathering.add(
                document(object, id, name, "text/plain; charset=utf-8", entry, () -> new ByteArrayInputStream(content)),
                content.length);
    }

    private void file(Gathering gathering, String object, Description description, JsonNode entry) {
        String id = identifier(entry.path("Id").asText());
        String plain = text(entry.path(description.name()));
        String extension = text(entry.path("FileExtension")).isEmpty() && object.equals("Document")
                ? text(entry.path("Type"))
                : text(entry.path("FileExtension"));
        String name = extension.isEmpty() || plain.endsWith("." + extension) ? plain : plain + "." + extension;
        if (!settings.filters().want(object, name)) {
            return;
        }
        long size = Math.max(
                entry.path("BodyLength").asLong(), entry.path("ContentSize").asLong());
        String target = API + "sobjects/" + object + "/" + id + "/" + FILES.get(object);
        String mediaType = text(entry.path("ContentType"));
        gathering.add(
                document(
                        object,
                        id,
                        name,
                        mediaType.isEmpty() ? "application/octet-stream" : mediaType,
                        entry,
                        () -> new ByteArrayInputStream(calls.download(target).content())),
                size);
    }

    private SourceDocument document(
            String object, String id, String name, String mediaType, JsonNode entry, SourceDocument.Content opening) {
        Map<String, String> metadata = new HashMap<>(Map.of("title", name, "type", object));
        RestDocuments.put(metadata, "createdAt", entry.path("CreatedDate"));
        RestDocuments.put(metadata, "updatedAt", entry.path("SystemModstamp"));
        return new SourceDocument(
                host + "/" + id,
                name,
                mediaType,
                entry.path("SystemModstamp").asText(),
                metadata,
                RestDocuments.called(opening));
    }

    /** A field's value as text; an address's parts in one line. */
    private static String text(JsonNode value) {
        if (value.isObject()) {
            StringBuilder parts = new StringBuilder();
            for (String part : List.of("street", "city", "postalCode", "state", "country")) {
                String said = value.path(part).asText("");
                if (!said.isEmpty() && !said.equals("null")) {
                    parts.append(parts.isEmpty() ? "" : ", ").append(said);
                }
            }
            return parts.toString();
        }
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }

    private void each(String target, Consumer<JsonNode> entry) {
        RestDocuments.each(calls, target, "records", page -> page.path("nextRecordsUrl"), entry);
    }

    /** An identifier as it may stand in a path. */
    private static String identifier(String id) {
        if (!id.matches("[A-Za-z0-9]{15,18}")) {
            throw new RestException(0, "The server names something by what is no identifier");
        }
        return id;
    }

    @Override
    public void close() {
        calls.close();
    }
}
