package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.JsonValue;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An event as buses carry it.
 *
 * <p>Source: "Event structure" of the Amazon EventBridge user guide.
 *
 * @param json the whole event
 * @param text the same, as it is delivered
 */
record BusEvent(JsonValue.Fields json, String text) {
    /** An event that has just come. */
    static BusEvent of(
            String id,
            String account,
            String region,
            Instant time,
            String source,
            String detailType,
            List<String> resources,
            JsonValue detail) {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        fields.put("version", new JsonValue.Text("0"));
        fields.put("id", new JsonValue.Text(id));
        fields.put("detail-type", new JsonValue.Text(detailType));
        fields.put("source", new JsonValue.Text(source));
        fields.put("account", new JsonValue.Text(account));
        fields.put(
                "time", new JsonValue.Text(time.truncatedTo(ChronoUnit.SECONDS).toString()));
        fields.put("region", new JsonValue.Text(region));
        fields.put(
                "resources",
                new JsonValue.Elements(
                        resources.stream().<JsonValue>map(JsonValue.Text::new).toList()));
        fields.put("detail", detail);
        JsonValue.Fields json = new JsonValue.Fields(fields);
        return new BusEvent(json, json.json());
    }

    /**
     * The event in {@code text}.
     *
     * @throws IOException if that is no JSON object
     */
    static BusEvent read(String text) throws IOException {
        if (JsonValue.read(text) instanceof JsonValue.Fields fields) {
            return new BusEvent(fields, text);
        }
        throw new IOException("an event is a JSON object");
    }

    /** The string in a field of the envelope; the empty one if there is none. */
    String field(String name) {
        return json.values().get(name) instanceof JsonValue.Text(String value) ? value : "";
    }

    /** When it happened. */
    Instant time() {
        return Instant.parse(field("time"));
    }

    /** The string of a field of the detail, or the constant's name in lower case; the empty one if there is none. */
    String detail(String name) {
        JsonValue value = json.values().get("detail") instanceof JsonValue.Fields(Map<String, JsonValue> detail)
                ? detail.get(name)
                : null;
        return switch (value) {
            case JsonValue.Text(String text) -> text;
            case JsonValue.Constant constant -> constant.name().toLowerCase(Locale.ROOT);
            case null, default -> "";
        };
    }

    /** The same as a bus of another account or region has it. */
    BusEvent with(String name, JsonValue value) {
        Map<String, JsonValue> fields = new LinkedHashMap<>(json.values());
        fields.put(name, value);
        JsonValue.Fields changed = new JsonValue.Fields(fields);
        return new BusEvent(changed, changed.json());
    }
}
