package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.Shapes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceStatus;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobFilter;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobSortByAttribute;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobSummary;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseType;
import software.amazon.awssdk.services.bedrockagent.model.ListIngestionJobsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListIngestionJobsResponse;
import software.amazon.awssdk.services.bedrockagent.model.SortOrder;
import software.amazon.awssdk.services.bedrockagent.model.StartIngestionJobRequest;
import software.amazon.awssdk.services.bedrockagent.model.StopIngestionJobRequest;

/**
 * Ingestion jobs, one at a time for each knowledge base.
 *
 * <p>Source: the operations on ingestion jobs of the API reference; "Quotas for Amazon Bedrock" of the user guide.
 */
final class IngestionJobs {
    private static final int MOST_AT_ONCE = 5;
    private static final Duration BEGINNING = Duration.ofMinutes(1);
    private static final Set<IngestionJobStatus> STOPPABLE =
            Set.of(IngestionJobStatus.STARTING, IngestionJobStatus.IN_PROGRESS);
    private static final Set<IngestionJobStatus> GOING =
            Set.of(IngestionJobStatus.STARTING, IngestionJobStatus.IN_PROGRESS, IngestionJobStatus.STOPPING);

    private final KnowledgeRecords records;
    private final Embeddings embeddings;
    private final Supplier<Jobs> jobs;
    private final IdempotencyTokens tokens;
    private final Pages pages;
    private final Ids ids;
    private final InstantSource clock;

    IngestionJobs(
            KnowledgeRecords records,
            Embeddings embeddings,
            Supplier<Jobs> jobs,
            IdempotencyTokens tokens,
            Pages pages,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.embeddings = embeddings;
        this.jobs = jobs;
        this.tokens = tokens;
        this.pages = pages;
        this.ids = ids;
        this.clock = clock;
    }

    /** The id of the kernel's job of an ingestion job. */
    static String job(String id) {
        return "bedrock-agent-ingestion-" + id;
    }

    IngestionJob start(StartIngestionJobRequest request) {
        return tokens.once(
                "bedrock:StartIngestionJob",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                IngestionJob::builder,
                () -> begin(request));
    }

    private IngestionJob begin(StartIngestionJobRequest request) {
        KnowledgeBase base = records.base(request.knowledgeBaseId());
        DataSource source = records.source(request.knowledgeBaseId(), request.dataSourceId());
        checkState(base, source);
        checkModel(base);
        long going = records.jobs()
                .list()
                .where(job -> GOING.contains(job.status()))
                .all()
                .size();
        if (going >= MOST_AT_ONCE) {
            throw Errors.tooMany("concurrent ingestion jobs", MOST_AT_ONCE);
        }
        Instant now = clock.instant();
        IngestionJob job = IngestionJob.builder()
                .knowledgeBaseId(base.knowledgeBaseId())
                .dataSourceId(source.dataSourceId())
                .ingestionJobId(ids.uppercase(10))
                .description(request.description())
                .status(IngestionJobStatus.STARTING)
                .statistics(statistics -> statistics
                        .numberOfDocumentsScanned(0L)
                        .numberOfMetadataDocumentsScanned(0L)
                        .numberOfNewDocumentsIndexed(0L)
                        .numberOfModifiedDocumentsIndexed(0L)
                        .numberOfMetadataDocumentsModified(0L)
                        .numberOfDocumentsDeleted(0L)
                        .numberOfDocumentsFailed(0L))
                .startedAt(now)
                .updatedAt(now)
                .build();
        Optional<IngestionJob> other = records.begin(job, this::isDead);
        if (other.isPresent()) {
            throw Errors.conflict("There is an ongoing ingestion job with ID "
                    + other.get().ingestionJobId() + " in the data source with ID "
                    + other.get().dataSourceId() + " of the knowledge base with ID " + base.knowledgeBaseId()
                    + ". Wait for it to complete, or stop it, and then retry your request.");
        }
        jobs.get()
                .submit(
                        IngestionWork.KIND,
                        job(job.ingestionJobId()),
                        job.ingestionJobId().getBytes(UTF_8));
        return job;
    }

