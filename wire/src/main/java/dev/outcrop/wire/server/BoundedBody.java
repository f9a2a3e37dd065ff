package dev.outcrop.wire.server;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** The body of one request: read whole into memory once somebody needs all of it, else handed on as it comes in. */
final class BoundedBody {
    /** Up to this length a client's word is taken for how long its body is. */
    private static final int TRUSTED_LENGTH = 64 * 1024;

    private final ServerExchange exchange;
    private final long limit;
    private Optional<byte[]> whole = Optional.empty();

    BoundedBody(ServerExchange exchange, long limit) {
        this.exchange = exchange;
        this.limit = limit;
    }

    /**
     * All of it.
     *
     * @throws BodyTooLargeException if it is longer than the limit
     */
    byte[] whole() throws IOException {
        if (whole.isEmpty()) {
            OptionalLong length = exchange.contentLength();
            if (length.orElse(0) > limit) {
                throw new BodyTooLargeException(limit);
            }
            try (InputStream in = exchange.body()) {
                // A small body needs none of the sixteen kilobytes that one of unknown length begins with.
                boolean known = length.isPresent() && length.getAsLong() <= TRUSTED_LENGTH;
                whole = Optional.of(known ? in.readNBytes((int) length.getAsLong()) : all(in, limit));
            }
        }
        return whole.get();
    }

    /** The body as a stream. */
    InputStream stream() {
        return whole.<InputStream>map(ByteArrayInputStream::new).orElseGet(exchange::body);
    }

    /** All of {@code in}, unless it is longer than {@code limit}. */
    static byte[] all(InputStream in, long limit) throws IOException {
        byte[] read = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
        if (read.length > limit) {
            throw new BodyTooLargeException(limit);
        }
        return read;
    }

    /** A stream that ends in {@link BodyTooLargeException} after {@code limit} bytes. */
    static InputStream limited(InputStream in, long limit) {
        return new FilterInputStream(in) {
            private long left = limit;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                left -= Math.max(0, count);
                if (left < 0) {
                    throw new BodyTooLargeException(limit);
                }
                return count;
            }
        };
    }
}
