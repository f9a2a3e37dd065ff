package dev.outcrop.engines.vectors.neptune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.vectors.remote.StoreContract;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.PlayedServer.Reply;
import dev.outcrop.engines.web.PlayedServer.Request;
import dev.outcrop.engines.web.Reach;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NeptuneVectorStoreTest extends StoreContract {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));

    private final TreeMap<String, JsonNode> nodes = new TreeMap<>();
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
        return open("AMAZON_BEDROCK_TEXT", DIMENSION, LOOPBACK);
    }

    private VectorStore open(String text, int dimension, Reach reach) {
        return NeptuneVectorStore.open(
                new NeptuneSettings(
                        server.at("/"),
                        "g-0123456789",
                        text,
                        "meta`data",
                        Authorization.header("Authorization", "signed"),
                        reach),
                dimension);
    }

    @Test
    void whatChangesIsAParameterAndNamesAreQuoted() {
        try (VectorStore store = open("text` = 1 DETACH DELETE n //", DIMENSION, LOOPBACK)) {
            fill(store, 3, new Samples(1));
            store.delete(List.of("x' OR true //"));

            assertThat(server.requests()).allSatisfy(request -> {
                assertThat(request.headers())
                        .containsEntry("authorization", "signed")
                        .containsEntry("graphidentifier", "g-0123456789");
                String query = JSON.readTree(request.text()).path("query").asText();
                assertThat(query).doesNotContain("OR true").doesNotContain("key 1");
                assertThat(query.replace("`text`` = 1 DETACH DELETE n //`", "")).doesNotContain("= 1 DETACH");
            });
            assertThat(nodes).hasSize(3);
        }
    }

    @Test
    void aGraphThatIsNotAsItMustBeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> open("text", 16, LOOPBACK))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("cannot be searched by vectors of 16 dimensions")
                .hasMessageContaining("HTTP 400: wrong dimension");
        assertThatThrownBy(() -> open("text", DIMENSION, Reach.PUBLIC))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("may not be called");
    }

    /** Plays the few queries that the store asks. */
    private synchronized Reply play(Request request) throws JsonProcessingException {
        JsonNode body = JSON.readTree(request.text());
        String query = body.path("query").asText();
        JsonNode parameters = body.path("parameters");
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        if (!request.path().equals("/queries")
                || !body.path("language").asText().equals("OPEN_CYPHER")) {
            return Reply.of(404);
        }
        if (query.startsWith("UNWIND $rows AS row MERGE (n:Chunk {`~id`: row.id})")) {
            parameters.path("rows").forEach(row -> nodes.put(row.path("id").asText(), row));
        } else if (query.contains("DETACH DELETE n")
                && query.startsWith("MATCH (n:Chunk) WHERE id(n) IN $ids DETACH")) {
            parameters.path("ids").forEach(id -> nodes.remove(id.asText()));
        } else if (query.startsWith("MATCH (n:Chunk) WHERE id(n) IN $ids")) {
            parameters.path("ids").forEach(id -> {
                if (nodes.containsKey(id.asText())) {
                    results.add(nodes.get(id.asText()));
                }
            });
        } else if (query.startsWith("MATCH (n:Chunk) WHERE id(n) > $after WITH n ORDER BY id(n) LIMIT $count")) {
            nodes.tailMap(parameters.path("after").asText(), false).values().stream()
                    .limit(parameters.path("count").asInt())
                    .forEach(results::add);
        } else if (query.startsWith("CALL neptune.algo.vectors.topK.byEmbedding(")) {
            float[] wanted = Vectors.of(parameters.path("embedding"));
            if (wanted.length != DIMENSION) {
                return Reply.json(400, "{\"message\":\"wrong dimension\"}");
            }
            nodes.values().stream()
                    .sorted(Comparator.comparingDouble((JsonNode node) ->
                            -DistanceMetric.EUCLIDEAN.similarity(wanted, Vectors.of(node.path("embedding")))))
                    .limit(parameters.path("count").asInt())
                    .forEach(results::add);
        } else {
            return Reply.json(400, "{\"message\":\"no such query\"}");
        }
        return Reply.json(answer.toString());
    }
}
