package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.Clients;
import java.nio.file.Path;
import java.util.HexFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.OpenSearchServerlessConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.S3VectorsConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.StorageConfiguration;

/**
 * Opens the vector store of a knowledge base. A collection of OpenSearch Serverless is the embedded engine in a folder of
 * its own, which stays open; an index of S3 Vectors is reached by that service's client, and everything else by its own,
 * as the role of the knowledge base.
 *
 * <p>Needs a {@link dev.outcrop.kernel.CallContext}, as do the stores that are opened.
 */
public final class KnowledgeStores implements AutoCloseable {
    private final Path folder;
    private final Supplier<Clients> clients;
    private final Embeddings embeddings;
    private final ConcurrentMap<Path, VectorStore> embedded = new ConcurrentHashMap<>();

    /**
     * Stores.
     *
     * @param folder where embedded ones lie; it need not be there
     */
    public KnowledgeStores(Path folder, Supplier<Clients> clients, Embeddings embeddings) {
        this.folder = folder;
        this.clients = clients;
        this.embeddings = embeddings;
    }

    /**
     * The store of a knowledge base of vectors, to be closed.
     *
     * @throws VectorStoreException if it cannot be reached
     */
    public VectorStore open(KnowledgeBase base) {
        StorageConfiguration storage = base.storageConfiguration();
        return switch (storage.type()) {
            case OPENSEARCH_SERVERLESS -> embedded(base, storage.opensearchServerlessConfiguration());
            case S3_VECTORS -> s3Vectors(base, storage.s3VectorsConfiguration());
            default -> throw new VectorStoreException(
                    "Vector stores of type " + storage.typeAsString() + " cannot be reached from here");
        };
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

    private VectorStore embedded(KnowledgeBase base, OpenSearchServerlessConfiguration configuration) {
        int dimension = embeddings.dimension(base);
        DistanceMetric metric = Embeddings.metric(base);
        String name = configuration.collectionArn() + "\n" + configuration.vectorIndexName();
        VectorStore store = embedded.computeIfAbsent(
                folder.resolve(digest(name)), place -> EMBEDDED_PLACEHOLDER);
        if (store.dimension() != dimension || store.metric() != metric) {
            throw new VectorStoreException("Query vector has invalid dimension: " + dimension
                    + ". Dimension should be: " + store.dimension());
        }
        return new SharedStore(store);
    }

    private VectorStore s3Vectors(KnowledgeBase base, S3VectorsConfiguration configuration) {
        return new S3VectorsStore(
                clients.get().as(base.roleArn()),
                configuration,
                embeddings.dimension(base));
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    @Override
    public void close() {
        embedded.values().forEach(VectorStore::close);
        embedded.clear();
    }
}
