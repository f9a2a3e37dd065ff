package dev.outcrop.services.bedrockagent;

import java.util.List;
import java.util.Map;

/** Where the documents of a data source come from. */
interface Source extends AutoCloseable {
    /**
     * What is there now.
     *
     * @throws SourceFailure if it cannot be listed
     */
    Found list();

    @Override
    default void close() {}

    /**
     * The documents of a source.
     *
     * @param metadataFiles how many files with metadata there are
     * @param failures      why documents that are there cannot be read, by their URIs
     * @param complete      false where others may be there, too, so that none may be taken for deleted
     */
    record Found(List<FoundDocument> documents, int metadataFiles, Map<String, String> failures, boolean complete) {}
}
