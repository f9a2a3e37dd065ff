package dev.outcrop.engines.vectors.remote;

import java.util.Optional;

/**
 * Which field of another system holds what.
 *
 * @param vector         the vector; some systems have it in a place of its own and need no name
 * @param text           the text
 * @param metadata       all metadata, as JSON
 * @param primaryKey     the key, where that is a field
 * @param customMetadata the metadata once more, where filters look at them, if that is a field
 */
public record FieldMapping(
        String vector, String text, String metadata, Optional<String> primaryKey, Optional<String> customMetadata) {

    /** Fields of a system that has its own place for keys. */
    public static FieldMapping of(String vector, String text, String metadata) {
        return new FieldMapping(vector, text, metadata, Optional.empty(), Optional.empty());
    }
}
