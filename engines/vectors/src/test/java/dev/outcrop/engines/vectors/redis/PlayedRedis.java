package dev.outcrop.engines.vectors.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.DistanceMetric;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Redis with one index {@code kb} over hashes that begin with {@code doc[1]:}, as far as the store speaks to it. */
final class PlayedRedis implements AutoCloseable {
    private static final String PREFIX = "doc[1]:";

    private final ServerSocket listener;
    private final Map<String, Map<String, byte[]>> hashes = new TreeMap<>();
    private final int dimension;

    PlayedRedis(int dimension) {
        this.dimension = dimension;
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve(Socket socket) {
        boolean known = false;
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            while (true) {
                List<byte[]> command = new ArrayList<>();
                int words = length(in);
                for (int i = 0; i < words; i++) {
                    command.add(in.readNBytes(length(in)));
                    in.readNBytes(2);
                }
                String name = text(command.getFirst());
                if (name.equals("AUTH")) {
                    known = text(command.getLast()).equals("password");
                    write(out, known ? "OK" : new IllegalStateException("WRONGPASS invalid username-password pair"));
                } else {
                    write(
                            out,
                            known
                                    ? answer(name, command)
                                    : new IllegalStateException("NOAUTH Authentication required."));
                }
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException gone) {
            // The other side has hung up.
        }
    }

    private synchronized Object answer(String name, List<byte[]> command) {
        String first = text(command.get(1));
        return switch (name) {
            case "HSET" -> {
                Map<String, byte[]> hash = hashes.computeIfAbsent(first, key -> new LinkedHashMap<>());
                for (int i = 2; i < command.size(); i += 2) {
                    hash.put(text(command.get(i)), command.get(i + 1));
                }
                yield 3L;
            }
            case "DEL" -> hashes.remove(first) == null ? 0L : 1L;
            case "HMGET" -> {
                List<Object> values = new ArrayList<>();
                for (byte[] field : command.subList(2, command.size())) {
                    values.add(hashes.getOrDefault(first, Map.of()).get(text(field)));
                }
                yield values;
            }
            case "SCAN" -> {
                List<String> keys = List.copyOf(hashes.keySet());
                int from = Integer.parseInt(first);
                int to = Math.min(keys.size(), from + 10);
                assertPattern(text(command.get(3)));
                yield List.of(to < keys.size() ? String.valueOf(to) : "0", List.<Object>copyOf(keys.subList(from, to)));
            }
            case "FT.INFO" ->
                first.equals("kb")
                        ? List.of(
                                "index_name", "kb",
                                "index_definition", List.of("key_type", "HASH", "prefixes", List.of(PREFIX)),
                                "attributes",
                                        List.of(
                                                List.of(
                                                        "identifier",
                                                        "my-vector",
                                                        "attribute",
                                                        "my-vector",
                                                        "type",
                                                        "VECTOR",
                                                        "algorithm",
                                                        "HNSW",
                                                        "distance_metric",
                                                        "COSINE"),
                                                List.of(
                                                        "identifier",
                                                        "text",
                                                        "attribute",
                                                        "text",
                                                        "type",
                                                        "TEXT",
                                                        "WEIGHT",
                                                        "1")))
                        : new IllegalStateException("Unknown index name");
            case "FT.SEARCH" -> search(command);
            default -> new IllegalStateException("ERR unknown command");
        };
    }

    private static void assertPattern(String pattern) {
        if (!pattern.equals("doc\\[1\\]:*")) {
            throw new IllegalArgumentException("the prefix must be taken as it is, but is " + pattern);
        }
    }

    private record Hit(String key, Map<String, byte[]> hash, double score) {}

    private Object search(List<byte[]> command) {
        List<String> words = command.stream().map(PlayedRedis::text).toList();
        int limit = Integer.parseInt(words.get(words.indexOf("LIMIT") + 2));
        List<Hit> hits = new ArrayList<>();
        boolean isNearest = words.get(2).startsWith("*=>[KNN ");
        if (isNearest) {
            byte[] query = command.get(words.indexOf("query") + 1);
            if (!words.get(2).contains("@my\\-vector ") || query.length != dimension * 4) {
                return new IllegalStateException(
                        "query vector blob size (" + query.length + ") does not match index's expected size");
            }
            hashes.forEach((key, hash) -> hits.add(new Hit(
                    key, hash, 1 - DistanceMetric.COSINE.similarity(floats(query), floats(hash.get("my-vector"))))));
            hits.sort(Comparator.comparingDouble(Hit::score));
        } else {
            List<String> wanted = List.of(words.get(2)
                    .replaceAll("^@text:\\(|\\)$", "")
                    .toLowerCase(Locale.ROOT)
                    .split("\\|"));
            hashes.forEach((key, hash) -> {
                List<String> there =
                        List.of(text(hash.get("text")).toLowerCase(Locale.ROOT).split("\\W+"));
                long count = wanted.stream().filter(there::contains).count();
                if (count > 0) {
                    hits.add(new Hit(key, hash, count));
                }
            });
            hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        }
        List<Object> reply = new ArrayList<>(List.of((long) hits.size()));
        for (Hit hit : hits.subList(0, Math.min(limit, hits.size()))) {
            reply.add(hit.key());
            List<Object> fields = new ArrayList<>(List.of(
                    "text", hit.hash().get("text"), "metadata", hit.hash().get("metadata")));
            if (isNearest) {
                fields.addAll(List.of("outcrop_distance", String.valueOf(hit.score())));
            } else {
                reply.add(String.valueOf(hit.score()));
            }
            reply.add(fields);
        }
        return reply;
    }

    private static int length(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int value = in.read(); value != '\r'; value = in.read()) {
            if (value < 0) {
                throw new IOException("gone");
            }
            line.append((char) value);
        }
        in.read();
        return Integer.parseInt(line.substring(1));
    }

    private static void write(OutputStream out, Object value) throws IOException {
        switch (value) {
            case null -> out.write("$-1\r\n".getBytes(ISO_8859_1));
            case Long number -> out.write((":" + number + "\r\n").getBytes(ISO_8859_1));
            case IllegalStateException refusal -> out.write(("-" + refusal.getMessage() + "\r\n").getBytes(UTF_8));
            case List<?> list -> {
                out.write(("*" + list.size() + "\r\n").getBytes(ISO_8859_1));
                for (Object item : list) {
                    write(out, item);
                }
            }
            default -> {
                byte[] bytes =
                        value instanceof byte[] given ? given : value.toString().getBytes(UTF_8);
                out.write(("$" + bytes.length + "\r\n").getBytes(ISO_8859_1));
                out.write(bytes);
                out.write("\r\n".getBytes(ISO_8859_1));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
