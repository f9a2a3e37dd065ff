package dev.outcrop.wire.server;

import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What a client sends over HTTP/2, frame by frame as it comes in, without its wish to go away,
 * and without headers that Helidon cannot bear.
 *
 * <p>A client that sends GOAWAY without an error opens no more streams, but those in flight go on (RFC 9113, section
 * 6.8), and it closes the connection itself once they are done. Helidon closes the connection at once and cuts them.
 * The SDK for JavaScript sends the frame as soon as its stream's answer begins, so it must not get through. Frames that
 * are at fault do, for Helidon to refuse. Costs one copy of the bytes. One thread at a time.
 */
final class Http2Frames {
    /** What a client's side of a connection begins with. */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEADER = 9;
    /** The last stream's number and the error code, which every GOAWAY begins with. */
    private static final int GOAWAY_FIELDS = 8;
    /** Longest payload that needs no setting; a longer GOAWAY is an error that Helidon tells. */
    private static final int LONGEST_PAYLOAD = 1 << 14;

    private static final int HEADERS = 0x1;
    private static final int RST_STREAM = 0x3;
    private static final int GOAWAY = 0x7;
    private static final int CONTINUATION = 0x9;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    /** A dependency and a weight, which may stand before a list of headers. */
    private static final int PRIORITY_FIELDS = 5;

    /** More than Helidon takes of a list of headers, as it is encoded. */
    private static final int LONGEST_LIST = 1 << 18;

    /** The beginning of a frame, held back until it tells whether the frame gets through. */
    private final byte[] held = new byte[HEADER + GOAWAY_FIELDS];

    private final IntConsumer resets;
    private final HeaderTableGuard guard = new HeaderTableGuard();
    private final ByteArrayOutputStream list = new ByteArrayOutputStream();
    /** Where in {@link #list} the payload at hand begins. */
    private int fragment;

    private int heldLength;
    private int prefaceLeft = PREFACE.length;
    private int payloadLeft;
    private boolean dropping;
    private boolean insideHeaders;
    private long finished;

    /**
     * A connection's frames.
     *
     * @param resets gets the number of each stream that the client resets
     */
    Http2Frames(IntConsumer resets) {
        this.resets = resets;
    }

    /** The next bytes of the client, less what is held back or dropped; perhaps none. */
    byte[] next(byte[] bytes) {
        byte[] out = new byte[heldLength + bytes.length];
        int outLength = 0;
        int position = 0;
        while (position < bytes.length) {
            int left = bytes.length - position;
            if (prefaceLeft > 0) {
                int count = Math.min(prefaceLeft, left);
                System.arraycopy(bytes, position, out, outLength, count);
                outLength += count;
                position += count;
                prefaceLeft -= count;
            } else if (payloadLeft > 0) {
                int count = Math.min(payloadLeft, left);
                if (!dropping) {
                    System.arraycopy(bytes, position, out, outLength, count);
                    outLength += count;
                }
                if (isOfHeaders()) {
                    collect(bytes, position, count);
                }
                position += count;
                payloadLeft -= count;
                finishIfDone();
            } else {
                held[heldLength++] = bytes[position++];
                if (heldLength == wanted()) {
                    begin();
                    if (!dropping) {
                        System.arraycopy(held, 0, out, outLength, heldLength);
                        outLength += heldLength;
                    }
                    payloadLeft = length() - (heldLength - HEADER);
                    heldLength = 0;
                    finishIfDone();
                }
            }
        }
        return outLength == out.length ? out : Arrays.copyOf(out, outLength);
    }

    /** How much of the frame at hand must be known to decide on it. */
    private int wanted() {
        return heldLength >= HEADER && isFaultlessGoAway() ? HEADER + GOAWAY_FIELDS : HEADER;
    }

    private boolean isFaultlessGoAway() {
        return type() == GOAWAY
                && !insideHeaders
                && stream() == 0
                && length() >= GOAWAY_FIELDS
                && length() <= LONGEST_PAYLOAD;
    }

    private void begin() {
        dropping = isFaultlessGoAway() && word(HEADER + 4) == 0;
        if (isOfHeaders()) {
            fragment = list.size();
            insideHeaders = (held[4] & END_HEADERS) == 0;
        } else if (type() == RST_STREAM) {
            resets.accept(stream());
        }
    }

    private void finishIfDone() {
        if (payloadLeft > 0) {
            return;
        }
        if (isOfHeaders()) {
            trim();
        }
        if (!insideHeaders) {
            if (isOfHeaders()) {
                guard.check(list.toByteArray());
                list.reset();
            }
            finished++;
        }
    }

    private boolean isOfHeaders() {
        return type() == HEADERS || type() == CONTINUATION;
    }

    private void collect(byte[] bytes, int from, int count) {
        if (list.size() + count > LONGEST_LIST) {
            throw new CloseConnectionException("a list of headers of more than " + LONGEST_LIST + " octets");
        }
        list.write(bytes, from, count);
    }

    /** Takes from a payload of HEADERS what does not belong to the list: padding and priority. */
    private void trim() {
        int flags = held[4];
        if (type() != HEADERS || (flags & (PADDED | PRIORITY)) == 0) {
            return;
        }
        byte[] all = list.toByteArray();
        int start = fragment;
        int end = all.length;
        if ((flags & PADDED) != 0 && start < end) {
            end -= all[start++] & 0xff;
        }
        if ((flags & PRIORITY) != 0) {
            start += PRIORITY_FIELDS;
        }
        list.reset();
        list.write(all, 0, fragment);
        if (start < end) {
            list.write(all, start, end - start);
        }
    }

    private int length() {
        return (held[0] & 0xff) << 16 | (held[1] & 0xff) << 8 | (held[2] & 0xff);
    }

    private int type() {
        return held[3];
    }

    private int stream() {
        return word(5) & Integer.MAX_VALUE;
    }

    private int word(int index) {
        return (held[index] & 0xff) << 24
                | (held[index + 1] & 0xff) << 16
                | (held[index + 2] & 0xff) << 8
                | (held[index + 3] & 0xff);
    }

    /** Whether the client has begun something that it has not finished: the preface, a frame, or a list of headers. */
    boolean isInside() {
        return prefaceLeft > 0 || heldLength > 0 || payloadLeft > 0 || insideHeaders;
    }

    /** How many frames it has finished; a list of headers in several frames counts as one. */
    long finished() {
        return finished;
    }
}
