package dev.outcrop.services.batch;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What was done of a job, in pieces of some records each, encrypted. A piece is there or it is not: from what is there shows
 * where to go on.
 */
final class FinishedRecords {
    private static final String TYPE = "bedrock:batch-output";
    private static final int HEADER = 5 * Long.BYTES;
    private static final int READ_AT_ONCE = 16;

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;

    FinishedRecords(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * What a piece, or all of them, come to.
     *
     * @param bytes how long the output is
     */
    record Counts(long records, long failed, long inputTokens, long outputTokens, long bytes) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    records + more.records,
                    failed + more.failed,
                    inputTokens + more.inputTokens,
                    outputTokens + more.outputTokens,
                    bytes + more.bytes);
        }
    }

    /** Keeps a piece of the output of a job's file, behind those before. */
    void add(String job, int file, Counts before, Counts counts, byte[] output) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(output);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] sealed = secrets.encrypt(compressed.toByteArray(), context(job));
        byte[] body = ByteBuffer.allocate(HEADER + sealed.length)
                .putLong(counts.records)
                .putLong(counts.failed)
                .putLong(counts.inputTokens)
                .putLong(counts.outputTokens)
                .putLong(counts.bytes)
                .put(sealed)
                .array();
        RecordKey key = key(prefix(job, file) + "%010d".formatted(before.records));
        records.write(transaction -> {
            transaction.insert(key, job, Optional.empty(), clock.instant(), body);
            return null;
        });
    }

    /** What is there of a job's file. */
    Counts counts(String job, int file) {
        Counts[] sum = {Counts.NONE};
        Optional<RecordQuery.Cursor> after = Optional.empty();
        List<StoredRecord> pieces = page(job, file, after, READ_AT_ONCE);
        while (!pieces.isEmpty()) {
            pieces.forEach(piece -> sum[0] = sum[0].plus(header(piece)));
            after = Optional.of(RecordQuery.Cursor.behind(pieces.getLast()));
            pieces = page(job, file, after, READ_AT_ONCE);
        }
        return sum[0];
    }

    private static Counts header(StoredRecord piece) {
        ByteBuffer body = ByteBuffer.wrap(piece.body());
        return new Counts(body.getLong(), body.getLong(), body.getLong(), body.getLong(), body.getLong());
    }

    /** The output of a job's file, read piece by piece. */
    InputStream output(String job, int file) {
        return new InputStream() {
            private Optional<RecordQuery.Cursor> after = Optional.empty();
            private InputStream piece = InputStream.nullInputStream();
            private boolean ended;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read = piece.read(target, offset, length);
                while (read < 0 && !ended) {
                    List<StoredRecord> next = page(job, file, after, 1);
                    ended = next.isEmpty();
                    if (!ended) {
                        after = Optional.of(RecordQuery.Cursor.behind(next.getFirst()));
                        piece = opened(job, next.getFirst());
                        read = piece.read(target, offset, length);
                    }
                }
                return read;
            }
        };
    }

    private InputStream opened(String job, StoredRecord piece) throws IOException {
        ByteBuffer body = ByteBuffer.wrap(piece.body()).position(HEADER);
        byte[] sealed = new byte[body.remaining()];
        body.get(sealed);
        try {
            return new GZIPInputStream(new ByteArrayInputStream(secrets.decrypt(sealed, context(job))));
        } catch (GeneralSecurityException damaged) {
            throw new IOException("the output of the job " + job + " cannot be decrypted", damaged);
        }
    }

    /** Forgets what was done of a job. */
    void forget(String job) {
        List<StoredRecord> pieces = query(job, Optional.empty(), READ_AT_ONCE);
        while (!pieces.isEmpty()) {
            List<StoredRecord> dropped = pieces;
            records.write(transaction -> {
                dropped.forEach(piece -> transaction.delete(piece.key()));
                return null;
            });
            pieces = query(job, Optional.empty(), READ_AT_ONCE);
        }
    }

    private List<StoredRecord> page(String job, int file, Optional<RecordQuery.Cursor> after, int limit) {
        String prefix = prefix(job, file);
        RecordKey begin = key(prefix);
        Optional<RecordQuery.Cursor> place = after.or(
                () -> Optional.of(new RecordQuery.Cursor(Instant.EPOCH, begin.account(), begin.region(), begin.id())));
        return query(job, place, limit).stream()
                .filter(piece -> piece.key().id().startsWith(prefix))
                .toList();
    }

    private List<StoredRecord> query(String job, Optional<RecordQuery.Cursor> after, int limit) {
        RecordKey any = key("");
        return records.list(new RecordQuery(
                TYPE,
                Optional.of(any.account()),
                Optional.of(any.region()),
                Optional.of(job),
                RecordQuery.Order.ID,
                after,
                limit));
    }

    private static String prefix(String job, int file) {
        return "%s/%06d/".formatted(job, file);
    }

    private static String context(String job) {
        return "bedrock batch " + job;
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }
}
