package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be asked of an event without reading all of it. Reading one costs a few microseconds.
 *
 * @param fields    the texts, numbers and flags of the event itself, such as {@code eventName}
 * @param identity  those of its {@code userIdentity}
 * @param parameters those of its {@code requestParameters}
 * @param resources what its {@code resources} name
 */
record AuditEvent(
        Map<String, String> fields,
        Map<String, String> identity,
        Map<String, String> parameters,
        List<Resource> resources) {
    private static final JsonFactory JSON = new JsonFactory();

    /** A resource; its ARN may be the beginning of several. */
    record Resource(String type, String arn) {}

    /** Reads an event of the journal. */
    static AuditEvent read(byte[] json, int offset) {
        Map<String, String> fields = new HashMap<>();
        Map<String, String> identity = new HashMap<>();
        Map<String, String> parameters = new HashMap<>();
        List<Resource> resources = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json, offset, json.length - offset)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("an event is not an object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "userIdentity" -> readScalars(parser, identity);
                    case "requestParameters" -> readScalars(parser, parameters);
                    case "resources" -> readResources(parser, resources);
                    default -> readScalar(parser, name, fields);
                }
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException("an event of the journal cannot be read", damaged);
        }
        return new AuditEvent(fields, identity, parameters, resources);
    }

    static AuditEvent read(byte[] json) {
        return read(json, 0);
    }

    private static void readScalars(JsonParser parser, Map<String, String> into) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            readScalar(parser, name, into);
        }
    }

    private static void readScalar(JsonParser parser, String name, Map<String, String> into) throws IOException {
        if (parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
            into.put(name, parser.getText());
        } else {
            parser.skipChildren();
        }
    }

    private static void readResources(JsonParser parser, List<Resource> into) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Map<String, String> resource = new HashMap<>();
            readScalars(parser, resource);
            into.add(new Resource(
                    resource.getOrDefault("type", ""),
                    resource.getOrDefault("ARN", resource.getOrDefault("ARNPrefix", ""))));
        }
    }

    /** A field of the event itself; empty where it has none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    String id() {
        return field("eventID");
    }

    String name() {
        return field("eventName");
    }

    /** Such as {@code s3.amazonaws.com}. */
    String source() {
        return field("eventSource");
    }

    String region() {
        return field("awsRegion");
    }

    boolean isReadOnly() {
        return field("readOnly").equals("true");
    }

    boolean isManagement() {
        return field("eventCategory").equals("Management");
    }

    Instant time() {
        return Instant.parse(field("eventTime"));
    }

    Optional<String> accessKeyId() {
        return Optional.ofNullable(identity.get("accessKeyId"));
    }

    /** The name of the user, or of the session of a role. */
    Optional<String> userName() {
        return switch (identity.getOrDefault("type", "")) {
            case "Root" -> Optional.of("root");
            case "AssumedRole", "FederatedUser" -> {
                String id = identity.getOrDefault("principalId", "");
                yield Optional.of(id.substring(id.indexOf(':') + 1)).filter(name -> !name.isEmpty());
            }
            default -> Optional.ofNullable(identity.get("userName"));
        };
    }
}
