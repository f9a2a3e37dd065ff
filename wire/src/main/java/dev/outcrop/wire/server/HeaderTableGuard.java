package dev.outcrop.wire.server;

import io.helidon.webserver.CloseConnectionException;

/**
 * Keeps headers that do not fit into HPACK's table from being put into it. That only empties the table (RFC 7541, section
 * 4.4), but Helidon 4.5.0 evicts from the empty table for ever and never gives its thread back. No encoder gains from such
 * a header, and whoever sends one loses the connection.
 *
 * <p>Reads the representations of RFC 7541, section 6, without their texts: a text in Huffman's code counts as long as its
 * octets can at most be decoded to. Costs no more than a look at each octet that is no text. One connection, one thread at
 * a time.
 */
final class HeaderTableGuard {
    /** What an entry counts beside its name and value. */
    private static final int ENTRY = 32;

    /** Of the names in the static table. */
    private static final int LONGEST_STATIC_NAME = 27;

    /** Shortest code of Huffman's, in bits. */
    private static final int SHORTEST_CODE = 5;

    private long tableSize = 4096;
    private long longestName = LONGEST_STATIC_NAME;

    private byte[] block = {};
    private int position;

    /**
     * Looks at a whole list of headers.
     *
     * @throws CloseConnectionException if it is not to be read on
     */
    void check(byte[] list) {
        block = list;
        position = 0;
        while (position < block.length) {
            int first = block[position] & 0xff;
            if (first >= 0x80) {
                number(7);
            } else if (first >= 0x40) {
                long name = number(6) == 0 ? text() : longestName;
                long size = ENTRY + name + text();
                if (size > tableSize) {
                    throw new CloseConnectionException(
                            "a header of up to " + size + " octets is to be put into a table of " + tableSize);
                }
                longestName = Math.max(longestName, name);
            } else if (first >= 0x20) {
                tableSize = number(5);
            } else {
                if (number(4) == 0) {
                    text();
                }
                text();
            }
        }
    }

    /** An integer whose first octet has {@code bits} for it (section 5.1); one that breaks off ends the list. */
    private long number(int bits) {
        int most = (1 << bits) - 1;
        long value = block[position++] & most;
        if (value < most) {
            return value;
        }
        int shift = 0;
        while (position < block.length) {
            int next = block[position++] & 0xff;
            value += (long) (next & 0x7f) << Math.min(shift, 40);
            shift += 7;
            if (next < 0x80) {
                break;
            }
        }
        return value;
    }

    /** How many octets a text has at most, once decoded (section 5.2). */
    private long text() {
        if (position >= block.length) {
            return 0;
        }
        boolean coded = (block[position] & 0x80) != 0;
        long length = number(7);
        position = (int) Math.min(block.length, position + length);
        return coded ? length * Byte.SIZE / SHORTEST_CODE : length;
    }
}
