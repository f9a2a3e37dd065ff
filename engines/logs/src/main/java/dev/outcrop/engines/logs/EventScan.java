package dev.outcrop.engines.logs;

import dev.outcrop.engines.logs.SegmentFooter.BlockPlace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The events of a group at one moment, to be read in blocks or in order. They stay until this is closed. */
public final class EventScan implements AutoCloseable {
    private final List<Batch> batches;
    private final List<Segment> segments;
    private final long from;
    private final long to;
    private final Predicate<String> streams;

    EventScan(List<Batch> batches, List<Segment> segments, long from, long to, Predicate<String> streams) {
        this.batches = batches.stream()
                .filter(batch -> batch.latest() >= from && batch.earliest() < to && streams.test(batch.stream()))
                .toList();
        this.segments = segments;
        this.from = from;
        this.to = to;
        this.streams = streams;
    }

    /** A block that has not been read yet. */
    @FunctionalInterface
    public interface BlockSource {
        /** Reads it; its columns are read when they are asked for. By one thread at a time. */
        EventBlock read();
    }

    /**
     * The blocks that may have events of the time and the streams that are scanned, in no order. They may have others, too.
     */
    public List<BlockSource> blocks() {
        List<BlockSource> blocks = new ArrayList<>();
        batches.forEach(batch -> blocks.add(() -> batch));
        for (Segment segment : segments) {
            BitSet wanted = wanted(segment);
            List<BlockPlace> places = segment.footer().blocks();
            for (int i = 0; i < places.size(); i++) {
                BlockPlace place = places.get(i);
                int number = i;
                if (isWanted(place, wanted)) {
                    blocks.add(() -> segment.block(number));
                }
            }
        }
        return blocks;
    }

    /** The numbers of the streams that are scanned. */
    private BitSet wanted(Segment segment) {
        BitSet wanted = new BitSet();
        int number = 0;
        for (String stream : segment.footer().streams().keySet()) {
            wanted.set(number++, streams.test(stream));
        }
        return wanted;
    }

    private boolean isWanted(BlockPlace place, BitSet wanted) {
        return place.latest() >= from
                && place.earliest() < to
                && place.streams().intersects(wanted);
    }

    /** The events in their order. */
    public EventCursor forward(Optional<Position> after) {
        return cursor(true, after);
    }

    /** The events in the reverse of their order. */
    public EventCursor backward(Optional<Position> before) {
        return cursor(false, before);
    }

    private EventCursor cursor(boolean forward, Optional<Position> place) {
        List<EventCursor.Run> runs = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (Batch batch : batches) {
            for (int i = 0; i < batch.rows(); i++) {
                long timestamp = batch.timestamps()[i];
                if (timestamp >= from && timestamp < to) {
                    rows.add(new Row(batch, i));
                }
            }
        }
        rows.sort(forward ? java.util.Comparator.naturalOrder() : java.util.Comparator.reverseOrder());
        runs.add(EventCursor.Run.of(rows));
        for (Segment segment : segments) {
            BitSet wanted = wanted(segment);
            List<BlockPlace> places = segment.footer().blocks();
            List<EventCursor.PendingBlock> pending = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                BlockPlace at = places.get(i);
                int number = i;
                if (isWanted(at, wanted)
                        && place.map(given -> isBeyond(at, given, forward)).orElse(true)) {
                    pending.add(new EventCursor.PendingBlock(
                            forward ? at.earliest() : at.latest(), () -> segment.block(number), wanted));
                }
            }
            if (!pending.isEmpty()) {
                runs.add(EventCursor.Run.of(forward ? pending : pending.reversed(), forward, from, to));
            }
        }
        return new EventCursor(runs, forward, place);
    }

    private static boolean isBeyond(BlockPlace block, Position place, boolean forward) {
        return forward ? block.latest() >= place.timestamp() : block.earliest() <= place.timestamp();
    }

    void extents(Map<String, StreamExtent> extents) {
        for (Batch batch : batches) {
            extents.merge(
                    batch.stream(),
                    new StreamExtent(batch.earliest(), batch.latest(), batch.ingestedAt(), batch.rows()),
                    StreamExtent::plus);
        }
        for (Segment segment : segments) {
            segment.footer().streams().forEach((stream, extent) -> {
                if (streams.test(stream)) {
                    extents.merge(stream, extent, StreamExtent::plus);
                }
            });
        }
    }

    /** How many bytes the blocks have that the scan has to look at, roughly. */
    public long bytes() {
        return batches.stream().mapToLong(Batch::bytes).sum()
                + segments.stream().mapToLong(segment -> segment.name().bytes()).sum();
    }

    @Override
    public void close() {
        segments.forEach(Segment::release);
    }
}
