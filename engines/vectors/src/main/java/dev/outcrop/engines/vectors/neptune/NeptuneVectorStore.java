package dev.outcrop.engines.vectors.neptune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.RemoteFailures;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.vectors.remote.Widening;
import dev.outcrop.engines.web.RestCalls;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes with the label {@code Chunk}, the entry's key as their id, properties for text and metadata, and an embedding. The graph
 * compares embeddings by their distance. Filters are looked at here: more neighbours are asked for until enough are wanted,
 * 10,000 at most. It does not search texts.
 *
 * <p>Everything that changes from call to call is a parameter of a query; names of properties are quoted.
 */
public final class NeptuneVectorStore implements VectorStore {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LARGEST_ANSWER = 1 << 28;
    private static final int LARGEST_BATCH = 100;
    private static final int MOST = 10_000;
    private static final String LABEL = "Chunk";
    private static final String ONLY_CHUNKS = "{\"equals\":{\"property\":\"~label\",\"value\":\"Chunk\"}}";

    private final RestCalls calls;
    private final String text;
    private final String metadata;
    private final int dimension;

    private NeptuneVectorStore(RestCalls calls, NeptuneSettings settings, int dimension) {
        this.calls = calls;
        this.text = quoted(settings.text());
        this.metadata = quoted(settings.metadata());
        this.dimension = dimension;
    }

    /**
     * Opens a graph.
     *
     * @throws VectorStoreException if it cannot be reached, or is not for vectors of this dimension
     */
    public static NeptuneVectorStore open(NeptuneSettings settings, int dimension) {
        URI base = URI.create(settings.endpoint().toString().replaceAll("/+$", "") + "/");
        RestCalls calls = RemoteFailures.of(
                "The endpoint of the graph is wrong",
                () -> new RestCalls(
                        base,
                        (method, target, body) -> {
                            Map<String, String> headers =
                                    new HashMap<>(settings.authorization().headers(method, target, body));
                            headers.put("graphIdentifier", settings.graph());
                            return headers;
                        },
                        settings.reach(),
                        new RestCalls.Limits(
                                RestCalls.Limits.USUAL.call(),
                                LARGEST_ANSWER,
                                RestCalls.Limits.USUAL.attempts(),
                                RestCalls.Limits.USUAL.longestWait())));
        try {
            NeptuneVectorStore store = new NeptuneVectorStore(calls, settings, dimension);
            float[] probe = new float[dimension];
            probe[0] = 1;
            store.search(probe, 1);
            return store;
        } catch (VectorStoreException unfit) {
            calls.close();
            throw new VectorStoreException(
                    "The graph " + settings.graph() + " cannot be searched by vectors of " + dimension + " dimensions: "
                            + unfit.getMessage(),
                    unfit);
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        return DistanceMetric.EUCLIDEAN;
    }

    @Override
    public void put(List<VectorEntry> entries) {
        entries.forEach(entry -> check(entry.vector()));
        List<VectorEntry> last = Vectors.lastOfEach(entries);
        for (int from = 0; from < last.size(); from += LARGEST_BATCH) {
            ObjectNode parameters = NODES.objectNode();
            ArrayNode rows = parameters.putArray("rows");
            for (VectorEntry entry : last.subList(from, Math.min(last.size(), from + LARGEST_BATCH))) {
                ObjectNode row = rows.addObject()
                        .put("id", entry.key())
                        .put("text", entry.text())
                        .put("metadata", MetadataJson.text(entry.metadata()));
                row.set("embedding", Vectors.json(entry.vector()));
            }
            query(
                    "UNWIND $rows AS row MERGE (n:" + LABEL + " {`~id`: row.id}) SET n." + text + " = row.text, n."
                            + metadata + " = row.metadata WITH n, row.embedding AS embedding"
                            + " CALL neptune.algo.vectors.upsert(n, embedding) YIELD success RETURN count(success) AS written",
                    parameters);
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        ObjectNode parameters = NODES.objectNode();
        ArrayNode ids = parameters.putArray("ids");
        keys.forEach(ids::add);
        query("MATCH (n:" + LABEL + ") WHERE id(n) IN $ids DETACH DELETE n", parameters);
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        ObjectNode parameters = NODES.objectNode();
        parameters.putArray("ids").add(key);
        return entries("WHERE id(n) IN $ids WITH n", parameters).stream().findFirst();
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        ObjectNode parameters =
                NODES.objectNode().put("after", after.orElse("")).put("count", count);
        return entries("WHERE id(n) > $after WITH n ORDER BY id(n) LIMIT $count", parameters);
    }

    private List<VectorEntry> entries(String which, ObjectNode parameters) {
        JsonNode rows = query(
                "MATCH (n:" + LABEL + ") " + which + " CALL neptune.algo.vectors.get(n) YIELD embedding RETURN "
                        + row("n") + " ORDER BY id",
                parameters);
        List<VectorEntry> entries = new ArrayList<>();
        for (JsonNode row : rows) {
            entries.add(new VectorEntry(
                    row.path("id").asText(),
                    Vectors.of(row.path("embedding")),
                    row.path("text").asText(""),
                    MetadataJson.read(row.path("metadata").asText(""))));
        }
        return entries;
    }

    private String row(String node) {
        return "id(" + node + ") AS id, " + node + "." + text + " AS text, " + node + "." + metadata
                + " AS metadata, embedding AS embedding";
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        return Widening.search(count, filter, MOST, asked -> search(query, asked));
    }

    /** Similarities are computed here, of the embeddings, and do not depend on what a graph calls a score. */
    private List<Match> search(float[] query, int count) {
        ObjectNode parameters = NODES.objectNode().put("count", count).put("filter", ONLY_CHUNKS);
        parameters.set("embedding", Vectors.json(query));
        JsonNode rows = query(
                "CALL neptune.algo.vectors.topK.byEmbedding({embedding: $embedding, topK: $count, vertexFilter: $filter})"
                        + " YIELD node, score CALL neptune.algo.vectors.get(node) YIELD embedding RETURN "
                        + row("node"),
                parameters);
        List<Match> matches = new ArrayList<>();
        for (JsonNode row : rows) {
            float[] vector = Vectors.of(row.path("embedding"));
            if (vector.length != dimension) {
                throw new VectorStoreException("its vectors have " + vector.length + " dimensions");
            }
            matches.add(new Match(
                    row.path("id").asText(),
                    row.path("text").asText(""),
                    MetadataJson.read(row.path("metadata").asText("")),
                    metric().similarity(query, vector)));
        }
        matches.sort(Comparator.comparingDouble(Match::score).reversed());
        return matches;
    }

    @Override
    public boolean searchesText() {
        return false;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        throw new UnsupportedOperationException("Neptune Analytics does not search texts");
    }

    private JsonNode query(String query, ObjectNode parameters) {
        ObjectNode request = NODES.objectNode().put("query", query).put("language", "OPEN_CYPHER");
        request.set("parameters", parameters);
        return RemoteFailures.of("Neptune refused", () -> calls.call("POST", "queries", request))
                .path("results");
    }

    /** A name as openCypher takes it for nothing else. */
    private static String quoted(String name) {
        if (name.isEmpty() || name.contains("\\")) {
            throw new VectorStoreException("A property cannot be called " + name);
        }
        return "`" + name.replace("`", "``") + "`";
    }

    @Override
    public void close() {
        calls.close();
    }
}
