package dev.outcrop.services.bedrockagent;

import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.shapes.Shapes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.bedrockagent.model.ChunkingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.ChunkingStrategy;
import software.amazon.awssdk.services.bedrockagent.model.CreateDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreateDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.DataDeletionPolicy;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceStatus;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceSummary;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.DeleteDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeleteDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.HierarchicalChunkingLevelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseType;
import software.amazon.awssdk.services.bedrockagent.model.ListDataSourcesRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListDataSourcesResponse;
import software.amazon.awssdk.services.bedrockagent.model.ParsingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.ParsingStrategy;
import software.amazon.awssdk.services.bedrockagent.model.UpdateDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.VectorIngestionConfiguration;

/**
 * Data sources of knowledge bases.
 *
 * <p>Source: the operations on data sources of the API reference; "Quotas for Amazon Bedrock" of the user guide.
 */
final class DataSources {
    private static final int MOST = 5;
    private static final Set<DataSourceStatus> SETTLED =
            Set.of(DataSourceStatus.AVAILABLE, DataSourceStatus.DELETE_UNSUCCESSFUL);

    private final KnowledgeRecords records;
    private final Lifecycle lifecycle;
    private final IdempotencyTokens tokens;
    private final Ids ids;
    private final InstantSource clock;

    DataSources(KnowledgeRecords records, Lifecycle lifecycle, IdempotencyTokens tokens, Ids ids, InstantSource clock) {
        this.records = records;
        this.lifecycle = lifecycle;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    CreateDataSourceResponse create(CreateDataSourceRequest request) {
        DataSource made = tokens.once(
                "bedrock:CreateDataSource",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                DataSource::builder,
                () -> insert(request));
        return CreateDataSourceResponse.builder().dataSource(made).build();
    }

    private DataSource insert(CreateDataSourceRequest request) {
        KnowledgeBase base = records.base(request.knowledgeBaseId());
        if (base.status() != KnowledgeBaseStatus.ACTIVE && base.status() != KnowledgeBaseStatus.UPDATING) {
            throw Errors.conflict("Unable to create a data source while the status of the knowledge base with ID "
                    + base.knowledgeBaseId() + " is " + base.statusAsString() + ".");
        }
        checkType(base, request.dataSourceConfiguration());
        check(request.dataSourceConfiguration());
        Optional.ofNullable(request.vectorIngestionConfiguration()).ifPresent(DataSources::check);
        checkName(base.knowledgeBaseId(), request.name(), "");
        if (records.sourcesOf(base.knowledgeBaseId()).size() >= MOST) {
            throw Errors.tooMany("data sources per knowledge base", MOST);
        }
        Instant now = clock.instant();
        String id = ids.uppercase(10);
        DataSource source = Shapes.copy(request, DataSource.builder())
                .dataSourceId(id)
                .status(DataSourceStatus.AVAILABLE)
                .dataDeletionPolicy(
                        Optional.ofNullable(request.dataDeletionPolicy()).orElse(DataDeletionPolicy.DELETE))
                .createdAt(now)
                .updatedAt(now)
                .build();
        records.sources().insert(id, source);
        return source;
    }

    private static void checkType(KnowledgeBase base, DataSourceConfiguration configuration) {
        boolean structured = base.knowledgeBaseConfiguration().type() == KnowledgeBaseType.SQL;
        boolean metadata = configuration.type() == DataSourceType.REDSHIFT_METADATA;
        if (structured != metadata) {
            throw Errors.invalid("A data source of type " + configuration.typeAsString()
                    + " is not supported for a knowledge base of type "
                    + base.knowledgeBaseConfiguration().typeAsString() + ".");
        }
    }

    private static void check(DataSourceConfiguration configuration) {
        switch (configuration.type()) {
            case S3 -> present(configuration.s3Configuration(), "s3Configuration");
            case WEB -> present(configuration.webConfiguration(), "webConfiguration");
            case CONFLUENCE -> present(configuration.confluenceConfiguration(), "confluenceConfiguration");
            case SALESFORCE -> present(configuration.salesforceConfiguration(), "salesforceConfiguration");
            case SHAREPOINT -> present(configuration.sharePointConfiguration(), "sharePointConfiguration");
            case CUSTOM, REDSHIFT_METADATA -> {}
            default -> throw Errors.invalid("The data source type " + configuration.typeAsString() + " is not known.");
        }
    }

    private static void check(VectorIngestionConfiguration configuration) {
        if (configuration.customTransformationConfiguration() != null) {
            throw Errors.invalid("A customTransformationConfiguration calls a Lambda function, and AWS Lambda is not"
                    + " served here.");
        }
        if (configuration.contextEnrichmentConfiguration() != null) {
            throw Errors.invalid("A contextEnrichmentConfiguration is for graphs of Neptune Analytics, which are not"
                    + " built here.");
        }
        Optional.ofNullable(configuration.chunkingConfiguration()).ifPresent(DataSources::check);
        Optional.ofNullable(configuration.parsingConfiguration()).ifPresent(DataSources::check);
    }

    private static void check(ChunkingConfiguration chunking) {
        exclusive(
                chunking.fixedSizeChunkingConfiguration(),
                chunking.chunkingStrategy(),
                ChunkingStrategy.FIXED_SIZE,
                "fixedSizeChunkingConfiguration");
        exclusive(
                chunking.hierarchicalChunkingConfiguration(),
                chunking.chunkingStrategy(),
                ChunkingStrategy.HIERARCHICAL,
                "hierarchicalChunkingConfiguration");
        exclusive(
                chunking.semanticChunkingConfiguration(),
                chunking.chunkingStrategy(),
                ChunkingStrategy.SEMANTIC,
                "semanticChunkingConfiguration");
        if (chunking.chunkingStrategy() == ChunkingStrategy.HIERARCHICAL) {
            HierarchicalChunkingLevelConfiguration parent = chunking.hierarchicalChunkingConfiguration()
                    .levelConfigurations()
                    .getFirst();
            HierarchicalChunkingLevelConfiguration child = chunking.hierarchicalChunkingConfiguration()
                    .levelConfigurations()
                    .getLast();
            if (child.maxTokens() >= parent.maxTokens()) {
                throw Errors.invalid("The maximum number of tokens of the child layer must be less than that of the"
                        + " parent layer.");
            }
            if (chunking.hierarchicalChunkingConfiguration().overlapTokens() >= child.maxTokens()) {
                throw Errors.invalid(
                        "The number of overlap tokens must be less than the maximum number of tokens of the"
                                + " child layer.");
            }
        }
    }

    private static void exclusive(Object member, ChunkingStrategy strategy, ChunkingStrategy own, String name) {
        if (strategy == own && member == null) {
            throw Errors.invalid("The " + name + " is required for the chunking strategy " + own + ".");
        }
        if (strategy != own && member != null) {
            throw Errors.invalid("The " + name + " is not allowed for the chunking strategy " + strategy + ".");
        }
    }

    private static void check(ParsingConfiguration parsing) {
        if (parsing.parsingStrategy() == ParsingStrategy.BEDROCK_DATA_AUTOMATION) {
            throw Errors.invalid("The parsing strategy BEDROCK_DATA_AUTOMATION is not served here.");
        }
        present(parsing.bedrockFoundationModelConfiguration(), "bedrockFoundationModelConfiguration");
    }

    private static void present(Object member, String name) {
        if (member == null) {
            throw Errors.invalid("The " + name + " is required for the type that was given.");
        }
    }

    private void checkName(String base, String name, String own) {
        boolean taken = records.sources()
                .findNamed(base, name)
                .filter(other -> !other.dataSourceId().equals(own))
                .isPresent();
        if (taken) {
            throw Errors.conflict("DataSource with name " + name + " already exists.");
        }
    }

    DataSource get(String base, String id) {
        return records.source(records.base(base).knowledgeBaseId(), id);
    }

    ListDataSourcesResponse list(ListDataSourcesRequest request) {
        Page<DataSourceSummary> page = records.sources()
                .list()
                .under(records.base(request.knowledgeBaseId()).knowledgeBaseId())
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page()
                .map(source -> Shapes.copy(source, DataSourceSummary.builder()).build());
        return ListDataSourcesResponse.builder()
                .dataSourceSummaries(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    DataSource update(UpdateDataSourceRequest request) {
        DataSource present = get(request.knowledgeBaseId(), request.dataSourceId());
        if (request.dataSourceConfiguration().type()
                != present.dataSourceConfiguration().type()) {
            throw Errors.invalid("The type of a data source can't be changed.");
        }
        check(request.dataSourceConfiguration());
        Optional.ofNullable(request.vectorIngestionConfiguration()).ifPresent(DataSources::check);
        if (!Objects.equals(
                chunking(request.vectorIngestionConfiguration()), chunking(present.vectorIngestionConfiguration()))) {
            throw Errors.invalid("The chunkingConfiguration of a data source can't be changed. Specify the existing"
                    + " chunkingConfiguration.");
        }
        checkName(request.knowledgeBaseId(), request.name(), request.dataSourceId());
        return records.sources().update(request.dataSourceId(), source -> {
            if (!SETTLED.contains(source.status())) {
                throw inState(source, "update");
            }
            return source.toBuilder()
                    .name(request.name())
                    .description(request.description())
                    .dataSourceConfiguration(request.dataSourceConfiguration())
                    .serverSideEncryptionConfiguration(request.serverSideEncryptionConfiguration())
                    .vectorIngestionConfiguration(request.vectorIngestionConfiguration())
                    .dataDeletionPolicy(
                            Optional.ofNullable(request.dataDeletionPolicy()).orElse(source.dataDeletionPolicy()))
                    .status(DataSourceStatus.AVAILABLE)
                    .updatedAt(clock.instant())
                    .build();
        });
    }

    private static Optional<ChunkingConfiguration> chunking(VectorIngestionConfiguration configuration) {
        return Optional.ofNullable(configuration).map(VectorIngestionConfiguration::chunkingConfiguration);
    }

    /** Begins to delete a data source, and what is in the store of it where its policy says so. */
    DeleteDataSourceResponse delete(DeleteDataSourceRequest request) {
        DataSource present = get(request.knowledgeBaseId(), request.dataSourceId());
        records.running(request.knowledgeBaseId())
                .filter(job -> job.dataSourceId().equals(present.dataSourceId()))
                .ifPresent(job -> {
                    throw Errors.conflict("The data source with ID " + job.dataSourceId()
                            + " has an ingestion job with ID " + job.ingestionJobId()
                            + " in progress. Wait for it to complete, or stop it, and then retry your request.");
                });
        DataSource deleting = present.status() == DataSourceStatus.DELETING
                ? present
                : records.sources().update(request.dataSourceId(), source -> {
                    if (!SETTLED.contains(source.status())) {
                        throw inState(source, "delete");
                    }
                    return source.toBuilder()
                            .status(DataSourceStatus.DELETING)
                            .updatedAt(clock.instant())
                            .build();
                });
        lifecycle.begin(deleting);
        return DeleteDataSourceResponse.builder()
                .knowledgeBaseId(deleting.knowledgeBaseId())
                .dataSourceId(deleting.dataSourceId())
                .status(deleting.status())
                .build();
    }

    private static RuntimeException inState(DataSource source, String what) {
        return Errors.conflict("Unable to " + what + " the data source with ID " + source.dataSourceId()
                + " while its status is " + source.statusAsString() + ".");
    }
}
