package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.storage.JournalEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/**
 * Something that a service has counted or measured of itself, for a metric of AWS's own namespaces. It is written to the
 * journal among the usage entries, whose follower makes metrics of both.
 *
 * @param namespace  such as {@code AWS/Bedrock}
 * @param dimensions of the metrics, possibly none
 * @param unit       of the values, such as {@code Count}
 * @param values     by the names of the metrics
 */
public record HouseMeasurement(
        String account,
        String region,
        String namespace,
        Map<String, String> dimensions,
        String unit,
        Map<String, Double> values) {
    private static final JsonFactory JSON = new JsonFactory();

    public HouseMeasurement {
        dimensions = Map.copyOf(dimensions);
        values = Map.copyOf(values);
    }

    /** What is written to the journal. */
    public JournalEntry entry(Instant time) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator entry = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            entry.writeStartObject();
            entry.writeStringField("account", account);
            entry.writeStringField("region", region);
            entry.writeStringField("namespace", namespace);
            entry.writeStringField("unit", unit);
            entry.writeObjectFieldStart("dimensions");
            for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
                entry.writeStringField(dimension.getKey(), dimension.getValue());
            }
            entry.writeEndObject();
            entry.writeObjectFieldStart("values");
            for (Map.Entry<String, Double> value : values.entrySet()) {
                entry.writeNumberField(value.getKey(), value.getValue());
            }
            entry.writeEndObject();
            entry.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JournalEntry(UsageEntries.KIND, account, time, bytes.toByteArray());
    }
}
