package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Plays an OpenAI-compatible server over real HTTP: answers what a test told it, and remembers what it was asked. */
final class ChatCompletionsServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch clientLeft = new CountDownLatch(1);
    private volatile Answer answer = exchange -> exchange.sendResponseHeaders(500, -1);
    private volatile String path = "";
    private volatile Headers headers = new Headers();
    private volatile JsonNode body = new ObjectMapper().createObjectNode();

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    ChatCompletionsServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            try (exchange) {
                path = exchange.getRequestURI().getPath();
                headers = exchange.getRequestHeaders();
                body = new ObjectMapper().readTree(exchange.getRequestBody());
                answer.to(exchange);
            }
        });
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    void streams(String... chunks) {
        answer = exchange -> {
            OutputStream out = begin(exchange);
            for (String chunk : chunks) {
                write(out, "data: " + chunk + "\n\n");
            }
            write(out, ": a comment\r\n\r\ndata: [DONE]\n\n");
        };
    }

    void breaksOffAfter(String chunk) {
        answer = exchange -> write(begin(exchange), "data: " + chunk + "\n\n");
    }

    /** Goes on with comments that keep the connection alive, until the client leaves. */
    void hangsAfter(String chunk) {
        answer = exchange -> {
            OutputStream out = begin(exchange);
            write(out, "data: " + chunk + "\n\n");
            try {
                for (int i = 0; i < 300; i++) {
                    Thread.sleep(50);
                    write(out, ": still here\n\n");
                }
            } catch (IOException e) {
                clientLeft.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    void fails(int status, String message) {
        answer = exchange -> {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    void answers(String json) {
        fails(200, json);
    }

    private static OutputStream begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().put("Content-Type", List.of("text/event-stream"));
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    String lastPath() {
        return path;
    }

    String lastHeader(String name) {
        return headers.getFirst(name);
    }

    JsonNode lastBody() {
        return body;
    }

    CountDownLatch clientLeft() {
        return clientLeft;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
