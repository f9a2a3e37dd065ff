package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/** Knowledge bases, data sources and ingestion jobs as they are kept, in the account and region of the current call. */
final class KnowledgeRecords {
    static final String BASES = "bedrock:knowledge-base";
    static final String SOURCES = "bedrock:data-source";
    private static final String JOBS = "bedrock:ingestion-job";
    private static final String LOCKS = "bedrock:ingestion-lock";

    private final Records records;
    private final InstantSource clock;
    private final Resources<KnowledgeBase> bases;
    private final Resources<DataSource> sources;
    private final Resources<IngestionJob> jobs;

    KnowledgeRecords(Records records, ResourceStore store, InstantSource clock) {
        this.records = records;
        this.clock = clock;
        bases = store.resources(BASES, KnowledgeBase::builder).named(KnowledgeBase::name);
        sources = store.resources(SOURCES, DataSource::builder)
                .named(DataSource::name)
                .under(DataSource::knowledgeBaseId);
        jobs = store.resources(JOBS, IngestionJob::builder).under(IngestionJob::dataSourceId);
    }

    Resources<KnowledgeBase> bases() {
        return bases;
    }

    Resources<DataSource> sources() {
        return sources;
    }

    Resources<IngestionJob> jobs() {
        return jobs;
    }

    /** The knowledge base, or the error that there is none. */
    KnowledgeBase base(String id) {
        return bases.find(id).orElseThrow(Errors::missing);
    }

    /** The data source of a knowledge base, or the error that there is none. */
    DataSource source(String base, String id) {
        return sources.find(id)
                .filter(found -> found.knowledgeBaseId().equals(base))
                .orElseThrow(Errors::missing);
    }

    /** The ingestion job of a data source, or the error that there is none. */
    IngestionJob job(String base, String source, String id) {
        return jobs.find(id)
                .filter(found -> found.knowledgeBaseId().equals(base)
                        && found.dataSourceId().equals(source))
                .orElseThrow(Errors::missing);
    }

    List<DataSource> sourcesOf(String base) {
        return sources.list().under(base).all();
    }

    /** Changes an ingestion job as a part of {@code transaction}; passed over if it is gone. */
    void changeJob(RecordTransaction transaction, CallContext call, String id, UnaryOperator<IngestionJob> change) {
        RecordKey key = new RecordKey(JOBS, call.account(), call.region(), id);
        Optional<StoredRecord> present = transaction.get(key);
        if (present.isPresent()) {
            IngestionJob changed = change.apply(StoredShapes.read(present.get().body(), IngestionJob::builder));
            transaction.update(
                    key,
                    present.get().version(),
                    Optional.empty(),
                    clock.instant(),
                    StoredShapes.write(
                            changed.toBuilder().updatedAt(clock.instant()).build()));
        }
    }

    void changeJob(String id, UnaryOperator<IngestionJob> change) {
        CallContext call = CallContext.current();
        records.write(transaction -> {
            changeJob(transaction, call, id, change);
            return null;
        });
    }

    /**
     * Keeps a new ingestion job, which from then on is the only one of its knowledge base.
     *
     * @param isDead whether a job that stands in the way is none any more
     * @return the job that stands in the way, if one does
     */
    Optional<IngestionJob> begin(IngestionJob job, Predicate<IngestionJob> isDead) {
        Optional<IngestionJob> other = running(job.knowledgeBaseId());
        boolean dead = other.isPresent() && isDead.test(other.get());
        if (other.isPresent() && !dead) {
            return other;
        }
        CallContext call = CallContext.current();
        RecordKey lock = new RecordKey(LOCKS, call.account(), call.region(), job.knowledgeBaseId());
        RecordKey key = new RecordKey(JOBS, call.account(), call.region(), job.ingestionJobId());
        byte[] name = job.ingestionJobId().getBytes(UTF_8);
        boolean mine = records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(lock);
            if (present.isPresent() && !isFree(transaction, call, present.get(), dead ? other : Optional.empty())) {
                return false;
            }
            present.ifPresent(_ -> transaction.delete(lock));
            transaction.insert(lock, "", Optional.empty(), clock.instant(), name);
            transaction.insert(key, job.dataSourceId(), Optional.empty(), clock.instant(), StoredShapes.write(job));
            return true;
        });
        return mine ? Optional.empty() : running(job.knowledgeBaseId()).or(() -> Optional.of(job));
    }

    /** Whether who holds a lock is the one that is dead, or is not there at all. */
    private static boolean isFree(
            RecordTransaction transaction, CallContext call, StoredRecord lock, Optional<IngestionJob> dead) {
        String holder = holder(lock);
        return dead.filter(job -> job.ingestionJobId().equals(holder)).isPresent()
                || transaction
                        .get(new RecordKey(JOBS, call.account(), call.region(), holder))
                        .isEmpty();
    }

    /** Lets the next job of a knowledge base begin. */
    void release(RecordTransaction transaction, CallContext call, String base, String job) {
        RecordKey lock = new RecordKey(LOCKS, call.account(), call.region(), base);
        if (transaction.get(lock).filter(held -> holder(held).equals(job)).isPresent()) {
            transaction.delete(lock);
        }
    }

    /** The ingestion job that is going on in a knowledge base. */
    Optional<IngestionJob> running(String base) {
        CallContext call = CallContext.current();
        return records.get(new RecordKey(LOCKS, call.account(), call.region(), base))
                .flatMap(lock -> jobs.find(holder(lock)));
    }

    private static String holder(StoredRecord lock) {
        return new String(lock.body(), UTF_8);
    }

    Records records() {
        return records;
    }
}
