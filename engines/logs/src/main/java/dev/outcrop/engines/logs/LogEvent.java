package dev.outcrop.engines.logs;

/**
 * An event as it is stored.
 *
 * @param timestamp  when it happened, in milliseconds since 1970
 * @param sequence   its place among all events ever appended to the store
 * @param ingestedAt when it was appended, in milliseconds since 1970
 * @param stream     of which stream
 * @param message    in UTF-8; not to be changed
 */
public record LogEvent(long timestamp, long sequence, long ingestedAt, String stream, byte[] message) {
    /** Where it stands in its group. */
    public Position position() {
        return new Position(timestamp, sequence);
    }
}
