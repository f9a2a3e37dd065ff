package dev.outcrop.services.cloudwatchlogs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields that Logs Insights discovers in a message that is a JSON object: the members, those of members with the names
 * on the way joined by dots.
 */
final class JsonFields {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** AWS discovers so many fields of an event. */
    private static final int MOST = 200;

    private JsonFields() {}

    static Map<String, String> of(String message) {
        if (!message.stripLeading().startsWith("{")) {
            return Map.of();
        }
        try {
            Map<String, String> fields = new LinkedHashMap<>();
            add(JSON.readTree(message), "", fields);
            return fields;
        } catch (JsonProcessingException none) {
            return Map.of();
        }
    }

    private static void add(JsonNode node, String name, Map<String, String> fields) {
        if (fields.size() >= MOST || node == null || node.isNull()) {
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(member -> add(member.getValue(), joined(name, member.getKey()), fields));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                add(node.get(i), joined(name, Integer.toString(i)), fields);
            }
        } else {
            fields.put(name, node.asText());
        }
    }

    private static String joined(String name, String member) {
        return name.isEmpty() ? member : name + "." + member;
    }
}
