package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/**
 * Brings one document into a store. Its chunks have keys that follow from their numbers, and before the first is written
 * it is written down how many there may be, so that none is left behind, whatever happens meanwhile.
 */
final class Indexing {
    private static final int CHUNKS_AT_ONCE = 96;
    private static final int ATTEMPTS = 4;
    private static final int FIRST_WAIT_MILLIS = 500;

    private final Manifest manifest;
    private final Embeddings embeddings;
    private final Parsing parsing;
    private final InstantSource clock;

    Indexing(Manifest manifest, Embeddings embeddings, Parsing parsing, InstantSource clock) {
        this.manifest = manifest;
        this.embeddings = embeddings;
        this.parsing = parsing;
        this.clock = clock;
    }

    /** Where documents come from and where they go. */
    record Place(KnowledgeBase base, DataSource source, VectorStore store) {}

    /**
     * A chunk of a document.
     *
     * @param page       on which it begins
     * @param parentText of hierarchical chunking
     * @param parent     the number of the parent in its document
     * @param attributes what it has beside those of its document
     */
    record Piece(
            String text,
            OptionalInt page,
            Optional<String> parentText,
            int parent,
            Map<String, MetadataValue> attributes) {}

    /**
     * Indexes a document in place of what was there of it.
     *
     * @param job that does it, or the empty string
     * @return the document with its new version, whose status is still to be set
     * @throws DocumentFailure if it alone cannot be indexed
     * @throws SourceFailure if none can be
     */
    StoredDocument index(Place place, StoredDocument document, FoundDocument found, String job) {
        Attributes attributes = found.attributes().get();
        List<Piece> pieces = parsing.pieces(
                place.base(), place.source(), found, found.content().get(), attributes);
        if (pieces.isEmpty()) {
            throw DocumentFailure.ignored("Ignored 1 files as their content was empty");
        }
        int before = document.chunks();
        StoredDocument begun = manifest.change(
                document,
                present -> present.holding(Math.max(Math.max(present.chunks(), before), pieces.size()))
                        .seenBy(job)
                        .with(DocumentStatus.IN_PROGRESS, "", clock.instant()));
        for (int from = 0; from < pieces.size(); from += CHUNKS_AT_ONCE) {
            int to = Math.min(pieces.size(), from + CHUNKS_AT_ONCE);
            store(place, begun, attributes, pieces.subList(from, to), from);
        }
        List<String> superfluous = begun.keys(pieces.size());
        if (!superfluous.isEmpty()) {
            stored(place, found.identifier(), () -> place.store().delete(superfluous));
        }
        return begun.holding(pieces.size())
                .made(
                        found.version(),
                        found.metadataVersion(),
                        !attributes.embedded().isEmpty());
    }

