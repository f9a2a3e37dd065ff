package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientGone;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.http2.Http2Exception;
import io.helidon.webserver.CloseConnectionException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The body of an answer on its way out. Writing it fails in one way alone: {@link ClientGone}. */
final class ClientOutput extends FilterOutputStream {
    ClientOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        try {
            out.write(buffer, offset, length);
        } catch (IOException e) {
            throw gone(e);
        } catch (RuntimeException e) {
            throw orGone(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw gone(e);
        } catch (RuntimeException e) {
            throw orGone(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw gone(e);
        } catch (RuntimeException e) {
            throw orGone(e);
        }
    }

    /** What Helidon's {@code failure} to write means: that the client is gone, unless it is a fault of ours. */
    static RuntimeException orGone(RuntimeException failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof ClientGone gone) {
                return gone;
            }
            if (cause instanceof IOException
                    || cause instanceof UncheckedIOException
                    || cause instanceof CloseConnectionException
                    || cause instanceof SocketWriterException
                    || cause instanceof Http2Exception) {
                return gone(failure);
            }
            cause = cause.getCause();
        }
        return failure;
    }

    private static ClientGone gone(Exception failure) {
        ClientGone gone = new ClientGone("the client is gone: " + failure.getMessage());
        gone.initCause(failure);
        return gone;
    }
}
