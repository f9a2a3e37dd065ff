package dev.outcrop.services.textract;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The jobs of accounts and what they found, a record a page, compressed and encrypted. All of it is kept for seven days. */
final class JobStore {
    /** For how long results can be got. */
    static final Duration LIFETIME = Duration.ofDays(7);

    private static final String TYPE = "textract:job";
    private static final String ACTIVE = "textract:active-job";
    private static final String RESULT = "textract:result";
    private static final int DROPPED_AT_ONCE = 100;

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;

    JobStore(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    private static RecordKey key(String type, String id) {
        CallContext call = CallContext.current();
        return new RecordKey(type, call.account(), call.region(), id);
    }

    /** How many jobs of the account have not ended, at most {@code limit}. */
    int active(int limit) {
        RecordKey any = key(ACTIVE, "");
        return records.list(new RecordQuery(
                        ACTIVE,
                        Optional.of(any.account()),
                        Optional.of(any.region()),
                        Optional.empty(),
                        RecordQuery.Order.ID,
                        Optional.empty(),
                        limit))
                .size();
    }

    void insert(StoredJob job) {
        RecordKey key = key(TYPE, job.id());
        RecordKey active = key(ACTIVE, job.id());
        records.write(transaction -> {
            transaction.insert(key, "", Optional.empty(), job.startedAt(), job.write());
            transaction.insert(active, "", Optional.empty(), job.startedAt(), new byte[0]);
            return null;
        });
    }

    /** The job with {@code id}, unless it is forgotten already. */
    Optional<StoredJob> find(String id) {
        return records.get(key(TYPE, id))
                .map(record -> StoredJob.read(id, record.body()))
                .filter(job -> job.startedAt().isAfter(clock.instant().minus(LIFETIME)));
    }

    /** Changes a job; says what it is then. */
    StoredJob change(String id, UnaryOperator<StoredJob> change) {
        RecordKey key = key(TYPE, id);
        RecordKey active = key(ACTIVE, id);
        return records.write(transaction -> {
            StoredRecord record = transaction.get(key).orElseThrow();
            StoredJob changed = change.apply(StoredJob.read(id, record.body()));
            transaction.update(key, record.version(), record.name(), clock.instant(), changed.write());
            if (changed.hasEnded()) {
                transaction.delete(active);
            }
            return changed;
        });
    }

    /** Keeps what a page holds, which is the one behind those that {@code job} has; says what the job is then. */
    StoredJob add(StoredJob job, int size, SdkPojo result) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(StoredShapes.write(result));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] sealed = secrets.encrypt(compressed.toByteArray(), context(job.id()));
        int piece = job.pieces().size();
        RecordKey key = key(TYPE, job.id());
        RecordKey place = resultKey(job.id(), piece);
        StoredJob more = job.withPiece(size);
        try {
            records.write(transaction -> {
                transaction.insert(place, job.id(), Optional.empty(), clock.instant(), sealed);
                StoredRecord record = transaction.get(key).orElseThrow();
                transaction.update(key, record.version(), record.name(), clock.instant(), more.write());
                return null;
            });
        } catch (DuplicateRecordException done) {
            throw new IllegalStateException("page " + (piece + 1) + " of job " + job.id() + " is done twice", done);
        }
        return more;
    }

    /** What a page holds. */
    <B extends SdkBuilder<B, T>, T extends SdkPojo> T result(StoredJob job, int piece, Supplier<B> newBuilder) {
        byte[] sealed = records.get(resultKey(job.id(), piece))
                .orElseThrow(TextractFailures::unknownJob)
                .body();
        try (GZIPInputStream content =
                new GZIPInputStream(new ByteArrayInputStream(secrets.decrypt(sealed, context(job.id()))))) {
            return StoredShapes.read(content.readAllBytes(), newBuilder);
        } catch (GeneralSecurityException | IOException damaged) {
            throw new IllegalStateException("the result of job " + job.id() + " cannot be decrypted", damaged);
        }
    }

    private static RecordKey resultKey(String job, int piece) {
        return key(RESULT, "%s/%06d".formatted(job, piece));
    }

    private static String context(String job) {
        return "textract result " + job;
    }

    /** Drops what nobody can get any more. */
    void dropExpired(BooleanSupplier ending) {
        Instant before = clock.instant().minus(LIFETIME);
        for (String type : List.of(RESULT, ACTIVE, TYPE)) {
            int dropped = DROPPED_AT_ONCE;
            while (dropped == DROPPED_AT_ONCE && !ending.getAsBoolean()) {
                dropped = records.write(transaction -> transaction.deleteCreatedBefore(type, before, DROPPED_AT_ONCE));
            }
        }
    }
}
