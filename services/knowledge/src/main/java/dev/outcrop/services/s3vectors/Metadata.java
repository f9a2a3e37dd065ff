package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.MetadataValue.Flag;
import dev.outcrop.engines.vectors.MetadataValue.Items;
import dev.outcrop.engines.vectors.MetadataValue.Numeric;
import dev.outcrop.engines.vectors.MetadataValue.Text;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.document.Document;

/**
 * The metadata of vectors as requests and responses have it. Numbers are those of JSON as most readers read them: 64-bit
 * floating point.
 *
 * <p>Source: "Metadata filtering" and "Limitations and restrictions" of S3 Vectors in the Amazon S3 user guide.
 */
final class Metadata {
    private static final int MOST_BYTES = 40 << 10;
    private static final int MOST_FILTERABLE_BYTES = 2 << 10;
    private static final int MOST_KEYS = 50;
    private static final double WHOLE = 1L << 53;

    private Metadata() {}

    /**
     * What a request gives for the vector with {@code key}.
     *
     * @param document null where it gives nothing
     */
    static Map<String, MetadataValue> read(String key, Document document, Set<String> notFilterable) {
        if (document == null || document.isNull()) {
            return Map.of();
        }
        if (!document.isMap()) {
            throw Failures.record(key, "Metadata must be an object");
        }
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        int bytes = 0;
        int filterable = 0;
        for (Map.Entry<String, Document> entry : document.asMap().entrySet()) {
            MetadataValue value = value(entry.getValue())
                    .orElseThrow(
                            () -> Failures.record(key, "Metadata must be strings, numbers, booleans or lists of them"));
            metadata.put(entry.getKey(), value);
            int size = length(entry.getKey()) + size(value);
            bytes += size;
            filterable += notFilterable.contains(entry.getKey()) ? 0 : size;
        }
        if (metadata.size() > MOST_KEYS) {
            throw Failures.record(key, "Metadata must have at most " + MOST_KEYS + " keys");
        }
        if (bytes > MOST_BYTES) {
            throw Failures.record(key, "Metadata must have at most " + MOST_BYTES + " bytes");
        }
        if (filterable > MOST_FILTERABLE_BYTES) {
            throw Failures.record(key, "Filterable metadata must have at most " + MOST_FILTERABLE_BYTES + " bytes");
        }
        return metadata;
    }

    /** A value, or nothing for what metadata cannot have. */
    static Optional<MetadataValue> value(Document document) {
        if (document.isList()) {
            List<MetadataValue> items = new ArrayList<>();
            for (Document item : document.asList()) {
                Optional<MetadataValue> value = primitive(item);
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                items.add(value.get());
            }
            return Optional.of(new Items(items));
        }
        return primitive(document);
    }

    /** A value that is no list. */
    static Optional<MetadataValue> primitive(Document document) {
        if (document.isString()) {
            return Optional.of(new Text(document.asString()));
        }
        if (document.isBoolean()) {
            return Optional.of(new Flag(document.asBoolean()));
        }
        return number(document).map(Numeric::new);
    }

    /** A number that a double can hold. */
    static Optional<Double> number(Document document) {
        if (!document.isNumber()) {
            return Optional.empty();
        }
        double number = document.asNumber().doubleValue();
        return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int size(MetadataValue value) {
        return switch (value) {
            case Text(String text) -> length(text);
            case Numeric _ -> Double.BYTES;
            case Flag _ -> 1;
            case Items(List<MetadataValue> values) ->
                values.stream().mapToInt(Metadata::size).sum();
        };
    }

    /** How many bytes a vector's metadata has. */
    static int size(Map<String, MetadataValue> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(entry -> length(entry.getKey()) + size(entry.getValue()))
                .sum();
    }

    static Document write(Map<String, MetadataValue> metadata) {
        Map<String, Document> members = new LinkedHashMap<>();
        metadata.forEach((key, value) -> members.put(key, write(value)));
        return Document.fromMap(members);
    }

    private static Document write(MetadataValue value) {
        return switch (value) {
            case Text(String text) -> Document.fromString(text);
            case Flag(boolean flag) -> Document.fromBoolean(flag);
            case Numeric(double number) ->
                number == Math.rint(number) && Math.abs(number) <= WHOLE
                        ? Document.fromNumber((long) number)
                        : Document.fromNumber(BigDecimal.valueOf(number));
            case Items(List<MetadataValue> values) ->
                Document.fromList(values.stream().map(Metadata::write).toList());
        };
    }
}
