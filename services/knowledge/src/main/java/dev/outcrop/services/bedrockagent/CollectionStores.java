package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.vectors.embedded.StoreSettings;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.OpenSearchServerlessConfiguration;

/**
 * What stands for the collections of OpenSearch Serverless: for each collection and index a folder of the embedded engine,
 * encrypted under a key of its own, which a record keeps under the master key together with what vectors are in it. Who may
 * use one is asked as AWS asks: the role needs {@code aoss:APIAccessAll} on the collection, which is one of its account.
 */
final class CollectionStores {
    private static final String TYPE = "bedrock:collection-store";
    private static final String ACTION = "aoss:APIAccessAll";
    private static final int KEY_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final EmbeddedStores embedded;
    private final Records records;
    private final Secrets secrets;
    private final RoleRights rights;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    CollectionStores(
            Path folder,
            EmbeddedStores embedded,
            Records records,
            Secrets secrets,
            RoleRights rights,
            InstantSource clock) {
        this.folder = folder;
        this.embedded = embedded;
        this.records = records;
        this.secrets = secrets;
        this.rights = rights;
        this.clock = clock;
    }

    /** What is in a folder, and the encrypted key that opens it. */
    private record Description(int dimension, DistanceMetric metric, byte[] key) {}

    /**
     * The store of an index, made if need be.
     *
     * @throws VectorStoreException if the role may not use it, or it has other vectors
     */
    VectorStore open(
            KnowledgeBase base, OpenSearchServerlessConfiguration configuration, int dimension, DistanceMetric metric) {
        CallContext call = CallContext.current();
        String[] arn = configuration.collectionArn().split(":", 6);
        boolean own = arn[3].equals(call.region()) && arn[4].equals(call.account());
        if (!own || !mayUse(base, configuration.collectionArn(), call.account())) {
            throw new VectorStoreException("Request failed: [security_exception] 403 Forbidden");
        }
        String id = digest(configuration.collectionArn() + "\n" + configuration.vectorIndexName());
        RecordKey key = new RecordKey(TYPE, call.account(), call.region(), id);
        Description description =
                records.get(key).map(CollectionStores::read).orElseGet(() -> describe(key, dimension, metric));
        if (description.dimension() != dimension || description.metric() != metric) {
            throw new VectorStoreException("Query vector has invalid dimension: " + dimension
                    + ". Dimension should be: " + description.dimension());
        }
        StoreSettings settings = new StoreSettings(dimension, metric, Set.of(ChunkMetadata.PARENT_TEXT));
        return embedded.open(folder.resolve(id), settings, opened(key, description));
    }

    private boolean mayUse(KnowledgeBase base, String collectionArn, String account) {
        return BaseRole.on(
                base.knowledgeBaseArn(),
                () -> rights.allows(base.roleArn(), "bedrock.amazonaws.com", ACTION, collectionArn, account));
    }

    private Description describe(RecordKey record, int dimension, DistanceMetric metric) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        Description fresh = new Description(dimension, metric, secrets.encrypt(key, context(record)));
        try {
            records.write(transaction -> {
                transaction.insert(record, "", Optional.empty(), clock.instant(), write(fresh));
                return null;
            });
            return fresh;
        } catch (DuplicateRecordException madeMeanwhile) {
            return records.get(record).map(CollectionStores::read).orElseThrow();
        }
    }

    private byte[] opened(RecordKey record, Description description) {
        try {
            return secrets.decrypt(description.key(), context(record));
        } catch (GeneralSecurityException foreign) {
            throw new VectorStoreException("The key of the vectors " + record.id() + " cannot be opened", foreign);
        }
    }

    private static String context(RecordKey record) {
        return TYPE + " " + record.account() + " " + record.region() + " " + record.id();
    }

    private static byte[] write(Description description) {
        try {
            return JSON.writeValueAsBytes(description);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Description read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), Description.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException(record.key().id() + " cannot be read", damaged);
        }
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
