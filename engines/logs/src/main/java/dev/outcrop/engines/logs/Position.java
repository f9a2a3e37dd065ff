package dev.outcrop.engines.logs;

import java.util.Comparator;

/**
 * A place in the order of a group's events: by time, and at the same time by arrival.
 *
 * @param timestamp in milliseconds since 1970
 * @param sequence  of the event there
 */
public record Position(long timestamp, long sequence) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::timestamp).thenComparingLong(Position::sequence);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
