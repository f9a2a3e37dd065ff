package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets one job at a time write the documents of a data source, on whichever server. A job that was killed has its turn
 * still when it is begun again, and one that has ended has none.
 */
final class Turns {
    private static final String TYPE = "bedrock:data-source-turn";
    private static final int WAIT_MILLIS = 50;

    private final Records records;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    Turns(Records records, Supplier<Jobs> jobs, InstantSource clock) {
        this.records = records;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** A turn, until it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the turn of a job. */
    Turn await(JobRun run, String dataSource) throws InterruptedException {
        CallContext call = CallContext.current();
        RecordKey key = new RecordKey(TYPE, call.account(), call.region(), dataSource);
        String own = run.job().id();
        while (true) {
            Optional<String> holder = records.get(key).map(Turns::holder);
            boolean free = holder.isEmpty()
                    || holder.get().equals(own)
                    || jobs.get()
                            .find(holder.get())
                            .map(Job::status)
                            .filter(status -> !status.isEnd())
                            .isEmpty();
            if (free && take(key, holder, own)) {
                return () -> release(key, own);
            }
            run.proceed();
            Thread.sleep(WAIT_MILLIS);
        }
    }

    /** Takes the turn from the one who was seen to have it, unless somebody else did. */
    private boolean take(RecordKey key, Optional<String> seen, String own) {
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (!present.map(Turns::holder).equals(seen)) {
                return false;
            }
            if (present.isPresent()) {
                transaction.update(
                        key, present.get().version(), Optional.empty(), clock.instant(), own.getBytes(UTF_8));
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), own.getBytes(UTF_8));
            }
            return true;
        });
    }

    private void release(RecordKey key, String own) {
        records.write(transaction -> transaction
                        .get(key)
                        .filter(present -> holder(present).equals(own))
                        .isPresent()
                && transaction.delete(key));
    }

    private static String holder(StoredRecord record) {
        return new String(record.body(), UTF_8);
    }
}
