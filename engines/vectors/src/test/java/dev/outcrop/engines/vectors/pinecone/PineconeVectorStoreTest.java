package dev.outcrop.engines.vectors.pinecone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.vectors.remote.StoreContract;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.PlayedServer.Reply;
import dev.outcrop.engines.web.PlayedServer.Request;
import dev.outcrop.engines.web.Reach;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PineconeVectorStoreTest extends StoreContract {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));

    private final NavigableMap<String, JsonNode> vectors = new TreeMap<>();
    private PlayedServer server;

    @BeforeEach
    void start() {
        server = new PlayedServer((Request request) -> {
            try {
                return play(request);
            } catch (JsonProcessingException malformed) {
                return Reply.of(400);
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected VectorStore open() {
        return PineconeVectorStore.open(settings("key", LOOPBACK), DIMENSION);
    }

    private PineconeSettings settings(String key, Reach reach) {
        return new PineconeSettings(server.at("/"), key, "ns one", "text", "metadata", reach);
    }

    @Test
    void itDoesNotSearchTexts() {
        try (VectorStore store = open()) {
            assertThat(store.searchesText()).isFalse();
            assertThatThrownBy(() -> store.keywords("x", 1, Optional.empty()))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void metadataCannotTakeThePlaceOfOtherFields() {
        Map<String, MetadataValue> metadata =
                Map.of("text", MetadataValue.of("x"), "metadata", MetadataValue.of("y"), "$and", MetadataValue.of(1));
        try (VectorStore store = open()) {
            store.put(List.of(new VectorEntry("k", new Samples(1).vector(DIMENSION), "the text", metadata)));

            assertThat(store.get("k").orElseThrow().text()).isEqualTo("the text");
            assertThat(store.get("k").orElseThrow().metadata()).isEqualTo(metadata);
        }
    }

    @Test
    void anIndexThatIsNotAsItMustBeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> PineconeVectorStore.open(settings("key", LOOPBACK), 16))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("is for vectors of 8 dimensions");
        assertThatThrownBy(() -> PineconeVectorStore.open(settings("wrong", LOOPBACK), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessage("Pinecone at localhost cannot be read: HTTP 401: Invalid API Key");
        assertThatThrownBy(() -> PineconeVectorStore.open(settings("key", Reach.PUBLIC), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("may not be called");
    }

    private synchronized Reply play(Request request) throws JsonProcessingException {
        if (!"key".equals(request.headers().get("api-key"))) {
            return Reply.json(401, "{\"code\":16,\"message\":\"Invalid API Key\"}");
        }
        JsonNode body = request.body().length == 0 ? JSON.nullNode() : JSON.readTree(request.text());
        String query = request.target().contains("?") ? request.target().split("\\?", 2)[1] : "";
        boolean namespaced = query.contains("namespace=ns%20one")
                || body.path("namespace").asText().equals("ns one");
        if (!namespaced && !request.path().equals("/describe_index_stats")) {
            return Reply.json(400, "{\"message\":\"which namespace?\"}");
        }
        ObjectNode answer = JSON.createObjectNode();
        switch (request.path()) {
            case "/describe_index_stats" -> answer.put("dimension", 8).put("metric", "cosine");
            case "/vectors/upsert" ->
                body.path("vectors")
                        .forEach(vector -> vectors.put(vector.path("id").asText(), vector));
            case "/vectors/delete" -> body.path("ids").forEach(id -> vectors.remove(id.asText()));
            case "/vectors/fetch" -> {
                ObjectNode found = answer.putObject("vectors");
                for (String parameter : query.split("&")) {
                    String id = URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), UTF_8);
                    if (parameter.startsWith("ids=") && vectors.containsKey(id)) {
                        found.set(id, vectors.get(id));
                    }
                }
            }
            case "/vectors/list" -> {
                String token = query.contains("paginationToken=") ? query.split("paginationToken=")[1] : "";
                ArrayNode page = answer.putArray("vectors");
                vectors.tailMap(URLDecoder.decode(token, UTF_8), false).keySet().stream()
                        .limit(7)
                        .forEach(id -> page.addObject().put("id", id));
                if (page.size() == 7) {
                    answer.putObject("pagination")
                            .put("next", page.get(6).path("id").asText());
                }
            }
            case "/query" -> {
                List<ObjectNode> matches = new ArrayList<>();
                vectors.values().forEach(vector -> {
                    if (!body.has("filter") || matches(body.path("filter"), vector.path("metadata"))) {
                        ObjectNode match = JSON.createObjectNode()
                                .put("id", vector.path("id").asText());
                        match.put(
                                "score",
                                DistanceMetric.COSINE.similarity(
                                        array(body.path("vector")), array(vector.path("values"))));
                        match.set("metadata", vector.path("metadata"));
                        matches.add(match);
                    }
                });
                matches.sort(Comparator.comparingDouble(
                        (ObjectNode match) -> -match.path("score").asDouble()));
                answer.putArray("matches")
                        .addAll(matches.subList(
                                0, Math.min(matches.size(), body.path("topK").asInt())));
            }
            default -> {
                return Reply.of(404);
            }
        }
        return Reply.json(answer.toString());
    }

    private static boolean matches(JsonNode filter, JsonNode metadata) {
        String key = filter.fieldNames().next();
        if (key.equals("$and") || key.equals("$or")) {
            return key.equals("$and")
                    ? StreamSupport.stream(filter.path(key).spliterator(), false)
                            .allMatch(part -> matches(part, metadata))
                    : StreamSupport.stream(filter.path(key).spliterator(), false)
                            .anyMatch(part -> matches(part, metadata));
        }
        String operator = filter.path(key).fieldNames().next();
        JsonNode wanted = filter.path(key).path(operator);
        JsonNode values = metadata.path(key);
        List<JsonNode> items = new ArrayList<>();
        if (values.isArray()) {
            values.forEach(items::add);
        } else if (!values.isMissingNode()) {
            items.add(values);
        }
        return items.stream().anyMatch(item -> switch (operator) {
            case "$eq" ->
                item.equals(wanted) || (item.isNumber() && wanted.isNumber() && item.asDouble() == wanted.asDouble());
            case "$in" -> StreamSupport.stream(wanted.spliterator(), false).anyMatch(item::equals);
            case "$gt" -> item.isNumber() && item.asDouble() > wanted.asDouble();
            case "$gte" -> item.isNumber() && item.asDouble() >= wanted.asDouble();
            case "$lt" -> item.isNumber() && item.asDouble() < wanted.asDouble();
            case "$lte" -> item.isNumber() && item.asDouble() <= wanted.asDouble();
            default -> throw new IllegalArgumentException(operator + " is not played");
        });
    }

    private static float[] array(JsonNode values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) values.get(i).asDouble();
        }
        return array;
    }
}
