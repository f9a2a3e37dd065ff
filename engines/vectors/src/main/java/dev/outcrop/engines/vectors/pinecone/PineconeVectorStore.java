package dev.outcrop.engines.vectors.pinecone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataFilter.And;
import dev.outcrop.engines.vectors.MetadataFilter.Equals;
import dev.outcrop.engines.vectors.MetadataFilter.Exists;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThan;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.In;
import dev.outcrop.engines.vectors.MetadataFilter.LessThan;
import dev.outcrop.engines.vectors.MetadataFilter.LessThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.ListContains;
import dev.outcrop.engines.vectors.MetadataFilter.NotEquals;
import dev.outcrop.engines.vectors.MetadataFilter.NotIn;
import dev.outcrop.engines.vectors.MetadataFilter.Or;
import dev.outcrop.engines.vectors.MetadataFilter.StartsWith;
import dev.outcrop.engines.vectors.MetadataFilter.StringContains;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.RemoteFailures;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.vectors.remote.Widening;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A namespace of an index. Texts and metadata are Pinecone's metadata; its filters do what they can, and the rest is looked at
 * here. It does not search texts. Listing needs a serverless index, in which ids come in the order of their bytes.
 *
 * <p>Pinecone itself makes a put visible to queries a moment after it has acknowledged it.
 */
public final class PineconeVectorStore implements VectorStore {
    /** The field that lists keys of metadata that are no fields of their own. */
    static final String HIDDEN = "x-outcrop-keys";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LARGEST_ANSWER = 1 << 28;
    private static final int LARGEST_UPSERT = 100;
    private static final int LARGEST_DELETE = 1000;
    private static final int LARGEST_PAGE = 100;
    private static final int MOST = 10_000;

    /** With their metadata, Pinecone gives this many at most. */
    private static final int MOST_WITH_METADATA = 1000;

    private final RestCalls calls;
    private final PineconeSettings settings;
    private final int dimension;
    private final DistanceMetric metric;

    private PineconeVectorStore(RestCalls calls, PineconeSettings settings, int dimension, DistanceMetric metric) {
        this.calls = calls;
        this.settings = settings;
        this.dimension = dimension;
        this.metric = metric;
    }