    private void store(Place place, StoredDocument document, Attributes attributes, List<Piece> pieces, int first) {
        List<String> texts = pieces.stream()
                .map(piece -> attributes.and(piece.attributes()).embedded(piece.text()))
                .toList();
        List<float[]> vectors = embedded(place.base(), texts, document.identifier());
        List<VectorEntry> entries = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            String key = document.key(first + i);
            Map<String, MetadataValue> metadata =
                    new LinkedHashMap<>(attributes.and(piece.attributes()).values());
            metadata.putAll(own(place, document, piece, key));
            entries.add(new VectorEntry(key, vectors.get(i), piece.text(), metadata));
        }
        stored(place, document.identifier(), () -> place.store().put(entries));
    }

    private static Map<String, MetadataValue> own(Place place, StoredDocument document, Piece piece, String key) {
        Map<String, MetadataValue> own = new LinkedHashMap<>();
        own.put(ChunkMetadata.SOURCE_URI, MetadataValue.of(document.identifier()));
        own.put(ChunkMetadata.CHUNK_ID, MetadataValue.of(key));
        own.put(ChunkMetadata.DATA_SOURCE_ID, MetadataValue.of(document.dataSource()));
        own.put(
                ChunkMetadata.DATA_SOURCE_TYPE,
                MetadataValue.of(place.source().dataSourceConfiguration().typeAsString()));
        piece.page().ifPresent(page -> own.put(ChunkMetadata.PAGE_NUMBER, MetadataValue.of(page)));
        piece.parentText().ifPresent(text -> {
            own.put(ChunkMetadata.PARENT_TEXT, MetadataValue.of(text));
            own.put(ChunkMetadata.PARENT_ID, MetadataValue.of(document.key(-1 - piece.parent())));
        });
        return own;
    }

    /**
     * Changes the metadata of a document whose content is the same; what was embedded of metadata makes new vectors
     * necessary.
     */
    StoredDocument renewMetadata(Place place, StoredDocument document, FoundDocument found) {
        Attributes attributes = found.attributes().get();
        if (document.metadataEmbedded()
                || !attributes.embedded().isEmpty()
                || attributes.records().isPresent()) {
            return index(place, document, found, document.job());
        }
        List<VectorEntry> renewed = new ArrayList<>();
        for (String key : document.keys(0)) {
            Optional<VectorEntry> entry = place.store().get(key);
            if (entry.isEmpty()) {
                return index(place, document, found, document.job());
            }
            Map<String, MetadataValue> metadata = new LinkedHashMap<>(attributes.values());
            entry.get().metadata().forEach((name, value) -> {
                if (name.startsWith(ChunkMetadata.PREFIX)) {
                    metadata.put(name, value);
                }
            });
            renewed.add(new VectorEntry(key, entry.get().vector(), entry.get().text(), metadata));
        }
        stored(place, document.identifier(), () -> place.store().put(renewed));
        return document.made(document.version(), found.metadataVersion(), false);
    }

    private static void stored(Place place, String identifier, Runnable change) {
        try {
            change.run();
        } catch (VectorStoreException | AwsServiceException | AwsError failure) {
            throw unstorable(place.base(), failure, "Issue occurred while processing file: " + identifier + ". ");
        }
    }

    /** What a failure of its store means for a knowledge base. */
    static SourceFailure unstorable(KnowledgeBase base, RuntimeException failure) {
        return unstorable(base, failure, "");
    }

    private static SourceFailure unstorable(KnowledgeBase base, RuntimeException failure, String where) {
        return new SourceFailure("Encountered error: " + Errors.told(failure) + ". " + where + "Call to "
                + storeName(base) + " did not succeed.");
    }

    private static String storeName(KnowledgeBase base) {
        return switch (base.storageConfiguration().type()) {
            case OPENSEARCH_SERVERLESS -> "Amazon OpenSearch Serverless Vector Database";
            case OPENSEARCH_MANAGED_CLUSTER -> "Amazon OpenSearch Service Vector Database";
            case RDS -> "Amazon RDS Vector Database";
            case PINECONE -> "Pinecone Vector Database";
            case REDIS_ENTERPRISE_CLOUD -> "Redis Enterprise Cloud Vector Database";
            case MONGO_DB_ATLAS -> "MongoDB Atlas Vector Database";
            case NEPTUNE_ANALYTICS -> "Amazon Neptune Analytics Vector Database";
            default -> "Amazon S3 Vectors Vector Database";
        };
    }

    private List<float[]> embedded(KnowledgeBase base, List<String> texts, String identifier) {
        return invoked(() -> embeddings.ofDocuments(base, texts), identifier);
    }

    /**
     * What a model answers. One that is busy is asked again; one that may not be invoked fails everything.
     *
     * @throws DocumentFailure if the model refuses the document
     * @throws SourceFailure if the model may not be invoked
     */
    static <T> T invoked(Supplier<T> call, String identifier) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (AwsServiceException refusal) {
                if (refusal.statusCode() == 403) {
                    throw uninvokable(refusal, identifier);
                }
                boolean later = refusal.statusCode() >= 500 || refusal.isThrottlingException();
                if (!later || attempt == ATTEMPTS) {
                    throw DocumentFailure.failed(Errors.told(refusal) + ".");
                }
                pause(FIRST_WAIT_MILLIS << attempt);
            } catch (AwsError refusal) {
                throw uninvokable(refusal, identifier);
            }
        }
    }

    private static SourceFailure uninvokable(RuntimeException refusal, String identifier) {
        return new SourceFailure(
                "Encountered error: " + Errors.told(refusal) + ". Issue occurred while processing file: " + identifier
                        + ". Call to Amazon Bedrock did not succeed.");
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a model was waited for", interruption);
        }
    }
}
