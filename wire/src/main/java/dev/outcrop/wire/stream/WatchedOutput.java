package dev.outcrop.wire.stream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer's body that fails with {@link IOException} as soon as its reader is known to be gone. */
public final class WatchedOutput extends FilterOutputStream {
    private final Client client;

    public WatchedOutput(OutputStream out, Client client) {
        super(out);
        this.client = client;
        client.watch();
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        check();
        try {
            out.write(buffer, offset, length);
        } catch (RuntimeException e) {
            throw new IOException("the client is gone", e);
        }
    }

    @Override
    public void flush() throws IOException {
        check();
        try {
            out.flush();
        } catch (RuntimeException e) {
            throw new IOException("the client is gone", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (RuntimeException e) {
            throw new IOException("the client is gone", e);
        }
    }

    private void check() throws IOException {
        if (client.isGone()) {
            throw new IOException("the client is gone");
        }
    }
}
