package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.StorageConfiguration;

/**
 * Opens the vector store of a knowledge base, as its role: for a collection of OpenSearch Serverless the embedded engine,
 * for an index of S3 Vectors that service's client, and for everything else its own.
 *
 * <p>Needs a {@link dev.outcrop.kernel.CallContext}, as do the stores that are opened.
 */
public final class KnowledgeStores {
    private final Supplier<Clients> clients;
    private final Embeddings embeddings;
    private final CollectionStores collections;
    private final ExternalStores external;
    private final StructuredStores structured;
    private final Reach reach;

    /**
     * Stores.
     *
     * @param folder   where embedded ones lie; it need not be there
     * @param embedded opens them
     * @param rights   says which roles may use them
     * @param reach    which hosts of others may be called
     */
    public KnowledgeStores(
            Path folder,
            EmbeddedStores embedded,
            Records records,
            Secrets secrets,
            RoleRights rights,
            Supplier<Clients> clients,
            Embeddings embeddings,
            Reach reach,
            InstantSource clock) {
        this.clients = clients;
        this.reach = reach;
        this.embeddings = embeddings;
        external = new ExternalStores(clients, reach);
        structured = new StructuredStores(clients, reach);
        collections = new CollectionStores(folder, embedded, records, secrets, rights, clock);
    }

    /** Which hosts of others may be called. */
    Reach reach() {
        return reach;
    }

    /**
     * The store of a knowledge base of vectors, to be closed.
     *
     * @throws VectorStoreException if it cannot be reached
     */
    public VectorStore open(KnowledgeBase base) {
        StorageConfiguration storage = base.storageConfiguration();
        return switch (storage.type()) {
            case OPENSEARCH_SERVERLESS ->
                collections.open(
                        base,
                        storage.opensearchServerlessConfiguration(),
                        embeddings.dimension(base),
                        Embeddings.metric(base));
            case S3_VECTORS ->
                new S3VectorsStore(
                        new BaseRole(clients, base), storage.s3VectorsConfiguration(), embeddings.dimension(base));
            default -> external.open(base, embeddings.dimension(base));
        };
    }

    /**
     * The database of a knowledge base of structured data, to be closed.
     *
     * @throws StructuredStoreException if it cannot be reached
     */
    public QueriedDatabase database(KnowledgeBase base) {
        return structured.open(base);
    }

    /**
     * How many tables the database of a knowledge base has, at least one.
     *
     * @throws StructuredStoreException if it cannot be read
     */
    int tables(KnowledgeBase base) {
        try (QueriedDatabase database = database(base)) {
            int tables = database.tables().size();
            if (tables == 0) {
                throw new SQLException("The database has no tables that its user may read");
            }
            return tables;
        } catch (SQLException unreadable) {
            throw new StructuredStoreException(unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Makes sure that the store of a knowledge base can be reached, and takes its vectors.
     *
     * @throws VectorStoreException if not
     */
    void check(KnowledgeBase base) {
        try (VectorStore store = open(base)) {
            if (store instanceof S3VectorsStore index) {
                index.check();
            } else {
                store.list(Optional.empty(), 1);
            }
        }
    }
}
