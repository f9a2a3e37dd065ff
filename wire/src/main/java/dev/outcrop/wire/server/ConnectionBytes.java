package dev.outcrop.wire.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of a connection that is HTTP no more. A client that is silent for too long is asked for a sign of life; one
 * that gives none for as long again is hung up on.
 */
final class ConnectionBytes extends InputStream {
    private final ConnectionContext connection;
    private final DataReader reader;
    private final DataWriter writer;
    private final StallGuard guard;
    private volatile Runnable silence = () -> {};

    ConnectionBytes(ConnectionContext connection, StallGuard guard) {
        this.connection = connection;
        this.reader = connection.dataReader();
        this.writer = connection.dataWriter();
        this.guard = guard;
    }

    /** Asks the client for a sign of life by {@code question}. */
    void onSilence(Runnable question) {
        silence = question;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            if (reader.available() == 0) {
                await();
            }
            byte[] bytes = reader.readBytes(Math.min(length, reader.available()));
            System.arraycopy(bytes, 0, buffer, offset, bytes.length);
            return bytes.length;
        } catch (InsufficientDataAvailableException e) {
            return -1;
        } catch (RuntimeException e) {
            throw new IOException("the connection broke off", e);
        }
    }

    private void await() {
        TimingWheel.Alarm question = guard.arm(() -> silence.run());
        TimingWheel.Alarm hangUp = guard.armTwice(() -> ConnectionSockets.hangUp(connection.serverSocket()));
        try {
            reader.ensureAvailable();
        } finally {
            question.cancel();
            hangUp.cancel();
        }
    }

    /** Sends what is written at once. */
    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                try {
                    writer.writeNow(BufferData.create(buffer, offset, length));
                } catch (RuntimeException e) {
                    throw new IOException("the connection broke off", e);
                }
            }
        };
    }
}
