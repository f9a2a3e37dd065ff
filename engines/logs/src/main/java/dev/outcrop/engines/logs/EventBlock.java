package dev.outcrop.engines.logs;

/** Events of one group side by side, column by column. The arrays are the block's own, not to be changed. */
public interface EventBlock {
    /** How many events it has. */
    int rows();

    /** When each happened, in milliseconds since 1970. */
    long[] timestamps();

    /** The place of each among all events of the store. */
    long[] sequences();

    /** When each was appended, in milliseconds since 1970. */
    long[] ingestionTimes();

    /** Each one's stream, as its place in {@link #streamNames}. */
    int[] streams();

    /** The streams that {@link #streams} counts. */
    String[] streamNames();

    /** All messages one behind the other, in UTF-8. */
    byte[] messages();

    /** Where each message begins in {@link #messages}, and behind the last one the end. */
    int[] messageOffsets();
}
