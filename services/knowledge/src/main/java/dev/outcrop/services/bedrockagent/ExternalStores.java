package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.mongodb.MongoSettings;
import dev.outcrop.engines.vectors.mongodb.MongoVectorStore;
import dev.outcrop.engines.vectors.neptune.NeptuneSettings;
import dev.outcrop.engines.vectors.neptune.NeptuneVectorStore;
import dev.outcrop.engines.vectors.opensearch.OpenSearchSettings;
import dev.outcrop.engines.vectors.opensearch.OpenSearchVectorStore;
import dev.outcrop.engines.vectors.pinecone.PineconeSettings;
import dev.outcrop.engines.vectors.pinecone.PineconeVectorStore;
import dev.outcrop.engines.vectors.postgres.PostgresSettings;
import dev.outcrop.engines.vectors.postgres.PostgresVectorStore;
import dev.outcrop.engines.vectors.redis.RedisSettings;
import dev.outcrop.engines.vectors.redis.RedisVectorStore;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.MongoDbAtlasConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.NeptuneAnalyticsConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.OpenSearchManagedClusterConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.PineconeConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RdsConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RdsFieldMapping;
import software.amazon.awssdk.services.bedrockagent.model.RedisEnterpriseCloudConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.StorageConfiguration;

/**
 * Opens stores that other systems keep, with credentials that are read from Secrets Manager as the role of the knowledge
 * base.
 *
 * <p>Source: Amazon Bedrock User Guide, "Prerequisites for using a vector store you created for a knowledge base".
 */
final class ExternalStores {
    private static final int POSTGRES_PORT = 5432;
    private static final int REDIS_PORT = 6379;

    private final Supplier<Clients> clients;
    private final Reach reach;

    /** @param reach which hosts may be called */
    ExternalStores(Supplier<Clients> clients, Reach reach) {
        this.clients = clients;
        this.reach = reach;
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
                case OPENSEARCH_MANAGED_CLUSTER ->
                    openSearch(storage.opensearchManagedClusterConfiguration(), dimension);
                case PINECONE -> pinecone(role, storage.pineconeConfiguration(), dimension);
                case REDIS_ENTERPRISE_CLOUD -> redis(role, storage.redisEnterpriseCloudConfiguration(), dimension);
                case MONGO_DB_ATLAS -> mongo(role, storage.mongoDbAtlasConfiguration(), dimension);
                case NEPTUNE_ANALYTICS -> neptune(storage.neptuneAnalyticsConfiguration(), dimension);
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
    private VectorStore postgres(BaseRole role, RdsConfiguration configuration, int dimension) {
        CredentialsSecret secret = new StoredCredentials(role, configuration.credentialsSecretArn()).read();
        RdsFieldMapping fields = configuration.fieldMapping();
        return PostgresVectorStore.open(
                new PostgresSettings(
                        secret.required("host"),
                        secret.optional("port").map(ExternalStores::number).orElse(POSTGRES_PORT),
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
                        reach),
                dimension);
    }

    /** A cluster that lets this server in without credentials: those of the role's are good here alone. */
    private VectorStore openSearch(OpenSearchManagedClusterConfiguration configuration, int dimension) {
        return OpenSearchVectorStore.open(
                new OpenSearchSettings(
                        uri(configuration.domainEndpoint()),
                        configuration.vectorIndexName(),
                        FieldMapping.of(
                                configuration.fieldMapping().vectorField(),
                                configuration.fieldMapping().textField(),
                                configuration.fieldMapping().metadataField()),
                        Authorization.NONE,
                        reach),
                dimension);
    }

    private VectorStore pinecone(BaseRole role, PineconeConfiguration configuration, int dimension) {
        CredentialsSecret secret = new StoredCredentials(role, configuration.credentialsSecretArn()).read();
        return PineconeVectorStore.open(
                new PineconeSettings(
                        uri(configuration.connectionString()),
                        secret.required("apiKey"),
                        Optional.ofNullable(configuration.namespace()).orElse(""),
                        configuration.fieldMapping().textField(),
                        configuration.fieldMapping().metadataField(),
                        reach),
                dimension);
    }

    /** The endpoint is a host, a colon and a port; certificates in the secret mean TLS. */
    private VectorStore redis(BaseRole role, RedisEnterpriseCloudConfiguration configuration, int dimension) {
        CredentialsSecret secret = new StoredCredentials(role, configuration.credentialsSecretArn()).read();
        String[] endpoint = configuration.endpoint().split(":", 2);
        Optional<RedisSettings.Tls> tls = secret.optional("serverCertificate")
                .map(certificate -> new RedisSettings.Tls(
                        certificate,
                        secret.optional("clientCertificate").orElse(""),
                        secret.optional("clientPrivateKey").orElse("")));
        return RedisVectorStore.open(
                new RedisSettings(
                        endpoint[0],
                        endpoint.length < 2 ? REDIS_PORT : number(endpoint[1]),
                        configuration.vectorIndexName(),
                        secret.optional("username").orElse(""),
                        secret.optional("password").orElse(""),
                        FieldMapping.of(
                                configuration.fieldMapping().vectorField(),
                                configuration.fieldMapping().textField(),
                                configuration.fieldMapping().metadataField()),
                        tls,
                        reach),
                dimension);
    }

    private VectorStore mongo(BaseRole role, MongoDbAtlasConfiguration configuration, int dimension) {
        CredentialsSecret secret = new StoredCredentials(role, configuration.credentialsSecretArn()).read();
        return MongoVectorStore.open(
                new MongoSettings(
                        configuration.endpoint(),
                        secret.optional("username").orElse(""),
                        secret.optional("password").orElse(""),
                        configuration.databaseName(),
                        configuration.collectionName(),
                        configuration.vectorIndexName(),
                        Optional.ofNullable(configuration.textIndexName()),
                        FieldMapping.of(
                                configuration.fieldMapping().vectorField(),
                                configuration.fieldMapping().textField(),
                                configuration.fieldMapping().metadataField()),
                        secret.optional("tls").filter("true"::equals).isPresent(),
                        reach),
                dimension);
    }

    private VectorStore neptune(NeptuneAnalyticsConfiguration configuration, int dimension) {
        String[] arn = configuration.graphArn().split(":", 6);
        String graph = arn[5].substring("graph/".length());
        return NeptuneVectorStore.open(
                new NeptuneSettings(
                        uri("https://" + graph + "." + arn[3] + ".neptune-graph.amazonaws.com"),
                        graph,
                        configuration.fieldMapping().textField(),
                        configuration.fieldMapping().metadataField(),
                        Authorization.NONE,
                        reach),
                dimension);
    }

    private static URI uri(String endpoint) {
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException malformed) {
            throw new VectorStoreException("The endpoint " + endpoint + " is no URL", malformed);
        }
    }

    private static int number(String port) {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException none) {
            throw new VectorStoreException("The port " + port + " is no number", none);
        }
    }
}
