package dev.outcrop.wire.stream;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer's body that fails with {@link ClientGone} as soon as its reader is known to be gone. */
public final class WatchedOutput extends FilterOutputStream {
    private final ClientPresence client;
    private final ClientPresence.Watch watch;

    public WatchedOutput(OutputStream out, ClientPresence client) {
        super(out);
        this.client = client;
        watch = client.onGone(() -> {});
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
        watch.close();
        out.close();
    }

    private void check() {
        if (client.isGone()) {
            throw new ClientGone("the client is gone");
        }
    }
}
