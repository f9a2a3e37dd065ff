package dev.outcrop.engines.logs;

/**
 * What is known of a stream without reading its events.
 *
 * @param earliest   the earliest timestamp of its events, in milliseconds since 1970
 * @param latest     the latest
 * @param ingestedAt when events were appended to it last
 * @param events     how many there are
 */
public record StreamExtent(long earliest, long latest, long ingestedAt, long events) {
    StreamExtent plus(StreamExtent other) {
        return new StreamExtent(
                Math.min(earliest, other.earliest),
                Math.max(latest, other.latest),
                Math.max(ingestedAt, other.ingestedAt),
                events + other.events);
    }
}
