package dev.outcrop.services.s3.select;

import dev.outcrop.engines.sql.DeepStack;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.EventStreams;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.s3.model.FileHeaderInfo;
import software.amazon.awssdk.services.s3.model.ScanRange;
import software.amazon.awssdk.services.s3.model.SelectObjectContentEventStream;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;
import software.amazon.awssdk.services.s3.model.SelectObjectContentResponse;
import software.amazon.awssdk.services.s3.model.SelectObjectContentResponseHandler;

/**
 * Answers SelectObjectContent: what is wrong with the first records, too, is told before the stream begins.
 *
 * <p>Source: "SelectObjectContent" and "Appendix: SelectObjectContent Response", Amazon S3 API reference.
 */
public final class ObjectSelection {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectSelection.class);
    private static final int RECORDS_TOGETHER = 64 << 10;
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long LARGEST_PARQUET = 2L << 30;

    /** As many Parquet files lie in temporary files at once. */
    private static final Semaphore PARQUET = new Semaphore(4);

    private final SelectObjectContentRequest request;
    private final SelectFormat format;
    private final SelectQuery query;
    private final Source source;
    private final Instant now;
    private final Counted scanned = new Counted();
    private final Counted processed = new Counted();
    /** What is read, all of it to be closed, however early the statement has enough. */
    private final List<InputStream> opened = new ArrayList<>();

    private final long deadline = System.nanoTime() + LONGEST.toNanos();
    private long returned;
    private long sentAt = System.nanoTime();

    private ObjectSelection(SelectObjectContentRequest request, Source source, Instant now) {
        this.request = request;
        this.source = source;
        this.now = now;
        format = SelectFormat.of(request);
        query = SelectQuery.parse(request.expression());
    }

    /** The bytes of an object. */
    public interface Source {
        /** How many there are. */
        long size();

        /** Those from {@code first} on. */
        InputStream read(long first);
    }

    /** Bytes that went by. */
    private static final class Counted {
        private long bytes;
    }

    /** Whether there is something to be sent is known at the end of it. */
    private static final class Batch extends ByteArrayOutputStream {
        boolean isFull() {
            return size() >= RECORDS_TOGETHER;
        }
    }

    /**
     * Sends what the statement of {@code request} makes of {@code source}.
     *
     * @throws AwsError in S3's words, if the statement or the first records of the object are wrong
     */
    public static CompletableFuture<Void> answer(
            SelectObjectContentRequest request,
            Source source,
            Instant now,
            SelectObjectContentResponseHandler handler) {
        ObjectSelection selection = new ObjectSelection(request, source, now);
        if (selection.format.kind() != SelectFormat.Kind.PARQUET) {
            return selection.answer(handler);
        }
        if (source.size() > LARGEST_PARQUET) {
            throw AwsError.notImplemented("s3", "SelectObjectContent of Parquet files above 2 GiB");
        }
        if (!PARQUET.tryAcquire()) {
            throw new AwsError("Busy", 503, "The service is unavailable. Try again later.");
        }
        try {
            CallContext context = CallContext.current();
            return DeepStack.call("s3-select", LONGEST, () -> context.call(() -> selection.answer(handler)));
        } finally {
            PARQUET.release();
        }
    }

    private CompletableFuture<Void> answer(SelectObjectContentResponseHandler handler) {
        try (RecordReader reader = reader()) {
            Selection selection = new Selection(
                    query,
                    reader,
                    format.writer(),
                    new Evaluation(query.alias(), List.of(), now.atOffset(ZoneOffset.UTC)));
            Batch first = new Batch();
            fill(selection, first);
            return EventStreams.<SelectObjectContentResponse, SelectObjectContentEventStream>publish(
                    handler, SelectObjectContentResponse.builder().build(), sink -> send(selection, first, sink));
        } catch (IOException unreadable) {
            throw failure(unreadable);
        } finally {
            opened.forEach(ObjectSelection::close);
        }
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException gone) {
            LOG.debug("the bytes of an object cannot be closed", gone);
        }
    }

    private void send(Selection selection, Batch batch, EventSink<SelectObjectContentEventStream> sink) {
        send(batch, sink);
        while (!selection.isEnded()) {
            fill(selection, batch);
            send(batch, sink);
        }
        if (request.requestProgress() != null
                && Boolean.TRUE.equals(request.requestProgress().enabled())) {
            progress(sink);
        }
        sink.send(SelectObjectContentEventStream.statsBuilder()
                .details(details -> details.bytesScanned(scanned.bytes)
                        .bytesProcessed(processed.bytes)
                        .bytesReturned(returned))
                .build());
        sink.send(SelectObjectContentEventStream.endBuilder().build());
    }

    /** Sends what there is, or at least that there is still somebody here. */
    private void send(Batch batch, EventSink<SelectObjectContentEventStream> sink) {
        sentAt = System.nanoTime();
        if (batch.size() == 0) {
            sink.send(SelectObjectContentEventStream.contBuilder().build());
            return;
        }
        sink.send(SelectObjectContentEventStream.recordsBuilder()
                .payload(SdkBytes.fromByteArrayUnsafe(batch.toByteArray()))
                .build());
        returned += batch.size();
        batch.reset();
    }

    private void progress(EventSink<SelectObjectContentEventStream> sink) {
        sink.send(SelectObjectContentEventStream.progressBuilder()
                .details(details -> details.bytesScanned(scanned.bytes)
                        .bytesProcessed(processed.bytes)
                        .bytesReturned(returned))
                .build());
    }

    /** Goes on until there is enough to be sent, nothing was sent for a while, or all is done. */
    private void fill(Selection selection, Batch batch) {
        try {
            for (long steps = 1; !selection.isEnded() && !batch.isFull(); steps++) {
                selection.step().ifPresent(text -> batch.writeBytes(text.getBytes(StandardCharsets.UTF_8)));
                if (steps % 1024 == 0) {
                    long time = System.nanoTime();
                    if (time - deadline > 0) {
                        throw new AwsError("Busy", 503, "The statement took longer than an hour.");
                    }
                    if (time - sentAt > LONGEST_SILENCE.toNanos()) {
                        return;
                    }
                }
            }
        } catch (IOException unreadable) {
            throw failure(unreadable);
        }
    }

    private RuntimeException failure(IOException unreadable) {
        if (format.compression() == SelectFormat.Compression.NONE) {
            return new UncheckedIOException(unreadable);
        }
        return unreadable instanceof EOFException
                ? SelectErrors.truncated()
                : SelectErrors.of(
                        "InvalidCompressionFormat",
                        "The file is not in a supported compression format. Only GZIP and BZIP2 are supported.");
    }

    private RecordReader reader() throws IOException {
        return switch (format.kind()) {
            case PARQUET -> ParquetReader.open(opened(0));
            case JSON_DOCUMENT -> JsonReader.documents(opened(0));
            case JSON_LINES -> JsonReader.lines(lines("\n"), last());
            case CSV -> csv();
        };
    }

    private RecordReader csv() throws IOException {
        Lines lines = lines(format.recordDelimiter());
        Value.Header header = Value.Header.NONE;
        if (format.header() != FileHeaderInfo.NONE) {
            // The names stand in front of whatever part is read.
            Lines head = first() > 0 ? cut(read(0), format.recordDelimiter(), 0) : lines;
            Value.Header names = CsvReader.header(head, format.csv());
            header = format.header() == FileHeaderInfo.USE ? names : header;
        }
        return new CsvReader(lines, format.csv(), header, last());
    }

    /** The lines of the part of the object that is read: those that begin in it. */
    private Lines lines(String delimiter) throws IOException {
        long first = first();
        if (first == 0) {
            return cut(opened(0), delimiter, 0);
        }
        // Begins with the first line whose delimiter stands in front of the part, or in it.
        long before = Math.max(0, first - delimiter.getBytes(StandardCharsets.UTF_8).length);
        Lines lines = cut(opened(before), delimiter, before);
        lines.skip();
        return lines;
    }

    private Lines cut(InputStream in, String delimiter, long position) {
        return new Lines(
                in,
                delimiter,
                format.quotedDelimiters() ? format.csv().quote() : -1,
                format.csv().escape(),
                position);
    }

    private long first() {
        Optional<ScanRange> range = format.range();
        if (range.isEmpty()) {
            return 0;
        }
        return range.get().start() == null
                ? Math.max(0, source.size() - range.get().end())
                : Math.min(range.get().start(), source.size());
    }

    private long last() {
        return format.range()
                .filter(range -> range.start() != null && range.end() != null)
                .map(ScanRange::end)
                .orElse(Long.MAX_VALUE);
    }

    private InputStream read(long first) {
        InputStream stream = source.read(first);
        opened.add(stream);
        return stream;
    }

    private InputStream opened(long first) throws IOException {
        InputStream raw = new Counting(read(first), scanned);
        InputStream plain = switch (format.compression()) {
            case NONE -> raw;
            case GZIP -> gunzipped(raw);
            case BZIP2 -> new BZip2CompressorInputStream(raw, true);
        };
        return new Counting(plain, processed);
    }

    private static InputStream gunzipped(InputStream raw) throws IOException {
        try {
            return new GZIPInputStream(raw, 64 << 10);
        } catch (EOFException empty) {
            throw new ZipException("no gzip file");
        }
    }

    /** Counts what is read. */
    private static final class Counting extends FilterInputStream {
        private final Counted counted;

        Counting(InputStream in, Counted counted) {
            super(in);
            this.counted = counted;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            counted.bytes += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            counted.bytes += Math.max(0, count);
            return count;
        }
    }
}
