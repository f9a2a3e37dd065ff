package dev.outcrop.services.cloudwatchlogs.insights;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.EventBlock;
import dev.outcrop.engines.logs.EventScan;
import dev.outcrop.engines.logs.EventScan.BlockSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;

/**
 * The events of a query as a table function of DuckDB. Its one argument is the number of a query that is running; blocks
 * are read by DuckDB's threads, and only the columns that the query needs.
 */
public final class EventTable implements DuckDBTableFunction<Long, EventTable.Progress, EventTable.Reader> {
    /** The function's name. */
    static final String NAME = "log_events";

    private static final List<String> COLUMNS = List.of(
            InsightsSql.TIMESTAMP,
            InsightsSql.INGESTION_TIME,
            InsightsSql.STREAM,
            InsightsSql.GROUP,
            InsightsSql.MESSAGE,
            InsightsSql.POINTER,
            InsightsSql.UNMASKED);

    private final int threads;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Input> inputs = new ConcurrentHashMap<>();

    EventTable(int threads) {
        this.threads = threads;
    }

    /** What of a message is shown to those who do not ask for more. */
    @FunctionalInterface
    public interface Shown {
        /**
         * What is shown of {@code message}, which is not changed.
         *
         * @param ingestedAt when it came, in milliseconds since 1970
         */
        byte[] of(long ingestedAt, byte[] message);
    }

    /**
     * The events of one group that a query is about.
     *
     * @param scan    of the group
     * @param log     what {@code @log} is
     * @param id      the group's, which pointers to events begin with
     * @param from    the earliest timestamp
     * @param to      behind the latest
     * @param streams which streams are meant
     * @param name    what {@code @logStream} is, of a stream of the scan
     * @param shown   what {@code @message} is, if it is not always the message
     */
    public record Source(
            EventScan scan,
            String log,
            String id,
            long from,
            long to,
            Predicate<String> streams,
            UnaryOperator<String> name,
            Optional<Shown> shown) {}

    /** What a query reads, and how much it has read. */
    static final class Input {
        private final List<Source> sources;
        private final LongAdder events = new LongAdder();
        private final LongAdder bytes = new LongAdder();

        Input(List<Source> sources) {
            this.sources = sources;
        }

        long events() {
            return events.sum();
        }

        long bytes() {
            return bytes.sum();
        }
    }

    /** Lets queries select from {@code log_events(number)}, until {@link #forget}. */
    long add(Input input) {
        long number = numbers.incrementAndGet();
        inputs.put(number, input);
        return number;
    }

    void forget(long number) {
        inputs.remove(number);
    }

    @Override
    public Long bind(DuckDBTableFunctionBindInfo info) throws Exception {
        long number = info.getParameter(0).getLong();
        if (!inputs.containsKey(number)) {
            throw new IllegalArgumentException("there is no query of that number");
        }
        for (String column : COLUMNS) {
            boolean time = column.equals(InsightsSql.TIMESTAMP) || column.equals(InsightsSql.INGESTION_TIME);
            info.addResultColumn(column, time ? DuckDBColumnType.BIGINT : DuckDBColumnType.VARCHAR);
        }
        return number;
    }

    /** How far a query is; its threads share it. */
    record Progress(Input input, int[] columns, List<PlacedBlock> blocks, AtomicInteger next) {}

    private record PlacedBlock(Source source, BlockSource block) {}

