package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobInterrupted;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.JobStopped;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.DataDeletionPolicy;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseType;

/**
 * Brings knowledge bases and data sources from a passing status to a lasting one, each time by a job. A chore begins the
 * jobs that a server could not begin any more when it was killed.
 */
final class Lifecycle implements Work {
    /** The kind of its jobs. */
    static final String KIND = "bedrock-agent:lifecycle";

    private static final String BASE = "base";
    private static final String SOURCE = "source";
    private static final int DELETED_AT_ONCE = 500;
    private static final Set<KnowledgeBaseStatus> PASSING =
            Set.of(KnowledgeBaseStatus.CREATING, KnowledgeBaseStatus.UPDATING, KnowledgeBaseStatus.DELETING);

    private final KnowledgeRecords records;
    private final Manifest manifest;
    private final KnowledgeStores stores;
    private final Tags tags;
    private final Turns turns;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    Lifecycle(
            KnowledgeRecords records,
            Manifest manifest,
            KnowledgeStores stores,
            Tags tags,
            Turns turns,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        this.records = records;
        this.manifest = manifest;
        this.stores = stores;
        this.tags = tags;
        this.turns = turns;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Begins what the status of a knowledge base announces. */
    void begin(KnowledgeBase base) {
        submit(BASE, base.knowledgeBaseId(), base.statusAsString(), base.updatedAt());
    }

    /** Begins what the status of a data source announces. */
    void begin(DataSource source) {
        submit(SOURCE, source.dataSourceId(), source.statusAsString(), source.updatedAt());
    }

    /** What is announced twice is begun once: the job's id follows from what it is about. */
    private void submit(String what, String id, String status, Instant since) {
        String job = "bedrock-agent-" + what + "-" + id + "-" + status + "-" + since.toEpochMilli();
        if (jobs.get().find(job).isEmpty()) {
            try {
                jobs.get().submit(KIND, job, (what + " " + id).getBytes(UTF_8));
            } catch (AwsError begunMeanwhile) {
                if (!begunMeanwhile.code().equals("ConflictException")) {
                    throw begunMeanwhile;
                }
            }
        }
    }

    /** Begins what was announced and not begun. */
    Chore chore() {
        return new Chore("knowledge-base-lifecycle", Duration.ofMinutes(1), this::look);
    }

    private void look(BooleanSupplier ending) {
        Records all = records.records();
        for (String type : List.of(KnowledgeRecords.BASES, KnowledgeRecords.SOURCES)) {
            all.all(type, Optional.empty())
                    .takeWhile(_ -> !ending.getAsBoolean())
                    .forEach(record -> {
                        RecordKey key = record.key();
                        CallContext.builder()
                                .account(key.account())
                                .region(key.region())
                                .principal(Principal.service("bedrock.amazonaws.com", key.account()))
                                .requestId("lifecycle")
                                .callingService(Optional.of("bedrock-agent"))
                                .build()
                                .run(() -> resume(type, key.id()));
                    });
        }
    }

    private void resume(String type, String id) {
        if (type.equals(KnowledgeRecords.BASES)) {
            records.bases()
                    .find(id)
                    .filter(base -> PASSING.contains(base.status()))
                    .ifPresent(this::begin);
        } else {
            records.sources()
                    .find(id)
                    .filter(source -> source.status() == DataSourceStatus.DELETING)
                    .ifPresent(this::begin);
        }
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        String[] input = new String(run.job().input(), UTF_8).split(" ", 2);
        if (input[0].equals(BASE)) {
            Optional<KnowledgeBase> base = records.bases().find(input[1]);
            if (base.isPresent()) {
                settle(base.get(), run);
            }
        } else {
            Optional<DataSource> source = records.sources().find(input[1]);
            if (source.isPresent() && source.get().status() == DataSourceStatus.DELETING) {
                delete(source.get(), run);
            }
        }
    }

    private void settle(KnowledgeBase base, JobRun run) throws InterruptedException {
        switch (base.status()) {
            case CREATING -> settle(base, KnowledgeBaseStatus.FAILED);
            case UPDATING -> settle(base, KnowledgeBaseStatus.FAILED);
            case DELETING -> delete(base, run);
            default -> {}
        }
    }

    /** A store that answers makes a knowledge base active. */
    private void settle(KnowledgeBase base, KnowledgeBaseStatus otherwise) {
        try {
            if (base.knowledgeBaseConfiguration().type() == KnowledgeBaseType.VECTOR) {
                stores.check(base);
            }
            status(base.knowledgeBaseId(), KnowledgeBaseStatus.ACTIVE, null);
        } catch (RuntimeException failure) {
            status(base.knowledgeBaseId(), otherwise, List.of(Errors.told(failure)));
        }
    }

    private void delete(KnowledgeBase base, JobRun run) throws InterruptedException {
        for (DataSource source : records.sourcesOf(base.knowledgeBaseId())) {
            if (!delete(source, run)) {
                status(base.knowledgeBaseId(), KnowledgeBaseStatus.DELETE_UNSUCCESSFUL, List.of(reason(source)));
                return;
            }
        }
        tags.removeAll(base.knowledgeBaseArn());
        records.bases().delete(base.knowledgeBaseId());
    }

    /** Whether a data source could be deleted. */
    private boolean delete(DataSource source, JobRun run) throws InterruptedException {
        try (Turns.Turn _ = turns.await(run, source.dataSourceId())) {
            KnowledgeBase base = records.base(source.knowledgeBaseId());
            boolean kept = source.dataDeletionPolicy() == DataDeletionPolicy.RETAIN
                    || base.knowledgeBaseConfiguration().type() != KnowledgeBaseType.VECTOR;
            if (kept) {
                manifest.forEach(source.dataSourceId(), document -> {
                    run.proceed();
                    manifest.remove(document, _ -> {});
                });
            } else {
                try (VectorStore store = stores.open(base)) {
                    manifest.forEach(source.dataSourceId(), document -> {
                        run.proceed();
                        remove(store, document);
                        manifest.remove(document, _ -> {});
                    });
                }
            }
            records.jobs()
                    .list()
                    .under(source.dataSourceId())
                    .all()
                    .forEach(job -> records.jobs().delete(job.ingestionJobId()));
            records.sources().delete(source.dataSourceId());
            return true;
        } catch (JobStopped | JobInterrupted end) {
            throw end;
        } catch (RuntimeException failure) {
            records.sources()
                    .update(
                            source.dataSourceId(),
                            present -> present.toBuilder()
                                    .status(DataSourceStatus.DELETE_UNSUCCESSFUL)
                                    .failureReasons(reason(source))
                                    .updatedAt(clock.instant())
                                    .build());
            return false;
        }
    }

    /** Takes a document's chunks out of a store. */
    static void remove(VectorStore store, StoredDocument document) {
        List<String> keys = document.keys(0);
        for (int from = 0; from < keys.size(); from += DELETED_AT_ONCE) {
            store.delete(keys.subList(from, Math.min(keys.size(), from + DELETED_AT_ONCE)));
        }
    }

    private static String reason(DataSource source) {
        return "Unable to delete data from vector store for data source with ID " + source.dataSourceId()
                + ". Check your vector store configurations and permissions and retry your request. If the issue"
                + " persists, consider updating the dataDeletionPolicy of the data source to RETAIN and retry your"
                + " request.";
    }

    private void status(String id, KnowledgeBaseStatus status, Collection<String> reasons) {
        records.bases()
                .update(
                        id,
                        present -> present.toBuilder()
                                .status(status)
                                .failureReasons(reasons)
                                .updatedAt(clock.instant())
                                .build());
    }

    @Override
    public void ended(Job job) {
        if (job.status() == Job.Status.COMPLETED) {
            return;
        }
        String[] input = new String(job.input(), UTF_8).split(" ", 2);
        List<String> reasons = List.of(job.reason().orElse("The work was stopped"));
        if (input[0].equals(BASE)) {
            records.bases()
                    .find(input[1])
                    .filter(base -> PASSING.contains(base.status()))
                    .ifPresent(base -> status(
                            base.knowledgeBaseId(),
                            base.status() == KnowledgeBaseStatus.DELETING
                                    ? KnowledgeBaseStatus.DELETE_UNSUCCESSFUL
                                    : KnowledgeBaseStatus.FAILED,
                            reasons));
        }
    }
}
