package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.RecordTransaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatistics;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/**
 * Brings what a knowledge base knows of a data source up to date: what was added or changed is indexed, what is gone is
 * removed, and nothing else is touched. What was done to a document is written down together with the count of it, and the
 * keys of chunks follow from the document, so that a job that is begun again after a crash neither misses nor doubles any.
 */
final class IngestionWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "bedrock-agent:ingestion";

    private static final int DOCUMENTS_AT_ONCE = 4;
    private static final int MOST_REASONS = 2048;
    private static final int LONGEST_REASON = 2048;

    private final KnowledgeRecords records;
    private final Manifest manifest;
    private final KnowledgeStores stores;
    private final Sources sources;
    private final Indexing indexing;
    private final Turns turns;
    private final InstantSource clock;

    IngestionWork(
            KnowledgeRecords records,
            Manifest manifest,
            KnowledgeStores stores,
            Sources sources,
            Indexing indexing,
            Turns turns,
            InstantSource clock) {
        this.records = records;
        this.manifest = manifest;
        this.stores = stores;
        this.sources = sources;
        this.indexing = indexing;
        this.turns = turns;
        this.clock = clock;
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        String id = new String(run.job().input(), UTF_8);
        IngestionJob job = records.jobs().get(id);
        records.changeJob(
                id,
                present -> present.status() == IngestionJobStatus.STARTING
                        ? present.toBuilder()
                                .status(IngestionJobStatus.IN_PROGRESS)
                                .build()
                        : present);
        KnowledgeBase base = records.base(job.knowledgeBaseId());
        DataSource dataSource = records.source(job.knowledgeBaseId(), job.dataSourceId());
        if (dataSource.dataSourceConfiguration().type() == DataSourceType.REDSHIFT_METADATA) {
            look(base, id);
            return;
        }
        try (Turns.Turn _ = turns.await(run, job.dataSourceId());
                Source source = sources.open(base, dataSource);
                VectorStore store = stores.open(base)) {
            new Sync(run, job, new Indexing.Place(base, dataSource, store)).run(source.list());
        } catch (SourceFailure failure) {
            throw new AwsError("IngestionFailed", 400, failure.getMessage());
        } catch (VectorStoreException failure) {
            throw new AwsError(
                    "IngestionFailed", 400, Indexing.unstorable(base, failure).getMessage());
        }
    }

    /** Tables are looked at whenever a question is asked; a job finds out whether they can be, and counts them. */
    private void look(KnowledgeBase base, String id) {
        try {
            int tables = stores.tables(base);
            records.changeJob(
                    id, present -> counted(present, statistics -> statistics.numberOfDocumentsScanned((long) tables)));
        } catch (StructuredStoreException | AwsServiceException | AwsError refused) {
            throw new AwsError("IngestionFailed", 400, "Encountered error: " + Errors.told(refused) + ".");
        }
    }

    /** One attempt at one job. */
    private final class Sync {
        private final JobRun run;
        private final IngestionJob job;
        private final Indexing.Place place;
        private final CallContext call = CallContext.current();
        private final AtomicReference<RuntimeException> fatal = new AtomicReference<>();

        Sync(JobRun run, IngestionJob job, Indexing.Place place) {
            this.run = run;
            this.job = job;
            this.place = place;
        }

        void run(Source.Found found) throws InterruptedException {
            records.changeJob(
                    job.ingestionJobId(),
                    present -> counted(
                            present,
                            statistics -> statistics
                                    .numberOfDocumentsScanned(
                                            (long) found.documents().size()
                                                    + found.failures().size())
                                    .numberOfMetadataDocumentsScanned((long) found.metadataFiles())));
            run.proceed();
            each(found.documents(), 0, 0.9, this::bringUpToDate);
            found.failures().forEach(this::failedAtSource);
            if (found.complete()) {
                removeMissing(found);
            }
            run.progress(1);
        }

        private <T> void each(List<T> items, double from, double share, Consumer<T> work) throws InterruptedException {
            Semaphore slots = new Semaphore(DOCUMENTS_AT_ONCE);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                int begun = 0;
                for (T item : items) {
                    acquire(slots, 1);
                    if (fatal.get() != null) {
                        break;
                    }
                    if (begun % 20 == 19) {
                        run.progress(from + share * begun / items.size());
                    } else {
                        run.proceed();
                    }
                    begun++;
                    threads.execute(() -> call.run(() -> {
                        try {
                            work.accept(item);
                        } catch (RuntimeException failure) {
                            fatal.compareAndSet(null, failure);
                        } finally {
                            slots.release();
                        }
                    }));
                }
                acquire(slots, DOCUMENTS_AT_ONCE);
            }
            if (fatal.get() != null) {
                throw fatal.get();
            }
        }

        /** Waits in pieces, so that a stop is heard while a document takes long. */
        private void acquire(Semaphore slots, int count) throws InterruptedException {
            while (!slots.tryAcquire(count, 200, TimeUnit.MILLISECONDS)) {
                run.proceed();
            }
        }

        private void bringUpToDate(FoundDocument found) {
            Optional<StoredDocument> known = manifest.find(job.dataSourceId(), found.identifier());
            boolean mine = known.filter(document -> document.job().equals(job.ingestionJobId()))
                    .isPresent();
            if (mine && known.get().state() != DocumentStatus.IN_PROGRESS) {
                return;
            }
            StoredDocument document = known.orElseGet(() -> StoredDocument.fresh(
                    job.knowledgeBaseId(), job.dataSourceId(), found.custom(), found.identifier()));
            boolean sameContent = document.isIndexed() && document.version().equals(found.version());
            boolean sameMetadata = document.metadataVersion().equals(found.metadataVersion());
            if (sameContent && sameMetadata) {
                return;
            }
            // A document that was never indexed is new, also where an earlier attempt failed or was cut off.
            boolean isNew = document.version().isEmpty();
            try {
                StoredDocument done = sameContent
                        ? indexing.renewMetadata(place, document, found)
                        : indexing.index(place, document, found, job.ingestionJobId());
                boolean metadataModified = !isNew && !sameMetadata;
                end(done.with(DocumentStatus.INDEXED, "", clock.instant()), statistics -> {
                    if (metadataModified) {
                        statistics.numberOfMetadataDocumentsModified(
                                statistics.build().numberOfMetadataDocumentsModified() + 1);
                    }
                    if (isNew) {
                        statistics.numberOfNewDocumentsIndexed(
                                statistics.build().numberOfNewDocumentsIndexed() + 1);
                    } else if (!sameContent) {
                        statistics.numberOfModifiedDocumentsIndexed(
                                statistics.build().numberOfModifiedDocumentsIndexed() + 1);
                    }
                });
            } catch (DocumentFailure failure) {
                failed(document, failure.status(), failure.getMessage());
            }
        }

        private void failedAtSource(String uri, String reason) {
            StoredDocument document = manifest.find(job.dataSourceId(), uri)
                    .orElseGet(() -> StoredDocument.fresh(job.knowledgeBaseId(), job.dataSourceId(), false, uri));
            if (!document.job().equals(job.ingestionJobId())) {
                failed(document, DocumentStatus.FAILED, reason);
            }
        }

        private void failed(StoredDocument document, DocumentStatus status, String reason) {
            StoredDocument present =
                    manifest.find(document.dataSource(), document.identifier()).orElse(document);
            end(
                    present.with(status, reason, clock.instant()),
                    statistics -> statistics.numberOfDocumentsFailed(
                            statistics.build().numberOfDocumentsFailed() + 1));
        }

        private void end(StoredDocument done, Consumer<IngestionJobStatistics.Builder> count) {
            StoredDocument mine = done.seenBy(job.ingestionJobId());
            manifest.change(mine, present -> mine.pending(present.pending()), transaction -> count(transaction, count));
        }

        private void count(RecordTransaction transaction, Consumer<IngestionJobStatistics.Builder> count) {
            records.changeJob(transaction, call, job.ingestionJobId(), present -> counted(present, count));
        }

        private void removeMissing(Source.Found found) throws InterruptedException {
            Set<String> there = new HashSet<>(found.failures().keySet());
            found.documents().forEach(document -> there.add(document.identifier()));
            List<StoredDocument> gone = new ArrayList<>();
            manifest.forEach(job.dataSourceId(), document -> {
                if (!there.contains(document.identifier())) {
                    gone.add(document);
                }
            });
            each(gone, 0.9, 0.1, document -> {
                Lifecycle.remove(place.store(), document);
                manifest.remove(
                        document,
                        transaction -> count(
                                transaction,
                                statistics -> statistics.numberOfDocumentsDeleted(
                                        statistics.build().numberOfDocumentsDeleted() + 1)));
            });
        }
    }

    private static IngestionJob counted(IngestionJob job, Consumer<IngestionJobStatistics.Builder> count) {
        return job.toBuilder()
                .statistics(job.statistics().toBuilder().applyMutation(count).build())
                .build();
    }

    @Override
    public void ended(Job job) {
        String id = new String(job.input(), UTF_8);
        CallContext call = CallContext.current();
        Optional<IngestionJob> ingestion = records.jobs().find(id);
        if (ingestion.isEmpty()) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        job.reason().ifPresent(reason -> reasons.add(cut(reason)));
        reasons.addAll(failures(ingestion.get()));
        UnaryOperator<IngestionJob> end = present -> present.toBuilder()
                .status(
                        switch (job.status()) {
                            case COMPLETED -> IngestionJobStatus.COMPLETE;
                            case STOPPED -> IngestionJobStatus.STOPPED;
                            default -> IngestionJobStatus.FAILED;
                        })
                .failureReasons(reasons.isEmpty() ? null : reasons)
                .build();
        records.records().write(transaction -> {
            records.changeJob(transaction, call, id, end);
            records.release(transaction, call, ingestion.get().knowledgeBaseId(), id);
            return null;
        });
    }

    /** What failed documents of a job have in common, each with the documents. */
    private List<String> failures(IngestionJob job) {
        Map<String, List<String>> files = new LinkedHashMap<>();
        manifest.forEach(job.dataSourceId(), document -> {
            if (document.job().equals(job.ingestionJobId()) && !document.isIndexed()) {
                files.computeIfAbsent(document.reason(), _ -> new ArrayList<>()).add(document.identifier());
            }
        });
        List<String> reasons = new ArrayList<>();
        BiConsumer<String, List<String>> add = (reason, uris) -> reasons.add(cut("Encountered error: "
                + reason.replaceFirst("^Ignored 1 files", "Ignored " + uris.size() + " files") + " [Files: "
                + cut(String.join(", ", uris), LONGEST_REASON - reason.length() - 100)
                + "]. Call to Customer Source did not succeed."));
        files.forEach(add);
        return reasons.subList(0, Math.min(reasons.size(), MOST_REASONS - 1));
    }

    private static String cut(String reason) {
        return cut(reason, LONGEST_REASON);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, Math.max(0, longest - 3)) + "...";
    }
}
