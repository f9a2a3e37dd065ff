package dev.outcrop.wire.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A stream that remembers how reading it failed, and fails as a call does: a service that reads a body need not know that
 * it was the client's fault, but the client and the record of the call must.
 */
final class RememberingStream extends FilterInputStream {
    private volatile Optional<IOException> failure = Optional.empty();

    RememberingStream(InputStream in) {
        super(in);
    }

    /** How reading failed, if it did. */
    Optional<IOException> failure() {
        return failure;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw AwsCalls.error(e);
        }
    }
}
