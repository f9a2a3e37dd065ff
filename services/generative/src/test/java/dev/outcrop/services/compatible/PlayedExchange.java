package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.EndpointExchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An exchange in memory. Single quotes in the body stand for double ones. */
final class PlayedExchange implements EndpointExchange {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String method;
    private final String path;
    private final byte[] body;
    private final int readerLeavesAfter;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int status;
    private Map<String, String> headers = Map.of();
    private boolean ended;

    PlayedExchange(String method, String path, String body) {
        this(method, path, body, Integer.MAX_VALUE);
    }

    /** @param readerLeavesAfter how many flushes the client reads before it is gone */
    PlayedExchange(String method, String path, String body, int readerLeavesAfter) {
        this.method = method;
        this.path = path;
        this.body = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        this.readerLeavesAfter = readerLeavesAfter;
    }

    int status() {
        return status;
    }

    Optional<String> sentHeader(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean ended() {
        return ended;
    }

    String text() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
        return MAPPER.readTree(text());
    }

    /** The data of the events that were sent, those that are JSON. */
    List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : text().split("\n", -1)) {
            if (line.startsWith("data: {")) {
                events.add(MAPPER.readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.empty();
    }

    @Override
    public InputStream body(long maximumBytes) {
        if (body.length > maximumBytes) {
            throw new AwsError("RequestEntityTooLargeException", 413, "the body is larger than " + maximumBytes);
        }
        return new ByteArrayInputStream(body);
    }

    @Override
    public void respond(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        sent.writeBytes(body);
        ended = true;
    }

    @Override
    public OutputStream stream(int status, Map<String, String> headers) {
        this.status = status;
        this.headers = headers;
        return new OutputStream() {
            private int flushes;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (flushes >= readerLeavesAfter) {
                    throw new IOException("connection reset by peer");
                }
                sent.write(bytes, offset, length);
            }

            @Override
            public void flush() {
                flushes++;
            }

            @Override
            public void close() {
                ended = true;
            }
        };
    }
}
