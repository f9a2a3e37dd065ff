package dev.outcrop.wire.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A connection whose bytes from the client pass through our hands before Helidon reads them. */
record ConnectionInput(ConnectionContext connection, DataReader dataReader, PeerInfo remotePeer)
        implements ConnectionContext {
    /**
     * {@code connection}, read through {@code passage}.
     *
     * @param client  who is at the other end
     * @param source  gives the client's next bytes
     * @param passage makes of the client's next bytes those that Helidon gets, perhaps none
     * @param waiting called before each wait for the client's next bytes
     */
    static ConnectionInput of(
            ConnectionContext connection,
            PeerInfo client,
            Supplier<byte[]> source,
            UnaryOperator<byte[]> passage,
            Runnable waiting) {
        return new ConnectionInput(
                connection,
                DataReader.create(() -> {
                    while (true) {
                        waiting.run();
                        byte[] passed = passage.apply(source.get());
                        if (passed.length > 0) {
                            return passed;
                        }
                    }
                }),
                client);
    }

    @Override
    public ListenerContext listenerContext() {
        return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return connection.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return connection.dataWriter();
    }

    @Override
    public Router router() {
        return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return connection.serverSocket();
    }

    @Override
    public PeerInfo localPeer() {
        return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }

    @Override
    public String socketId() {
        return connection.socketId();
    }

    @Override
    public String childSocketId() {
        return connection.childSocketId();
    }
}
