package dev.outcrop.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Sends the same bytes again and again over kept-alive connections, each connection its own ones, and reads the answers, all on
 * one thread and doing as little as can be, so that on a small machine the server and not the client is measured. Loopback
 * only.
 */
final class HttpLoad implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final int port;
    private final List<List<byte[]>> requests;
    private final Selector selector = Selector.open();
    private final ByteBuffer received = ByteBuffer.allocateDirect(65_536);
    private long[] nanos = new long[65_536];
    private int calls;
    private int open;

    /** @param requests what each connection sends, in turn */
    private HttpLoad(int port, List<List<byte[]>> requests) throws IOException {
        this.port = port;
        this.requests = requests;
    }

    /**
     * What came out.
     *
     * @param callsPerSecond answered calls
     * @param p50Millis      median time of a call
     * @param p99Millis      99th percentile
     * @param calls          how many were answered
     */
    record Result(double callsPerSecond, double p50Millis, double p99Millis, long calls) {}

    /**
     * Runs for {@code duration} over {@code connections} connections.
     *
     * @throws IOException if an answer's status is not 200, or none comes for half a minute
     */
    static Result run(int port, byte[] request, int connections, Duration duration) throws IOException {
        return run(port, Collections.nCopies(connections, request), duration);
    }

    /**
     * Runs for {@code duration} over one connection for each of {@code requests}.
     *
     * @throws IOException if an answer's status is not 200, or none comes for half a minute
     */
    static Result run(int port, List<byte[]> requests, Duration duration) throws IOException {
        return runEach(port, requests.stream().map(List::of).toList(), duration);
    }

    /**
     * Runs for {@code duration} over {@code connections} connections, each of which sends all of {@code requests} in turn,
     * each beginning at another one.
     *
     * @throws IOException if an answer's status is not 200, or none comes for half a minute
     */
    static Result runMixed(int port, List<byte[]> requests, int connections, Duration duration) throws IOException {
        List<List<byte[]>> turned = new ArrayList<>();
        for (int connection = 0; connection < connections; connection++) {
            List<byte[]> own = new ArrayList<>(requests);
            Collections.rotate(own, connection);
            turned.add(own);
        }
        return runEach(port, turned, duration);
    }

    private static Result runEach(int port, List<List<byte[]>> requests, Duration duration) throws IOException {
        long started = System.nanoTime();
        try (HttpLoad load = new HttpLoad(port, requests)) {
            load.run(started + duration.toNanos());
            double seconds = (System.nanoTime() - started) / 1e9;
            long[] all = Arrays.copyOf(load.nanos, load.calls);
            Arrays.sort(all);
            return new Result(
                    all.length / seconds, all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6, all.length);
        }
    }

    /**
     * Sends {@code request} once on a connection of its own.
     *
     * @throws IOException if nobody answers, or the status is not 200
     */
    static void once(int port, byte[] request) throws IOException {
        run(port, request, 1, Duration.ZERO);
    }

    private void run(long end) throws IOException {
        for (List<byte[]> inTurn : requests) {
            new Connection(inTurn).open();
        }
        while (open > 0) {
            try {
                int ready = selector.select(
                        key -> {
                            try {
                                ((Connection) key.attachment()).proceed(end);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        LONGEST_WAIT.toMillis());
                if (ready == 0) {
                    throw new IOException("no answer within " + LONGEST_WAIT.toSeconds() + " s");
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Connection {
        private final HttpAnswer answer = new HttpAnswer();
        private final List<ByteBuffer> inTurn;
        private int turn;
        private ByteBuffer unsent;
        private SocketChannel channel;
        private SelectionKey key;
        private long sentAt;

        Connection(List<byte[]> requests) {
            inTurn = requests.stream()
                    .map(request -> ByteBuffer.allocateDirect(request.length).put(request))
                    .toList();
            unsent = inTurn.getFirst();
        }

        void open() throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
            open++;
            send();
        }

        private void send() throws IOException {
            answer.begin();
            unsent = inTurn.get(turn);
            turn = (turn + 1) % inTurn.size();
            unsent.rewind();
            sentAt = System.nanoTime();
            sendOn();
        }

        /** A large request does not fit into the socket's buffer at once. */
        private void sendOn() throws IOException {
            channel.write(unsent);
            key.interestOps(
                    unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        void proceed(long end) throws IOException {
            if (key.isWritable()) {
                sendOn();
            }
            if (key.isReadable()) {
                read(end);
            }
        }

        private void read(long end) throws IOException {
            received.clear();
            if (channel.read(received) < 0) {
                answer.closed();
            } else if (!answer.take(received.flip())) {
                return;
            }
            long now = System.nanoTime();
            if (calls == nanos.length) {
                nanos = Arrays.copyOf(nanos, calls * 2);
            }
            nanos[calls++] = now - sentAt;
            if (now < end && answer.keepsConnection()) {
                send();
                return;
            }
            channel.close();
            open--;
            if (now < end) {
                open();
            }
        }
    }
}