    /** Whether a server was killed before it could begin a job, or after that had ended. */
    private boolean isDead(IngestionJob other) {
        return other.startedAt().isBefore(clock.instant().minus(BEGINNING))
                && jobs.get()
                        .find(job(other.ingestionJobId()))
                        .filter(found -> !found.status().isEnd())
                        .isEmpty();
    }

    private static void checkState(KnowledgeBase base, DataSource source) {
        if (base.status() != KnowledgeBaseStatus.ACTIVE) {
            throw Errors.conflict("Unable to start an ingestion job while the status of the knowledge base with ID "
                    + base.knowledgeBaseId() + " is " + base.statusAsString() + ".");
        }
        if (source.status() != DataSourceStatus.AVAILABLE) {
            throw Errors.conflict("Unable to start an ingestion job while the status of the data source with ID "
                    + source.dataSourceId() + " is " + source.statusAsString() + ".");
        }
        if (source.dataSourceConfiguration().type() == DataSourceType.CUSTOM) {
            throw Errors.invalid("Ingestion jobs are not supported for custom data sources. Use the"
                    + " IngestKnowledgeBaseDocuments operation to ingest documents directly.");
        }
    }

    /** Has the role embed a word, as a role that may not would fail on every document. */
    private void checkModel(KnowledgeBase base) {
        if (base.knowledgeBaseConfiguration().type() != KnowledgeBaseType.VECTOR) {
            return;
        }
        try {
            embeddings.ofQuery(base, "test");
        } catch (AwsServiceException | AwsError refused) {
            throw Errors.invalid("Knowledge base role " + base.roleArn()
                    + " is not able to call specified bedrock embedding model "
                    + base.knowledgeBaseConfiguration()
                            .vectorKnowledgeBaseConfiguration()
                            .embeddingModelArn()
                    + ": " + Errors.told(refused));
        }
    }

    IngestionJob get(String base, String source, String id) {
        records.source(base, source);
        return records.job(base, source, id);
    }

    ListIngestionJobsResponse list(ListIngestionJobsRequest request) {
        records.source(request.knowledgeBaseId(), request.dataSourceId());
        List<IngestionJobSummary> found = records.jobs().list().under(request.dataSourceId()).all().stream()
                .filter(job -> request.filters().stream().allMatch(filter -> fits(job, filter)))
                .sorted(order(request))
                .map(job -> Shapes.copy(job, IngestionJobSummary.builder()).build())
                .toList();
        String list = "ingestion-jobs " + request.dataSourceId() + request.filters() + request.sortBy();
        Pages.Slice<IngestionJobSummary> page = pages.of(list, found, request.maxResults(), request.nextToken());
        return ListIngestionJobsResponse.builder()
                .ingestionJobSummaries(page.items())
                .nextToken(page.next())
                .build();
    }

    private static boolean fits(IngestionJob job, IngestionJobFilter filter) {
        return filter.values().contains(job.statusAsString());
    }

    private static Comparator<IngestionJob> order(ListIngestionJobsRequest request) {
        Comparator<IngestionJob> byStart =
                Comparator.comparing(IngestionJob::startedAt).thenComparing(IngestionJob::ingestionJobId);
        if (request.sortBy() == null) {
            return byStart.reversed();
        }
        Comparator<IngestionJob> order = request.sortBy().attribute() == IngestionJobSortByAttribute.STATUS
                ? Comparator.comparing(IngestionJob::statusAsString).thenComparing(byStart)
                : byStart;
        return request.sortBy().order() == SortOrder.DESCENDING ? order.reversed() : order;
    }

    /** Asks a job to stop, which it does between two documents. */
    IngestionJob stop(StopIngestionJobRequest request) {
        IngestionJob present = get(request.knowledgeBaseId(), request.dataSourceId(), request.ingestionJobId());
        IngestionJob stopping = records.jobs().update(present.ingestionJobId(), job -> {
            if (!STOPPABLE.contains(job.status())) {
                throw Errors.conflict("Unable to stop the ingestion job with ID " + job.ingestionJobId()
                        + " while its status is " + job.statusAsString() + ".");
            }
            return job.toBuilder()
                    .status(IngestionJobStatus.STOPPING)
                    .updatedAt(clock.instant())
                    .build();
        });
        jobs.get().stop(job(present.ingestionJobId()));
        return stopping;
    }
}
