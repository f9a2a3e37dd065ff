package dev.outcrop.engines.vectors.mongodb;

import dev.outcrop.engines.vectors.DistanceMetric;
import java.io.BufferedInputStream;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A MongoDB with one collection and two search indexes behind the protocol that the driver speaks: OP_MSG, and the first
 * greeting in OP_QUERY. Knows the commands that the store sends.
 */
final class PlayedMongo implements AutoCloseable {
    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;

    private final ServerSocket listener;
    private final TreeMap<String, BsonDocument> documents = new TreeMap<>();
    private final int dimension;

    PlayedMongo(int dimension) {
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
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int length = Integer.reverseBytes(in.readInt());
                ByteBuffer message = ByteBuffer.wrap(in.readNBytes(length - 4)).order(ByteOrder.LITTLE_ENDIAN);
                int request = message.getInt();
                message.getInt();
                int code = message.getInt();
                message.getInt();
                if (code == OP_QUERY) {
                    while (message.get() != 0) {
                        // The name of a collection, which does not matter.
                    }
                    reply(
                            socket.getOutputStream(),
                            request,
                            OP_REPLY,
                            answer(document(message.position(message.position() + 8))));
                } else {
                    reply(socket.getOutputStream(), request, OP_MSG, answer(sections(message)));
                }
            }
        } catch (IOException gone) {
            // The driver has hung up.
        }
    }

    /** A command with its sequences of documents as arrays. */
    private static BsonDocument sections(ByteBuffer message) {
        BsonDocument command = new BsonDocument();
        Map<String, BsonArray> sequences = new HashMap<>();
        while (message.hasRemaining()) {
            if (message.get() == 0) {
                command = document(message);
                continue;
            }
            int end = message.position() + message.getInt();
            StringBuilder name = new StringBuilder();
            for (byte letter = message.get(); letter != 0; letter = message.get()) {
                name.append((char) letter);
            }
            BsonArray sequence = new BsonArray();
            while (message.position() < end) {
                sequence.add(document(message));
            }
            sequences.put(name.toString(), sequence);
        }
        command.putAll(sequences);
        return command;
    }

    private static BsonDocument document(ByteBuffer message) {
        byte[] bytes = new byte[message.getInt(message.position())];
        message.get(bytes);
        return new RawBsonDocument(bytes).decode(new BsonDocumentCodec());
    }

    private static void reply(OutputStream out, int request, int code, BsonDocument answer) throws IOException {
        RawBsonDocument raw = new RawBsonDocument(answer, new BsonDocumentCodec());
        byte[] bytes = new byte[raw.getByteBuffer().remaining()];
        raw.getByteBuffer().get(bytes);
        ByteBuffer head = ByteBuffer.allocate(code == OP_MSG ? 21 : 36).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(head.capacity() + bytes.length)
                .putInt(request + 1)
                .putInt(request)
                .putInt(code);
        if (code == OP_MSG) {
            head.putInt(0).put((byte) 0);
        } else {
            head.putInt(8).putLong(0).putInt(0).putInt(1);
        }
        byte[] whole = new byte[head.capacity() + bytes.length];
        System.arraycopy(head.array(), 0, whole, 0, head.capacity());
        System.arraycopy(bytes, 0, whole, head.capacity(), bytes.length);
        out.write(whole);
        out.flush();
    }

    private synchronized BsonDocument answer(BsonDocument command) {
        String name = command.getFirstKey();
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "hello", "ismaster" ->
                BsonDocument.parse(
                        "{helloOk: true, ismaster: true, isWritablePrimary: true, maxBsonObjectSize: 16777216,"
                                + " maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, minWireVersion: 0,"
                                + " maxWireVersion: 25, readOnly: false, ok: 1}");
            case "update" -> {
                command.getArray("updates").forEach(update -> {
                    BsonDocument written = update.asDocument().getDocument("u");
                    documents.put(written.getString("_id").getValue(), written);
                });
                yield BsonDocument.parse("{n: 1, nModified: 0, ok: 1}");
            }
            case "delete" -> {
                command.getArray("deletes")
                        .get(0)
                        .asDocument()
                        .getDocument("q")
                        .getDocument("_id")
                        .getArray("$in")
                        .forEach(key -> documents.remove(key.asString().getValue()));
                yield BsonDocument.parse("{n: 1, ok: 1}");
            }
            case "find" -> {
                BsonValue key = command.getDocument("filter").get("_id");
                int limit = command.getNumber("limit", new BsonInt32(1)).intValue();
                yield cursor(
                        key.isString()
                                ? documents.containsKey(key.asString().getValue())
                                        ? List.of(documents.get(key.asString().getValue()))
                                        : List.of()
                                : documents
                                        .tailMap(
                                                key.asDocument()
                                                        .getString("$gt")
                                                        .getValue(),
                                                false)
                                        .values()
                                        .stream()
                                        .limit(limit)
                                        .toList());
            }
            case "aggregate" -> aggregate(command.getArray("pipeline"));
            default -> BsonDocument.parse("{ok: 1}");
        };
    }

    private BsonDocument aggregate(BsonArray pipeline) {
        BsonDocument stage = pipeline.get(0).asDocument();
        String name = stage.getFirstKey();
        BsonDocument body = stage.getDocument(name);
        List<BsonDocument> found = new ArrayList<>();
        switch (name) {
            case "$listSearchIndexes" -> {
                if (body.getString("name").getValue().equals("vectors")) {
                    found.add(BsonDocument.parse("{name: 'vectors', latestDefinition: {fields: [{type: 'vector',"
                            + " path: 'embedding', numDimensions: " + dimension + ", similarity: 'cosine'}]}}"));
                } else if (body.getString("name").getValue().equals("texts")) {
                    found.add(BsonDocument.parse("{name: 'texts'}"));
                }
            }
            case "$vectorSearch" -> {
                float[] query = vector(body.getArray("queryVector"));
                documents
                        .values()
                        .forEach(document -> found.add(scored(
                                document,
                                (1 + DistanceMetric.COSINE.similarity(query, vector(document.getArray("embedding"))))
                                        / 2)));
                found.sort(Comparator.comparingDouble((BsonDocument document) ->
                        -document.getNumber("outcrop_score").doubleValue()));
                int limit = body.getNumber("limit").intValue();
                return cursor(found.subList(0, Math.min(limit, found.size())));
            }
            case "$search" -> {
                List<String> wanted =
                        words(body.getDocument("text").getString("query").getValue());
                documents.values().forEach(document -> {
                    double count = words(document.getString("text").getValue()).stream()
                            .filter(wanted::contains)
                            .count();
                    if (count > 0) {
                        found.add(scored(document, count));
                    }
                });
                found.sort(Comparator.comparingDouble((BsonDocument document) ->
                        -document.getNumber("outcrop_score").doubleValue()));
            }
            default -> throw new IllegalArgumentException(name + " is not played");
        }
        return cursor(found);
    }

    private static BsonDocument scored(BsonDocument document, double score) {
        BsonDocument scored = document.clone();
        scored.remove("embedding");
        return scored.append("outcrop_score", new BsonDouble(score));
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("\\W+"));
    }

    private static BsonDocument cursor(List<BsonDocument> found) {
        return new BsonDocument("ok", new BsonInt32(1))
                .append(
                        "cursor",
                        new BsonDocument("id", new BsonInt64(0))
                                .append("ns", new BsonString("kb.chunks"))
                                .append("firstBatch", new BsonArray(found)));
    }

    private static float[] vector(BsonArray values) {
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) values.get(i).asNumber().doubleValue();
        }
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
