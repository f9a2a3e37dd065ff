package dev.outcrop.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends the same bytes again and again over kept-alive connections and reads the answers, doing as little as can be, so
 * that on a small machine the server and not the client is measured. Loopback only.
 */
final class HttpLoad {
    private HttpLoad() {}

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
     * @throws IOException if an answer's status is not 200
     */
    static Result run(int port, byte[] request, int connections, Duration duration)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        List<long[]> times = new ArrayList<>();
        long started = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(connections)) {
            List<Callable<long[]>> clients = new ArrayList<>();
            for (int client = 0; client < connections; client++) {
                clients.add(() -> callUntil(port, request, end));
            }
            for (Future<long[]> result : executor.invokeAll(clients)) {
                switch (result.state()) {
                    case SUCCESS -> times.add(result.resultNow());
                    default -> throw new IOException(result.exceptionNow());
                }
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(
                all.length / seconds, all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6, all.length);
    }

    /**
     * Sends {@code request} once on a connection of its own.
     *
     * @throws IOException if nobody answers, or the status is not 200
     */
    static void once(int port, byte[] request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request);
            readAnswer(new BufferedInputStream(socket.getInputStream()));
        }
    }

    private static long[] callUntil(int port, byte[] request, long end) throws IOException {
        long[] nanos = new long[1024];
        int calls = 0;
        Socket socket = connect(port);
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16_384);
            OutputStream out = socket.getOutputStream();
            while (true) {
                long before = System.nanoTime();
                if (before > end) {
                    return Arrays.copyOf(nanos, calls);
                }
                out.write(request);
                boolean keep = readAnswer(in);
                if (calls == nanos.length) {
                    nanos = Arrays.copyOf(nanos, calls * 2);
                }
                nanos[calls++] = System.nanoTime() - before;
                if (!keep) {
                    socket.close();
                    socket = connect(port);
                    in = new BufferedInputStream(socket.getInputStream(), 16_384);
                    out = socket.getOutputStream();
                }
            }
        } finally {
            socket.close();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Reads one answer; whether the connection can be used again. */
    private static boolean readAnswer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.contains(" 200")) {
            throw new IOException("answered " + status);
        }
        boolean keep = status.startsWith("HTTP/1.1");
        long length = -1;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            } else if (lower.startsWith("connection:")) {
                keep = lower.contains("keep-alive") || (keep && !lower.contains("close"));
            }
        }
        if (chunked) {
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else if (length >= 0) {
            in.skipNBytes(length);
        } else {
            in.readAllBytes();
            keep = false;
        }
        return keep;
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in).strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[256];
        int length = 0;
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next == '\n') {
                return new String(
                        bytes,
                        0,
                        length > 0 && bytes[length - 1] == '\r' ? length - 1 : length,
                        StandardCharsets.ISO_8859_1);
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = (byte) next;
        }
    }
}