    @Override
    public Progress init(DuckDBTableFunctionInitInfo info) throws Exception {
        info.setMaxThreads(threads);
        Long number = info.getBindData();
        Input input = inputs.get(number);
        int[] columns = new int[Math.toIntExact(info.getColumnCount())];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Math.toIntExact(info.getColumnIndex(i));
        }
        List<PlacedBlock> blocks = new ArrayList<>();
        for (Source source : input.sources) {
            source.scan().blocks().forEach(block -> blocks.add(new PlacedBlock(source, block)));
        }
        return new Progress(input, columns, blocks, new AtomicInteger());
    }

    @Override
    public Reader localInit(DuckDBTableFunctionInitInfo info) {
        return new Reader();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) throws Exception {
        Progress progress = info.getInitData();
        Reader reader = info.getLocalInitData();
        return reader.fill(progress, chunk);
    }

    /** What one thread reads. */
    static final class Reader {
        private String[] streamNames = new String[0];
        private Names streams = new Names(new boolean[0], true, new byte[0][]);
        private PlacedBlock placed;
        private EventBlock block;
        private int[] rows;
        private int at;

        /** The streams of a block: which are meant, and what they are called. */
        private record Names(boolean[] wanted, boolean all, byte[][] texts) {}

        long fill(Progress progress, DuckDBDataChunkWriter chunk) throws Exception {
            while (block == null || at == rows.length) {
                int next = progress.next().getAndIncrement();
                if (next >= progress.blocks().size()) {
                    block = null;
                    rows = new int[0];
                    return 0;
                }
                placed = progress.blocks().get(next);
                block = placed.block().read();
                select();
                progress.input().events.add(rows.length);
            }
            int count = (int) Math.min(chunk.capacity(), rows.length - at);
            for (int i = 0; i < progress.columns().length; i++) {
                fill(progress, progress.columns()[i], chunk.vector(i), count);
            }
            at += count;
            return count;
        }

        /** Finds the rows of the block that are meant. */
        private void select() {
            Source source = placed.source();
            // Blocks of one segment share their streams.
            String[] present = block.streamNames();
            if (!Arrays.equals(present, streamNames)) {
                streamNames = present;
                streams = names(source, present);
            }
            long[] timestamps = block.timestamps();
            int[] numbers = streams.all() ? new int[0] : block.streams();
            int[] found = new int[timestamps.length];
            int count = 0;
            for (int i = 0; i < timestamps.length; i++) {
                long timestamp = timestamps[i];
                if (timestamp >= source.from()
                        && timestamp < source.to()
                        && (streams.all() || streams.wanted()[numbers[i]])) {
                    found[count++] = i;
                }
            }
            rows = count == found.length ? found : Arrays.copyOf(found, count);
            at = 0;
        }

        private static Names names(Source source, String[] streams) {
            boolean[] wanted = new boolean[streams.length];
            byte[][] texts = new byte[streams.length][];
            boolean all = true;
            for (int i = 0; i < streams.length; i++) {
                wanted[i] = source.streams().test(streams[i]);
                all &= wanted[i];
                texts[i] = source.name().apply(streams[i]).getBytes(UTF_8);
            }
            return new Names(wanted, all, texts);
        }

        private void fill(Progress progress, int column, DuckDBWritableVector vector, int count) throws Exception {
            switch (column) {
                case 0 -> numbers(block.timestamps(), vector, count);
                case 1 -> numbers(block.ingestionTimes(), vector, count);
                case 2 -> {
                    byte[][] texts = streams.texts();
                    int[] numbers = block.streams();
                    byte[][] values = new byte[count][];
                    for (int i = 0; i < count; i++) {
                        values[i] = texts[numbers[rows[at + i]]];
                    }
                    vector.setStringUtf8Batch(0, values);
                }
                case 3 -> {
                    byte[][] values = new byte[count][];
                    Arrays.fill(values, placed.source().log().getBytes(UTF_8));
                    vector.setStringUtf8Batch(0, values);
                }
                case 4 -> messages(progress, vector, count, placed.source().shown());
                case 6 -> messages(progress, vector, count, Optional.empty());
                case 5 -> {
                    for (int i = 0; i < count; i++) {
                        int row = rows[at + i];
                        vector.setString(
                                i, placed.source().id() + ":" + block.timestamps()[row] + ":" + block.sequences()[row]);
                    }
                }
                // A query that only counts asks for the number of rows, whatever is in them.
                default -> numbers(block.timestamps(), vector, count);
            }
        }

        private void numbers(long[] values, DuckDBWritableVector vector, int count) throws Exception {
            for (int i = 0; i < count; i++) {
                vector.setLong(i, values[rows[at + i]]);
            }
        }

        private void messages(Progress progress, DuckDBWritableVector vector, int count, Optional<Shown> shown)
                throws Exception {
            byte[] messages = block.messages();
            int[] offsets = block.messageOffsets();
            byte[][] values = new byte[count][];
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                int row = rows[at + i];
                byte[] message = Arrays.copyOfRange(messages, offsets[row], offsets[row + 1]);
                bytes += message.length;
                values[i] = message;
            }
            if (shown.isPresent()) {
                long[] ingested = block.ingestionTimes();
                for (int i = 0; i < count; i++) {
                    values[i] = shown.get().of(ingested[rows[at + i]], values[i]);
                }
            }
            progress.input().bytes.add(bytes);
            vector.setStringUtf8Batch(0, values);
        }
    }
}