    /**
     * Opens an index.
     *
     * @throws VectorStoreException if it cannot be reached or has another dimension
     */
    public static PineconeVectorStore open(PineconeSettings settings, int dimension) {
        URI base = URI.create(settings.connection().toString().replaceAll("/+$", "") + "/");
        Map<String, String> headers = Map.of("Api-Key", settings.key(), "X-Pinecone-API-Version", "2025-04");
        RestCalls calls = RemoteFailures.of(
                "Pinecone's connection string is wrong",
                () -> new RestCalls(
                        base,
                        (method, target, body) -> headers,
                        settings.reach(),
                        new RestCalls.Limits(
                                RestCalls.Limits.USUAL.call(),
                                LARGEST_ANSWER,
                                RestCalls.Limits.USUAL.attempts(),
                                RestCalls.Limits.USUAL.longestWait())));
        try {
            JsonNode index = calls.call("POST", "describe_index_stats", NODES.objectNode());
            int found = index.path("dimension").asInt();
            if (found != dimension) {
                throw new VectorStoreException("The index is for vectors of " + found
                        + " dimensions, but the embedding model makes vectors of " + dimension + " dimensions");
            }
            DistanceMetric metric =
                    switch (index.path("metric").asText("cosine").toLowerCase(Locale.ROOT)) {
                        case "euclidean" -> DistanceMetric.EUCLIDEAN;
                        case "dotproduct" -> DistanceMetric.DOT_PRODUCT;
                        default -> DistanceMetric.COSINE;
                    };
            return new PineconeVectorStore(calls, settings, dimension, metric);
        } catch (RestException refused) {
            calls.close();
            throw new VectorStoreException(settings + " cannot be read: " + refused.getMessage(), refused);
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
        for (int from = 0; from < last.size(); from += LARGEST_UPSERT) {
            ObjectNode upsert = request();
            ArrayNode vectors = upsert.putArray("vectors");
            for (VectorEntry entry : last.subList(from, Math.min(last.size(), from + LARGEST_UPSERT))) {
                ObjectNode vector = vectors.addObject().put("id", entry.key());
                vector.set("values", Vectors.json(entry.vector()));
                vector.set("metadata", metadata(entry));
            }
            RemoteFailures.of("Pinecone did not write", () -> calls.call("POST", "vectors/upsert", upsert));
        }
    }

    private ObjectNode metadata(VectorEntry entry) {
        ObjectNode metadata = NODES.objectNode();
        ArrayNode hidden = NODES.arrayNode();
        entry.metadata().forEach((key, value) -> {
            boolean onlyTexts = value.items().stream().allMatch(MetadataValue.Text.class::isInstance);
            if (isField(key) && (!(value instanceof MetadataValue.Items) || onlyTexts)) {
                metadata.set(key, MetadataJson.node(value));
            } else {
                hidden.add(key);
            }
        });
        if (!hidden.isEmpty()) {
            metadata.set(HIDDEN, hidden);
        }
        metadata.put(settings.text(), entry.text());
        metadata.put(settings.metadata(), MetadataJson.text(entry.metadata()));
        return metadata;
    }

    /** Whether a key can be a field of its own: Pinecone keeps those with a dollar for itself. */
    private boolean isField(String key) {
        return !key.isEmpty()
                && !key.startsWith("$")
                && !key.equals(HIDDEN)
                && !key.equals(settings.text())
                && !key.equals(settings.metadata());
    }

    @Override
    public void delete(Collection<String> keys) {
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += LARGEST_DELETE) {
            ObjectNode delete = request();
            ArrayNode ids = delete.putArray("ids");
            all.subList(from, Math.min(all.size(), from + LARGEST_DELETE)).forEach(ids::add);
            RemoteFailures.of("Pinecone did not delete", () -> calls.call("POST", "vectors/delete", delete));
        }
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return fetch(List.of(key)).stream().findFirst();
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        List<String> keys = new ArrayList<>();
        String token = "";
        do {
            String target = "vectors/list?limit=" + LARGEST_PAGE + "&namespace=" + encoded(settings.namespace())
                    + (token.isEmpty() ? "" : "&paginationToken=" + encoded(token));
            JsonNode page = RemoteFailures.of("Pinecone did not list", () -> calls.get(target));
            for (JsonNode vector : page.path("vectors")) {
                String key = vector.path("id").asText();
                if (keys.size() < count && (after.isEmpty() || compare(key, after.get()) > 0)) {
                    keys.add(key);
                }
            }
            token = page.path("pagination").path("next").asText("");
        } while (keys.size() < count && !token.isEmpty());
        List<VectorEntry> entries = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += LARGEST_PAGE) {
            entries.addAll(fetch(keys.subList(from, Math.min(keys.size(), from + LARGEST_PAGE))));
        }
        return entries;
    }

    /** By their bytes, as Pinecone sorts. */
    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    private List<VectorEntry> fetch(List<String> keys) {
        String ids = keys.stream().map(key -> "ids=" + encoded(key)).collect(Collectors.joining("&"));
        JsonNode vectors = RemoteFailures.of(
                        "Pinecone did not read",
                        () -> calls.get("vectors/fetch?" + ids + "&namespace=" + encoded(settings.namespace())))
                .path("vectors");
        List<VectorEntry> entries = new ArrayList<>();
        for (String key : keys) {
            JsonNode vector = vectors.path(key);
            if (!vector.isMissingNode()) {
                entries.add(new VectorEntry(key, Vectors.of(vector.path("values")), text(vector), metadata(vector)));
            }
        }
        return entries;
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        Optional<ObjectNode> condition = filter.flatMap(this::condition);
        return Widening.search(Math.min(count, MOST_WITH_METADATA), filter, MOST_WITH_METADATA, asked -> {
            ObjectNode search = request().put("topK", Math.min(asked, MOST)).put("includeMetadata", true);
            search.set("vector", Vectors.json(query));
            condition.ifPresent(wanted -> search.set("filter", wanted));
            List<Match> matches = new ArrayList<>();
            RemoteFailures.of("Pinecone did not search", () -> calls.call("POST", "query", search))
                    .path("matches")
                    .forEach(match -> matches.add(new Match(
                            match.path("id").asText(),
                            text(match),
                            metadata(match),
                            similarity(match.path("score").asDouble()))));
            return matches;
        });
    }

    /** Pinecone tells the square of a distance. */
    private double similarity(double score) {
        return metric == DistanceMetric.EUCLIDEAN ? -Math.sqrt(Math.max(0, score)) : score;
    }

    /** What Pinecone can look for itself; it may find too much, never too little. */
    private Optional<ObjectNode> condition(MetadataFilter filter) {
        return switch (filter) {
            case And(List<MetadataFilter> filters) -> {
                ArrayNode parts = NODES.arrayNode();
                filters.forEach(part -> condition(part).ifPresent(parts::add));
                yield parts.isEmpty()
                        ? Optional.empty()
                        : Optional.of(NODES.objectNode().<ObjectNode>set("$and", parts));
            }
            case Or(List<MetadataFilter> filters) -> any(filters, this::condition);
            case Equals(String key, MetadataValue value) -> equal(key, value);
            case In(String key, List<MetadataValue> values) -> any(values, value -> equal(key, value));
            case GreaterThan(String key, double value) -> number(key, "$gt", value);
            case GreaterThanOrEquals(String key, double value) -> number(key, "$gte", value);
            case LessThan(String key, double value) -> number(key, "$lt", value);
            case LessThanOrEquals(String key, double value) -> number(key, "$lte", value);
            case NotEquals notEquals -> Optional.empty();
            case NotIn notIn -> Optional.empty();
            case StartsWith startsWith -> Optional.empty();
            case StringContains contains -> Optional.empty();
            case ListContains contains -> equal(contains.key(), contains.item());
            case Exists exists -> Optional.empty();
        };
    }

    private <T> Optional<ObjectNode> any(List<T> parts, Function<T, Optional<ObjectNode>> condition) {
        ArrayNode all = NODES.arrayNode();
        for (T part : parts) {
            Optional<ObjectNode> one = condition.apply(part);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.add(one.get());
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(NODES.objectNode().<ObjectNode>set("$or", all));
    }

    private Optional<ObjectNode> equal(String key, MetadataValue value) {
        return value instanceof MetadataValue.Items
                ? Optional.empty()
                : comparison(key, "$eq", MetadataJson.node(value));
    }

    private Optional<ObjectNode> number(String key, String operator, double value) {
        return comparison(key, operator, MetadataJson.number(value));
    }

    /** A comparison of a field, or that the key is only in the JSON. */
    private Optional<ObjectNode> comparison(String key, String operator, JsonNode value) {
        ObjectNode hidden = written(HIDDEN, "$in", NODES.arrayNode().add(key));
        if (!isField(key)) {
            return Optional.of(hidden);
        }
        ObjectNode either = NODES.objectNode();
        either.putArray("$or").add(written(key, operator, value)).add(hidden);
        return Optional.of(either);
    }

    private static ObjectNode written(String key, String operator, JsonNode value) {
        ObjectNode comparison = NODES.objectNode();
        comparison.putObject(key).set(operator, value);
        return comparison;
    }

    @Override
    public boolean searchesText() {
        return false;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        throw new UnsupportedOperationException("Pinecone does not search texts");
    }

    private ObjectNode request() {
        ObjectNode request = NODES.objectNode();
        return settings.namespace().isEmpty() ? request : request.put("namespace", settings.namespace());
    }

    private String text(JsonNode vector) {
        return vector.path("metadata").path(settings.text()).asText("");
    }

    private Map<String, MetadataValue> metadata(JsonNode vector) {
        JsonNode metadata = vector.path("metadata");
        if (metadata.path(settings.metadata()).isTextual()) {
            return MetadataJson.read(metadata.path(settings.metadata()).asText());
        }
        Map<String, MetadataValue> others = new HashMap<>(MetadataJson.read(metadata));
        others.remove(settings.text());
        others.remove(HIDDEN);
        return others;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        calls.close();
    }
}
