package dev.outcrop.engines.logs;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Events one by one, merged of runs that are each in order. A block of a segment is read when its turn has come. For one
 * thread, while the scan that it is of is open.
 */
public final class EventCursor {
    private final boolean forward;
    private final Optional<Position> place;
    private final PriorityQueue<Run> runs;

    EventCursor(List<Run> runs, boolean forward, Optional<Position> place) {
        this.forward = forward;
        this.place = place;
        Comparator<Run> order = Comparator.comparingLong(run -> run.nextTimestamp);
        this.runs = new PriorityQueue<>(
                (forward ? order : order.reversed()).thenComparing((one, other) -> compare(one, other, forward)));
        runs.stream().filter(run -> !run.isEmpty()).forEach(this.runs::add);
    }

    /** At the same time what is not read yet comes first, since it may be earlier than what is. */
    private static int compare(Run one, Run other, boolean forward) {
        if (one.current == null || other.current == null) {
            return Boolean.compare(one.current != null, other.current != null);
        }
        int byPlace = one.current.compareTo(other.current);
        return forward ? byPlace : -byPlace;
    }

    /** The next event; empty when there is none. */
    public Optional<LogEvent> next() {
        while (true) {
            Run run = runs.poll();
            if (run == null) {
                return Optional.empty();
            }
            Row row = run.current;
            run.advance();
            if (!run.isEmpty()) {
                runs.add(run);
            }
            if (row != null && isBeyond(row)) {
                return Optional.of(event(row));
            }
        }
    }

    private boolean isBeyond(Row row) {
        if (place.isEmpty()) {
            return true;
        }
        int order = Long.compare(row.timestamp(), place.get().timestamp());
        order = order != 0 ? order : Long.compare(row.sequence(), place.get().sequence());
        return forward ? order > 0 : order < 0;
    }

    private static LogEvent event(Row row) {
        int[] offsets = row.block().messageOffsets();
        return new LogEvent(
                row.timestamp(),
                row.sequence(),
                row.ingestedAt(),
                row.stream(),
                Arrays.copyOfRange(row.block().messages(), offsets[row.index()], offsets[row.index() + 1]));
    }

    /**
     * A block of a run that is not read yet.
     *
     * @param bound  no event of it comes before this time
     * @param wanted the numbers of the streams that are
     */
    record PendingBlock(long bound, EventScan.BlockSource source, BitSet wanted) {}

    /** Events in order. */
    static final class Run {
        private final Deque<PendingBlock> pending;
        private final boolean forward;
        private final long from;
        private final long to;
        private List<Row> rows;
        private int at;
        private Row current;
        private EventBlock block;
        private BitSet wanted;
        private long nextTimestamp;
        private boolean ended;

        private Run(Deque<PendingBlock> pending, List<Row> rows, boolean forward, long from, long to) {
            this.pending = pending;
            this.rows = rows;
            this.forward = forward;
            this.from = from;
            this.to = to;
        }

        /** Of rows in their order. */
        static Run of(List<Row> rows) {
            Run run = new Run(new ArrayDeque<>(), rows, true, 0, 0);
            run.at = -1;
            run.advance();
            return run;
        }

        /** Of blocks in their order. */
        static Run of(List<PendingBlock> blocks, boolean forward, long from, long to) {
            Run run = new Run(new ArrayDeque<>(blocks), List.of(), forward, from, to);
            run.nextTimestamp = blocks.getFirst().bound();
            return run;
        }

        boolean isEmpty() {
            return ended;
        }

        void advance() {
            current = null;
            if (block == null && (!rows.isEmpty() || pending.isEmpty())) {
                at++;
                if (at < rows.size()) {
                    current = rows.get(at);
                    nextTimestamp = current.timestamp();
                } else {
                    rows = List.of();
                    ended = true;
                }
                return;
            }
            if (block == null) {
                PendingBlock next = pending.remove();
                block = next.source().read();
                wanted = next.wanted();
                at = forward ? -1 : block.rows();
            }
            int step = forward ? 1 : -1;
            for (at += step; at >= 0 && at < block.rows(); at += step) {
                long timestamp = block.timestamps()[at];
                if (timestamp >= from && timestamp < to && wanted.get(block.streams()[at])) {
                    current = new Row(block, at);
                    nextTimestamp = timestamp;
                    return;
                }
            }
            block = null;
            if (pending.isEmpty()) {
                ended = true;
            } else {
                nextTimestamp = pending.getFirst().bound();
            }
        }
    }
}
