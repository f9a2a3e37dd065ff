package dev.outcrop.services.bedrockagent;

import java.util.Optional;
import software.amazon.awssdk.services.bedrockagent.model.BedrockEmbeddingModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.EmbeddingModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftProvisionedAuthType;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineStorageConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftServerlessAuthType;
import software.amazon.awssdk.services.bedrockagent.model.S3VectorsConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.SqlKnowledgeBaseConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.StorageConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.VectorKnowledgeBaseConfiguration;

/** What the configuration of a knowledge base must hold for its type. */
final class Configurations {
    private Configurations() {}

    static void check(KnowledgeBaseConfiguration configuration, Optional<StorageConfiguration> storage) {
        switch (configuration.type()) {
            case VECTOR -> {
                vector(present(configuration.vectorKnowledgeBaseConfiguration(), "vectorKnowledgeBaseConfiguration"));
                storage(storage.orElseThrow(() ->
                        Errors.invalid("A storageConfiguration is required for a knowledge base of type VECTOR.")));
            }
            case SQL -> {
                sql(present(configuration.sqlKnowledgeBaseConfiguration(), "sqlKnowledgeBaseConfiguration"));
                if (storage.isPresent()) {
                    throw Errors.invalid("A storageConfiguration is not allowed for a knowledge base of type SQL.");
                }
            }
            default ->
                throw Errors.invalid("Knowledge bases of type " + configuration.typeAsString()
                        + " are not served here: there is no such index.");
        }
    }

    private static void vector(VectorKnowledgeBaseConfiguration configuration) {
        if (configuration.supplementalDataStorageConfiguration() != null) {
            throw Errors.invalid(
                    "A supplementalDataStorageConfiguration is for multimodal data, which is not served" + " here.");
        }
        BedrockEmbeddingModelConfiguration settings = Optional.ofNullable(configuration.embeddingModelConfiguration())
                .map(EmbeddingModelConfiguration::bedrockEmbeddingModelConfiguration)
                .orElse(null);
        EmbeddingModels.check(configuration.embeddingModelArn(), settings);
    }

    private static void storage(StorageConfiguration storage) {
        switch (storage.type()) {
            case OPENSEARCH_SERVERLESS ->
                present(storage.opensearchServerlessConfiguration(), "opensearchServerlessConfiguration");
            case OPENSEARCH_MANAGED_CLUSTER ->
                present(storage.opensearchManagedClusterConfiguration(), "opensearchManagedClusterConfiguration");
            case PINECONE -> present(storage.pineconeConfiguration(), "pineconeConfiguration");
            case REDIS_ENTERPRISE_CLOUD ->
                present(storage.redisEnterpriseCloudConfiguration(), "redisEnterpriseCloudConfiguration");
            case RDS -> present(storage.rdsConfiguration(), "rdsConfiguration");
            case MONGO_DB_ATLAS -> present(storage.mongoDbAtlasConfiguration(), "mongoDbAtlasConfiguration");
            case NEPTUNE_ANALYTICS -> present(storage.neptuneAnalyticsConfiguration(), "neptuneAnalyticsConfiguration");
            case S3_VECTORS -> s3Vectors(present(storage.s3VectorsConfiguration(), "s3VectorsConfiguration"));
            default -> throw Errors.invalid("The storage type " + storage.typeAsString() + " is not known.");
        }
    }

    private static void s3Vectors(S3VectorsConfiguration configuration) {
        boolean byName = configuration.vectorBucketArn() != null && configuration.indexName() != null;
        if (configuration.indexArn() == null && !byName) {
            throw Errors.invalid(
                    "The s3VectorsConfiguration must hold an indexArn, or a vectorBucketArn and an" + " indexName.");
        }
        if (configuration.indexArn() != null && configuration.indexName() != null) {
            throw Errors.invalid("The s3VectorsConfiguration must hold either an indexArn or an indexName.");
        }
    }

    private static void sql(SqlKnowledgeBaseConfiguration configuration) {
        RedshiftConfiguration redshift = present(configuration.redshiftConfiguration(), "redshiftConfiguration");
        for (RedshiftQueryEngineStorageConfiguration storage : redshift.storageConfigurations()) {
            switch (storage.type()) {
                case REDSHIFT -> present(storage.redshiftConfiguration(), "redshiftConfiguration");
                case AWS_DATA_CATALOG -> present(storage.awsDataCatalogConfiguration(), "awsDataCatalogConfiguration");
                default -> throw Errors.invalid("The storage type " + storage.typeAsString() + " is not known.");
            }
        }
        engine(redshift.queryEngineConfiguration());
        StructuredStores.check(redshift);
    }

    private static void engine(RedshiftQueryEngineConfiguration engine) {
        switch (engine.type()) {
            case SERVERLESS -> {
                present(engine.serverlessConfiguration(), "serverlessConfiguration");
                if (engine.serverlessConfiguration().authConfiguration().type()
                        == RedshiftServerlessAuthType.USERNAME_PASSWORD) {
                    present(
                            engine.serverlessConfiguration().authConfiguration().usernamePasswordSecretArn(),
                            "usernamePasswordSecretArn");
                }
            }
            case PROVISIONED -> {
                present(engine.provisionedConfiguration(), "provisionedConfiguration");
                RedshiftProvisionedAuthType type =
                        engine.provisionedConfiguration().authConfiguration().type();
                if (type == RedshiftProvisionedAuthType.USERNAME_PASSWORD) {
                    present(
                            engine.provisionedConfiguration()
                                    .authConfiguration()
                                    .usernamePasswordSecretArn(),
                            "usernamePasswordSecretArn");
                }
                if (type == RedshiftProvisionedAuthType.USERNAME) {
                    present(
                            engine.provisionedConfiguration()
                                    .authConfiguration()
                                    .databaseUser(),
                            "databaseUser");
                }
            }
            default -> throw Errors.invalid("The query engine type " + engine.typeAsString() + " is not known.");
        }
    }

    private static <T> T present(T member, String name) {
        if (member == null) {
            throw Errors.invalid("The " + name + " is required for the type that was given.");
        }
        return member;
    }
}
