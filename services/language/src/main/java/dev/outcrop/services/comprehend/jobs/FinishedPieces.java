package dev.outcrop.services.comprehend.jobs;

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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * What was done of a job, in pieces of some documents each, compressed and encrypted. A piece is there or it is not: the
 * last one tells where to go on. Compressed pieces one after the other are what their contents are, compressed.
 */
final class FinishedPieces {
    private static final String TYPE = "comprehend:job-output";
    private static final int HEADER = 3 * Integer.BYTES + 3 * Long.BYTES;
    private static final int READ_AT_ONCE = 16;

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;

    FinishedPieces(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * How far a job is.
     *
     * @param key        of the piece
     * @param piece      its number, counted through the job
     * @param file       number of the file that the last document was in
     * @param line       its line there, or -1
     * @param documents  how many documents are done
     * @param bytes      how long the output is, of the piece
     * @param compressed how long the compressed output is, of the piece
     */
    record Place(String key, int piece, int file, int line, long documents, long bytes, long compressed) {
        static final Place NONE = new Place("", 0, 0, -1, 0, 0, 0);
    }

    /**
     * Keeps a piece.
     *
     * @param group which output it is a part of
     * @return nothing if another server, which took this one for dead, does the job, too, and is further
     */
    Optional<Place> add(String job, int group, Place before, int file, int line, long documents, byte[] output) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(output);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Place place = new Place(
                id(job, group, before.piece + 1),
                before.piece + 1,
                file,
                line,
                before.documents + documents,
                output.length,
                compressed.size());
        byte[] sealed = secrets.encrypt(compressed.toByteArray(), context(job));
        byte[] body = ByteBuffer.allocate(HEADER + sealed.length)
                .putInt(place.piece)
                .putInt(place.file)
                .putInt(place.line)
                .putLong(place.documents)
                .putLong(place.bytes)
                .putLong(place.compressed)
                .put(sealed)
                .array();
        RecordKey key = key(id(job, group, place.piece));
        boolean added = records.write(transaction -> {
            boolean follows =
                    before.piece == 0 || transaction.get(key(key, before.key)).isPresent();
            if (follows && transaction.get(key).isEmpty()) {
                transaction.insert(key, job, Optional.empty(), clock.instant(), body);
                return true;
            }
            return false;
        });
        return added ? Optional.of(place) : Optional.empty();
    }

    private static Place place(StoredRecord record) {
        ByteBuffer body = ByteBuffer.wrap(record.body());
        return new Place(
                record.key().id(),
                body.getInt(),
                body.getInt(),
                body.getInt(),
                body.getLong(),
                body.getLong(),
                body.getLong());
    }

    /** How far a job is. */
    Place last(String job) {
        Place[] last = {Place.NONE};
        each(job, "", record -> last[0] = place(record).piece() > last[0].piece() ? place(record) : last[0]);
        return last[0];
    }

    /** How many pieces the output of a group has, and how long it is, plain and compressed. */
    Place lengths(String job, int group) {
        long[] sums = new long[3];
        each(job, group(job, group), record -> {
            sums[0] += place(record).bytes();
            sums[1] += place(record).compressed();
            sums[2]++;
        });
        return new Place("", (int) sums[2], 0, -1, 0, sums[0], sums[1]);
    }

    private static String id(String job, int group, int piece) {
        return group(job, group) + "%010d".formatted(piece);
    }

    private static RecordKey key(RecordKey like, String id) {
        return new RecordKey(like.type(), like.account(), like.region(), id);
    }

    private static String group(String job, int group) {
        return "%s/%06d/".formatted(job, group);
    }

    private interface Reader {
        void read(StoredRecord record);
    }

    /** Reads the records of a job whose ids begin with {@code prefix}, and one page beyond at most. */
    private void each(String job, String prefix, Reader reader) {
        List<StoredRecord> page = page(job, before(prefix), READ_AT_ONCE);
        while (!page.isEmpty() && page.getFirst().key().id().startsWith(prefix)) {
            page.stream().filter(record -> record.key().id().startsWith(prefix)).forEach(reader::read);
            page = page(job, Optional.of(RecordQuery.Cursor.behind(page.getLast())), READ_AT_ONCE);
        }
    }

    /** The place in front of the records whose ids begin with {@code prefix}. */
    private Optional<RecordQuery.Cursor> before(String prefix) {
        RecordKey begin = key(prefix);
        return Optional.of(new RecordQuery.Cursor(Instant.EPOCH, begin.account(), begin.region(), begin.id()));
    }

    /** The compressed output of a group, read piece by piece. */
    InputStream compressed(String job, int group) {
        String prefix = group(job, group);
        return new InputStream() {
            private final Deque<StoredRecord> read = new ArrayDeque<>();
            private Optional<RecordQuery.Cursor> after = before(prefix);
            private InputStream piece = InputStream.nullInputStream();
            private boolean ended;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = piece.read(target, offset, length);
                while (count < 0 && !ended) {
                    if (read.isEmpty()) {
                        read.addAll(page(job, after, READ_AT_ONCE));
                    }
                    StoredRecord next = read.poll();
                    ended = next == null || !next.key().id().startsWith(prefix);
                    if (!ended) {
                        after = Optional.of(RecordQuery.Cursor.behind(next));
                        piece = opened(job, next);
                        count = piece.read(target, offset, length);
                    }
                }
                return count;
            }
        };
    }

    private InputStream opened(String job, StoredRecord record) throws IOException {
        ByteBuffer body = ByteBuffer.wrap(record.body()).position(HEADER);
        byte[] sealed = new byte[body.remaining()];
        body.get(sealed);
        try {
            return new ByteArrayInputStream(secrets.decrypt(sealed, context(job)));
        } catch (GeneralSecurityException damaged) {
            throw new IOException("the output of the job " + job + " cannot be decrypted", damaged);
        }
    }

    /** Forgets what was done of a job. */
    void forget(String job) {
        List<StoredRecord> pieces = page(job, Optional.empty(), READ_AT_ONCE);
        while (!pieces.isEmpty()) {
            List<StoredRecord> dropped = pieces;
            records.write(transaction -> {
                dropped.forEach(piece -> transaction.delete(piece.key()));
                return null;
            });
            pieces = page(job, Optional.empty(), READ_AT_ONCE);
        }
    }

    private List<StoredRecord> page(String job, Optional<RecordQuery.Cursor> after, int limit) {
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

    private static String context(String job) {
        return "comprehend job " + job;
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }
}
