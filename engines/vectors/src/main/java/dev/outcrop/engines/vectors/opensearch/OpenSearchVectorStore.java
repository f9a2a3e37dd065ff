package dev.outcrop.engines.vectors.opensearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.RemoteFailures;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.vectors.remote.Widening;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * An index with a field for vectors ({@code knn_vector}), one for texts, one for all metadata as JSON, and one for each key of
 * metadata, which filters look at. Keys that could be mistaken for other fields are only in the JSON. The entry's key is the
 * document's id, and a field to list by.
 *
 * <p>Neighbours are those of the index's approximate search, filtered while it searches; keywords are ranked by BM25. Filters
 * do not find texts of more than 256 characters in metadata, which OpenSearch does not index. A put is refreshed before it
 * returns.
 */
public final class OpenSearchVectorStore implements VectorStore {
    /** The field by which entries are listed. */
    static final String KEY = "x-outcrop-key";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LARGEST_ANSWER = 1 << 28;
    private static final int LARGEST_BULK = 500;
    private static final int MOST = 10_000;
    private static final int LONGEST_FIELD = 256;

    private final RestCalls calls;
    private final String path;
    private final FieldMapping fields;
    private final Set<String> reserved;
    private final int dimension;
    private final DistanceMetric metric;

    private OpenSearchVectorStore(
            RestCalls calls, String path, FieldMapping fields, int dimension, DistanceMetric metric) {
        this.calls = calls;
        this.path = path;
        this.fields = fields;
        this.reserved = Set.of(fields.vector(), fields.text(), fields.metadata(), KEY, "id");
        this.dimension = dimension;
        this.metric = metric;
    }

    /**
     * Opens an index.
     *
     * @throws VectorStoreException if it cannot be reached or is not as it must be; the message says why
     */
    public static OpenSearchVectorStore open(OpenSearchSettings settings, int dimension) {
        if (Set.of(
                                settings.fields().vector(),
                                settings.fields().text(),
                                settings.fields().metadata())
                        .size()
                < 3) {
            throw new VectorStoreException("The vector, text and metadata fields must be three");
        }
        String path = URLEncoder.encode(settings.index(), UTF_8);
        URI base = URI.create(settings.endpoint().toString().replaceAll("/+$", "") + "/");
        RestCalls calls = RemoteFailures.of(
                "The OpenSearch endpoint is wrong",
                () -> new RestCalls(
                        base,
                        settings.authorization(),
                        settings.reach(),
                        new RestCalls.Limits(
                                RestCalls.Limits.USUAL.call(),
                                LARGEST_ANSWER,
                                RestCalls.Limits.USUAL.attempts(),
                                RestCalls.Limits.USUAL.longestWait())));
        try {
            DistanceMetric metric = new IndexMapping(calls.get(path + "/_mapping"))
                    .check(settings.index(), settings.fields(), dimension);
            return new OpenSearchVectorStore(calls, path, settings.fields(), dimension, metric);
        } catch (RestException refused) {
            calls.close();
            throw new VectorStoreException(
                    (refused.isMissing()
                                    ? "The index " + settings.index() + " does not exist"
                                    : "OpenSearch at " + settings.endpoint().getHost() + " cannot be read")
                            + ": " + refused.getMessage(),
                    refused);
        } catch (VectorStoreException unfit) {
            calls.close();
            throw unfit;
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        return metric;
    }

    @Override
    public void put(List<VectorEntry> entries) {
        entries.forEach(entry -> check(entry.vector()));
        List<VectorEntry> last = Vectors.lastOfEach(entries);
        for (int from = 0; from < last.size(); from += LARGEST_BULK) {
            StringBuilder lines = new StringBuilder();
            for (VectorEntry entry : last.subList(from, Math.min(last.size(), from + LARGEST_BULK))) {
                line(lines, NODES.objectNode().set("index", NODES.objectNode().put("_id", entry.key())));
                line(lines, document(entry));
            }
            bulk(lines);
        }
    }

    private ObjectNode document(VectorEntry entry) {
        ObjectNode document = NODES.objectNode();
        entry.metadata().forEach((key, value) -> {
            if (isField(key)) {
                document.set(key, MetadataJson.node(value));
            }
        });
        document.set(fields.vector(), Vectors.json(entry.vector()));
        document.put(fields.text(), entry.text());
        document.put(fields.metadata(), MetadataJson.text(entry.metadata()));
        document.put(KEY, entry.key());
        return document;
    }

    /** Whether a key can be a field of its own: no other field, no path into one, nothing that OpenSearch keeps for itself. */
    private boolean isField(String key) {
        return !key.isBlank()
                && key.length() <= LONGEST_FIELD
                && !key.startsWith("_")
                && !key.startsWith(".")
                && !key.endsWith(".")
                && !key.contains("..")
                && reserved.stream()
                        .noneMatch(
                                name -> key.equals(name) || key.startsWith(name + ".") || name.startsWith(key + "."));
    }

    @Override
    public void delete(Collection<String> keys) {
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += LARGEST_BULK) {
            StringBuilder lines = new StringBuilder();
            for (String key : all.subList(from, Math.min(all.size(), from + LARGEST_BULK))) {
                line(lines, NODES.objectNode().set("delete", NODES.objectNode().put("_id", key)));
            }
            bulk(lines);
        }
    }

