package dev.outcrop.storage.buckets;

import java.util.Map;

/**
 * What is kept with an object's bytes.
 *
 * @param headers  of its representation and storage, by names of the service's choice
 * @param metadata the user's
 * @param tags     by key
 */
public record ObjectSettings(Map<String, String> headers, Map<String, String> metadata, Map<String, String> tags) {
    public static final ObjectSettings NONE = new ObjectSettings(Map.of(), Map.of(), Map.of());

    public ObjectSettings {
        headers = Map.copyOf(headers);
        metadata = Map.copyOf(metadata);
        tags = Map.copyOf(tags);
    }

    public ObjectSettings withHeaders(Map<String, String> changed) {
        return new ObjectSettings(changed, metadata, tags);
    }

    public ObjectSettings withTags(Map<String, String> changed) {
        return new ObjectSettings(headers, metadata, changed);
    }
}
