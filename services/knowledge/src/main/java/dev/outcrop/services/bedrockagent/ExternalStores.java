package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.postgres.PostgresSettings;
import dev.outcrop.engines.vectors.postgres.PostgresVectorStore;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.RdsConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RdsFieldMapping;
import software.amazon.awssdk.services.bedrockagent.model.StorageConfiguration;

/**
 * Opens stores that other systems keep, with credentials that are read from Secrets Manager as the role of the knowledge
 * base.
 *
 * <p>Source: Amazon Bedrock User Guide, "Prerequisites for using a vector store you created for a knowledge base".
 */
final class ExternalStores {
    private static final int POSTGRES_PORT = 5432;

    private final Supplier<Clients> clients;

    ExternalStores(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /**
     * A store, to be closed.
     *
     * @throws VectorStoreException if it cannot be reached
     */
    VectorStore open(KnowledgeBase base, int dimension) {
        StorageConfiguration storage = base.storageConfiguration();
        BaseRole role = new BaseRole(clients, base);
        try {
            return switch (storage.type()) {
                case RDS -> postgres(role, storage.rdsConfiguration(), dimension);
                default ->
                    throw new VectorStoreException(
                            "Vector stores of type " + storage.typeAsString() + " cannot be reached from here");
            };
        } catch (SourceException unreadable) {
            throw new VectorStoreException(unreadable.getMessage(), unreadable);
        } catch (AwsServiceException | AwsError refused) {
            throw new VectorStoreException(Errors.told(refused), refused);
        }
    }

    /** The secret says what the ARN of a cluster does not: its host, and its port where that is not the usual one. */
    private static VectorStore postgres(BaseRole role, RdsConfiguration configuration, int dimension) {
        CredentialsSecret secret = new StoredCredentials(role, configuration.credentialsSecretArn()).read();
        RdsFieldMapping fields = configuration.fieldMapping();
        return PostgresVectorStore.open(
                new PostgresSettings(
                        secret.required("host"),
                        port(secret),
                        configuration.databaseName(),
                        secret.required("username"),
                        secret.required("password"),
                        configuration.tableName(),
                        new FieldMapping(
                                fields.vectorField(),
                                fields.textField(),
                                fields.metadataField(),
                                Optional.of(fields.primaryKeyField()),
                                Optional.ofNullable(fields.customMetadataField())),
                        secret.optional("sslmode").filter("verify-full"::equals).isPresent(),
                        Reach.BEYOND_LINK),
                dimension);
    }

    private static int port(CredentialsSecret secret) {
        try {
            return secret.optional("port").map(Integer::parseInt).orElse(POSTGRES_PORT);
        } catch (NumberFormatException none) {
            throw new SourceException("The secret's port is no number");
        }
    }
}
