package dev.outcrop.engines.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The other side of a call, on loopback: answers as a test says, and remembers what it was asked. */
public final class PlayedServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /**
     * What came in.
     *
     * @param target  path and query
     * @param headers by names in small letters
     */
    public record Request(String method, String target, Map<String, String> headers, byte[] body) {
        /** The target without its query. */
        public String path() {
            return target.split("\\?", 2)[0];
        }

        /** The body as text. */
        public String text() {
            return new String(body, UTF_8);
        }
    }

    /** What goes out. */
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public static Reply html(String body) {
            return new Reply(200, Map.of("Content-Type", "text/html; charset=utf-8"), body.getBytes(UTF_8));
        }

        public static Reply json(String body) {
            return json(200, body);
        }

        public static Reply json(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
        }

        public static Reply of(int status) {
            return new Reply(status, Map.of(), new byte[0]);
        }

        public static Reply redirect(String location) {
            return new Reply(302, Map.of("Location", location), new byte[0]);
        }

        /** The same with one more header. */
        public Reply with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body);
        }
    }

    /** Begins to answer. */
    public PlayedServer(Function<Request, Reply> play) {
        this((request, exchange) -> {
            Reply reply = play.apply(request);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.body());
            }
        });
    }

    /** Begins to answer byte by byte. */
    public PlayedServer(Play play) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Map<String, String> headers = new HashMap<>();
                exchange.getRequestHeaders()
                        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
                Request request = new Request(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        headers,
                        exchange.getRequestBody().readAllBytes());
                requests.add(request);
                play.answer(request, exchange);
            }
        });
        server.start();
    }

    /** Answers one request. */
    @FunctionalInterface
    public interface Play {
        void answer(Request request, HttpExchange exchange) throws IOException;
    }

    /** A URL of this server. */
    public URI at(String target) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + target);
    }

    /** All that it was asked, in order. */
    public List<Request> requests() {
        return requests;
    }

    /** The targets that it was asked for, in order. */
    public List<String> targets() {
        return requests.stream().map(Request::target).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