    private static void line(StringBuilder lines, JsonNode line) {
        lines.append(MetadataJson.text(line)).append('\n');
    }

    private void bulk(StringBuilder lines) {
        JsonNode answer = RemoteFailures.of(
                "OpenSearch did not write",
                () -> calls.call(
                        "POST",
                        path + "/_bulk?refresh=true",
                        lines.toString().getBytes(UTF_8),
                        "application/x-ndjson"));
        if (!answer.path("errors").asBoolean()) {
            return;
        }
        for (JsonNode item : answer.path("items")) {
            for (JsonNode outcome : item) {
                if (!outcome.path("error").isMissingNode()) {
                    JsonNode error = outcome.path("error");
                    String cause = error.path("caused_by").path("reason").asText("");
                    throw new VectorStoreException("OpenSearch did not write the entry "
                            + outcome.path("_id").asText() + ": "
                            + error.path("reason").asText("no reason is told")
                            + (cause.isEmpty() ? "" : " (" + cause + ")"));
                }
            }
        }
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        try {
            JsonNode found =
                    calls.get(path + "/_doc/" + URLEncoder.encode(key, UTF_8).replace("+", "%20"));
            return found.path("found").asBoolean() ? Optional.of(entry(found)) : Optional.empty();
        } catch (RestException refused) {
            if (refused.isMissing()) {
                return Optional.empty();
            }
            throw new VectorStoreException("OpenSearch did not read: " + refused.getMessage(), refused);
        }
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        ObjectNode search = NODES.objectNode().put("size", Math.min(count, MOST));
        String sorted = mapping().exact(KEY).orElse(KEY);
        search.putArray("sort")
                .addObject()
                .putObject(sorted)
                .put("order", "asc")
                .put("unmapped_type", "keyword");
        after.ifPresent(key -> search.putArray("search_after").add(key));
        List<VectorEntry> page = new ArrayList<>();
        search(search).forEach(hit -> page.add(entry(hit)));
        return page;
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        Optional<ObjectNode> condition = filter.flatMap(this::condition);
        return Widening.search(count, filter, MOST, asked -> {
            ObjectNode search = withoutVectors(asked);
            ObjectNode knn = search.putObject("query").putObject("knn").putObject(fields.vector());
            knn.set("vector", Vectors.json(query));
            knn.put("k", asked);
            condition.ifPresent(wanted -> knn.set("filter", wanted));
            return matches(search, this::similarity);
        });
    }

    @Override
    public boolean searchesText() {
        return true;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        Vectors.checkCount(count);
        Optional<ObjectNode> condition = filter.flatMap(this::condition);
        return Widening.search(count, filter, MOST, asked -> {
            ObjectNode search = withoutVectors(asked);
            ObjectNode bool = search.putObject("query").putObject("bool");
            bool.putArray("must").addObject().putObject("match").put(fields.text(), query);
            condition.ifPresent(wanted -> bool.putArray("filter").add(wanted));
            return matches(search, score -> score);
        });
    }

    private Optional<ObjectNode> condition(MetadataFilter filter) {
        return new FilterQuery(mapping(), this::isField).of(filter);
    }

    private IndexMapping mapping() {
        return RemoteFailures.of("OpenSearch did not read", () -> new IndexMapping(calls.get(path + "/_mapping")));
    }

    private ObjectNode withoutVectors(int size) {
        ObjectNode search = NODES.objectNode().put("size", size);
        ArrayNode sources = search.putArray("_source");
        sources.add(fields.text()).add(fields.metadata());
        return search;
    }

    private List<Match> matches(ObjectNode search, DoubleUnaryOperator score) {
        List<Match> matches = new ArrayList<>();
        search(search)
                .forEach(hit -> matches.add(new Match(
                        hit.path("_id").asText(),
                        hit.path("_source").path(fields.text()).asText(""),
                        metadata(hit),
                        score.applyAsDouble(hit.path("_score").asDouble()))));
        return matches;
    }

    private JsonNode search(ObjectNode search) {
        return RemoteFailures.of(
                "OpenSearch did not search",
                () -> calls.call("POST", path + "/_search", search).path("hits").path("hits"));
    }

    /** From the scores that the k-NN plug-in makes of distances, back. */
    private double similarity(double score) {
        return switch (metric) {
            case COSINE -> 2 * score - 1;
            case EUCLIDEAN -> -Math.sqrt(Math.max(0, 1 / score - 1));
            case DOT_PRODUCT -> score >= 1 ? score - 1 : 1 - 1 / score;
            case HAMMING -> throw new IllegalStateException("bits are not kept in such an index");
        };
    }

    private VectorEntry entry(JsonNode hit) {
        JsonNode source = hit.path("_source");
        return new VectorEntry(
                hit.path("_id").asText(),
                Vectors.of(source.path(fields.vector())),
                source.path(fields.text()).asText(""),
                metadata(hit));
    }

    private Map<String, MetadataValue> metadata(JsonNode hit) {
        return MetadataJson.read(hit.path("_source").path(fields.metadata()).asText(""));
    }

    @Override
    public void close() {
        calls.close();
    }
}
