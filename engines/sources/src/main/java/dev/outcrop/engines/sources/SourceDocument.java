package dev.outcrop.engines.sources;

import java.io.InputStream;
import java.util.Map;

/**
 * A document of a source.
 *
 * @param uri       where a reader finds it; the same as long as the document is the same
 * @param name      its title or file name
 * @param mediaType such as {@code text/html}; {@code application/octet-stream} where the source does not tell
 * @param version   another one whenever the content or the metadata may be another
 * @param metadata  what the source says about it, by names that the source's class lists
 * @param content   its bytes
 */
public record SourceDocument(
        String uri, String name, String mediaType, String version, Map<String, String> metadata, Content content) {
    public SourceDocument {
        metadata = Map.copyOf(metadata);
    }

    /** Bytes that are fetched when they are asked for. */
    @FunctionalInterface
    public interface Content {
        /**
         * Opens them. Not larger than the source's settings allow.
         *
         * @throws SourceException if they cannot be had; the message says why
         */
        InputStream open();
    }
}
