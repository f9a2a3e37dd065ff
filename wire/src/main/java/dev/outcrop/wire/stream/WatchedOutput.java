package dev.outcrop.wire.stream;

import dev.outcrop.kernel.ClientGone;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer's body that fails with {@link ClientGone} as soon as its reader is known to be gone. */
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
        out.write(buffer, offset, length);
    }

    @Override
    public void flush() throws IOException {
        check();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void check() {
        if (client.isGone()) {
            throw new ClientGone("the client is gone");
        }
    }
}
