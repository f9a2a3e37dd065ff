package dev.outcrop.services.bedrockagent;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.bedrockagent.model.ContentDataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.DocumentIdentifier;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocumentDetail;

/**
 * What a knowledge base knows of one document of a data source.
 *
 * @param custom          whether {@code identifier} is the id of a custom document, and not a URI
 * @param version         of the content that the chunks were made of, such as an ETag
 * @param metadataVersion of the metadata, or the empty string
 * @param status          a {@link DocumentStatus}
 * @param reason          why it is not indexed, or the empty string
 * @param updatedAt       in milliseconds
 * @param chunks          how many chunks the store may hold: their keys follow from their numbers
 * @param metadataEmbedded whether the vectors were made of metadata, too
 * @param job             the ingestion job that saw to it last, or the empty string
 * @param pending         the request that is still to be done, or the empty string
 */
record StoredDocument(
        String knowledgeBase,
        String dataSource,
        boolean custom,
        String identifier,
        String version,
        String metadataVersion,
        String status,
        String reason,
        long updatedAt,
        int chunks,
        boolean metadataEmbedded,
        String job,
        String pending) {

    static StoredDocument fresh(String knowledgeBase, String dataSource, boolean custom, String identifier) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                "",
                "",
                DocumentStatus.PENDING.toString(),
                "",
                0,
                0,
                false,
                "",
                "");
    }

    StoredDocument with(DocumentStatus newStatus, String newReason, Instant now) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                version,
                metadataVersion,
                newStatus.toString(),
                newReason,
                now.toEpochMilli(),
                chunks,
                metadataEmbedded,
                job,
                pending);
    }

    StoredDocument seenBy(String newJob) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                version,
                metadataVersion,
                status,
                reason,
                updatedAt,
                chunks,
                metadataEmbedded,
                newJob,
                pending);
    }

    StoredDocument pending(String request) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                version,
                metadataVersion,
                status,
                reason,
                updatedAt,
                chunks,
                metadataEmbedded,
                job,
                request);
    }

    StoredDocument made(String newVersion, String newMetadataVersion, boolean embedded) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                newVersion,
                newMetadataVersion,
                status,
                reason,
                updatedAt,
                chunks,
                embedded,
                job,
                pending);
    }

    StoredDocument holding(int newChunks) {
        return new StoredDocument(
                knowledgeBase,
                dataSource,
                custom,
                identifier,
                version,
                metadataVersion,
                status,
                reason,
                updatedAt,
                newChunks,
                metadataEmbedded,
                job,
                pending);
    }

    /** What it is kept under. */
    @JsonIgnore
    String id() {
        return Manifest.id(dataSource, identifier);
    }

    @JsonIgnore
    DocumentStatus state() {
        return DocumentStatus.fromValue(status);
    }

    /** Whether its chunks are those of its version. */
    @JsonIgnore
    boolean isIndexed() {
        return state() == DocumentStatus.INDEXED;
    }

    /** The keys of its chunks from the number {@code from} on. */
    List<String> keys(int from) {
        List<String> keys = new ArrayList<>();
        for (int number = from; number < chunks; number++) {
            keys.add(key(number));
        }
        return keys;
    }

    /** The key of a chunk, the same whenever the document is ingested. */
    String key(int number) {
        return Manifest.chunkKey(knowledgeBase, id(), number);
    }

    @JsonIgnore
    DocumentIdentifier documentIdentifier() {
        return custom
                ? DocumentIdentifier.builder()
                        .dataSourceType(ContentDataSourceType.CUSTOM)
                        .custom(document -> document.id(identifier))
                        .build()
                : DocumentIdentifier.builder()
                        .dataSourceType(ContentDataSourceType.S3)
                        .s3(location -> location.uri(identifier))
                        .build();
    }

    @JsonIgnore
    KnowledgeBaseDocumentDetail detail() {
        return KnowledgeBaseDocumentDetail.builder()
                .knowledgeBaseId(knowledgeBase)
                .dataSourceId(dataSource)
                .identifier(documentIdentifier())
                .status(status)
                .statusReason(reason.isEmpty() ? null : reason)
                .updatedAt(Instant.ofEpochMilli(updatedAt))
                .build();
    }
}
