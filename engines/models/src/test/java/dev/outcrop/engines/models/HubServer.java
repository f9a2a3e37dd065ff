package dev.outcrop.engines.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A hub that speaks the real one's protocol: large files redirect to a store on another port, with the sum and the size
 * in the redirect's headers; small ones are answered in place. The store knows ranges and can break connections.
 */
final class HubServer implements AutoCloseable {
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final Map<String, byte[]> large = new ConcurrentHashMap<>();
    final Map<String, byte[]> small = new ConcurrentHashMap<>();
    /** After how many bytes the next answers of the store break. */
    final Deque<Integer> breaks = new ConcurrentLinkedDeque<>();

    /** Whether the store goes silent where it would break. */
    volatile boolean silent;

    volatile String announced = "";
    volatile String token = "";
    volatile boolean ranges = true;
    volatile String storeTag = "\"store-1\"";

    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer hub = server();
    private final HttpServer store = server();

    HubServer() throws IOException {
        hub.createContext("/", this::hub);
        store.createContext("/", this::store);
        hub.start();
        store.start();
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return server;
    }

    String address() {
        return "http://localhost:" + hub.getAddress().getPort();
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        log.add("hub " + exchange.getRequestMethod() + " " + path + authorization(exchange));
        if (!token.isEmpty()
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, 401, "GatedRepo");
        } else if (path.startsWith("/old/name/")) {
            exchange.getResponseHeaders().set("Location", path.replace("/old/name/", "/owner/name/"));
            answer(exchange, 307, new byte[0]);
        } else if (path.startsWith("/api/models/owner/name/tree/main")) {
            list(exchange);
        } else if (!path.startsWith("/owner/name/resolve/")) {
            refuse(exchange, 404, "RepoNotFound");
        } else if (!path.startsWith("/owner/name/resolve/main/")) {
            refuse(exchange, 404, "RevisionNotFound");
        } else {
            file(exchange, path.substring("/owner/name/resolve/main/".length()));
        }
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        exchange.getResponseHeaders().set("X-Repo-Commit", "0123456789012345678901234567890123456789");
        if (large.containsKey(name)) {
            byte[] content = large.get(name);
            exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + announced(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + store.getAddress().getPort() + "/" + name);
            answer(exchange, 302, "redirected".getBytes(StandardCharsets.UTF_8));
        } else if (small.containsKey(name)) {
            exchange.getResponseHeaders().set("ETag", "\"" + gitBlob(small.get(name)) + "\"");
            answer(exchange, 200, small.get(name));
        } else {
            refuse(exchange, 404, "EntryNotFound");
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        List<String> entries = new ArrayList<>();
        large.forEach((name, content) -> entries.add(
                "{\"type\": \"file\", \"path\": \"" + name + "\", \"size\": " + content.length + ", \"oid\": \"0\","
                        + " \"lfs\": {\"oid\": \"" + announced(content) + "\", \"size\": " + content.length + "}}"));
        entries.sort(String::compareTo);
        // One entry a page, so that pages are followed.
        String query = exchange.getRequestURI().getQuery();
        int page = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
        if (page + 1 < entries.size()) {
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<" + address() + exchange.getRequestURI().getPath() + "?recursive=true&cursor="
                                    + (page + 1) + ">; rel=\"next\"");
        }
        answer(exchange, 200, ("[" + entries.get(page) + "]").getBytes(StandardCharsets.UTF_8));
    }

    private void store(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        String name = exchange.getRequestURI().getPath().substring(1);
        log.add("store " + exchange.getRequestMethod() + " " + name + (range == null ? "" : " " + range)
                + (ifRange == null ? "" : " if " + ifRange) + authorization(exchange));
        byte[] content = large.get(name);
        int from = 0;
        exchange.getResponseHeaders().set("ETag", storeTag);
        if (range != null && ranges && (ifRange == null || ifRange.equals(storeTag))) {
            from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        Integer broken = breaks.poll();
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, broken == null ? content.length - from : Math.min(broken, content.length - from));
        out.flush();
        if (broken != null && silent) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        // With bytes missing this breaks the connection.
        exchange.close();
    }

    private static String authorization(HttpExchange exchange) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        return authorization == null ? "" : " with " + authorization;
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        answer(exchange, status, new byte[0]);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private String announced(byte[] content) {
        return announced.isEmpty() ? sum("SHA-256", content) : announced;
    }

    static String sha256(byte[] content) {
        return sum("SHA-256", content);
    }

    private static String gitBlob(byte[] content) {
        byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] blob = new byte[header.length + content.length];
        System.arraycopy(header, 0, blob, 0, header.length);
        System.arraycopy(content, 0, blob, header.length, content.length);
        return sum("SHA-1", blob);
    }

    private static String sum(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        store.stop(0);
    }
}
