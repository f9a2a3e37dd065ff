package dev.outcrop.engines.vectors.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.vectors.remote.StoreContract;
import dev.outcrop.engines.web.Authorization;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenSearchVectorStoreTest extends StoreContract {
    private static final FieldMapping FIELDS =
            FieldMapping.of("bedrock-vector", "AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA");
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));

    private PlayedOpenSearch openSearch;
    private PlayedServer server;

    @BeforeEach
    void start() throws JsonProcessingException {
        openSearch = new PlayedOpenSearch("""
                {"bedrock-vector":{"type":"knn_vector","dimension":8,
                   "method":{"name":"hnsw","engine":"faiss","space_type":"cosinesimil"}},
                 "AMAZON_BEDROCK_TEXT":{"type":"text"},"AMAZON_BEDROCK_METADATA":{"type":"text","index":false}}""");
        server = openSearch.server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected VectorStore open() {
        return open(FIELDS, DIMENSION, LOOPBACK);
    }

    private VectorStore open(FieldMapping fields, int dimension, Reach reach) {
        return OpenSearchVectorStore.open(
                new OpenSearchSettings(server.at("/"), "index", fields, Authorization.basic("user", "password"), reach),
                dimension);
    }

    @Test
    void keywordsFindTextsWithAnyOfThemBestFirst() {
        try (VectorStore store = open()) {
            float[] vector = new Samples(1).vector(DIMENSION);
            store.put(List.of(
                    new VectorEntry("1", vector, "the brown fox", Map.of("k", MetadataValue.of("x"))),
                    new VectorEntry("2", vector, "a quick fox", Map.of("k", MetadataValue.of("y"))),
                    new VectorEntry("3", vector, "nothing", Map.of())));

            assertThat(store.keywords("quick fox", 10, Optional.empty()))
                    .extracting(Match::key)
                    .containsExactly("2", "1");
            assertThat(store.keywords("fox", 10, Optional.of(new MetadataFilter.Equals("k", MetadataValue.of("x")))))
                    .extracting(Match::key)
                    .containsExactly("1");
        }
    }

    @Test
    void metadataCannotTakeThePlaceOfOtherFields() {
        Map<String, MetadataValue> metadata = Map.of(
                "bedrock-vector", MetadataValue.of("no vector"),
                "AMAZON_BEDROCK_TEXT", MetadataValue.of("another text"),
                "AMAZON_BEDROCK_METADATA.x", MetadataValue.of(1),
                "_id", MetadataValue.of("another id"),
                "..", MetadataValue.of(true),
                "x-outcrop-key", MetadataValue.of("another key"));
        VectorEntry entry = new VectorEntry("key", new Samples(2).vector(DIMENSION), "text", metadata);
        try (VectorStore store = open()) {
            store.put(List.of(entry));

            VectorEntry found = store.get("key").orElseThrow();
            assertThat(found.vector()).isEqualTo(entry.vector());
            assertThat(found.text()).isEqualTo("text");
            assertThat(found.metadata()).isEqualTo(metadata);
            assertThat(store.nearest(
                            entry.vector(),
                            1,
                            Optional.of(new MetadataFilter.Equals("_id", MetadataValue.of("another id")))))
                    .hasSize(1);
        }
    }

    @Test
    void anEntryThatIsRefusedIsAFailureWithItsReason() {
        try (VectorStore store = open()) {
            assertThatThrownBy(() -> store.put(List.of(new VectorEntry(
                            "key", new Samples(3).vector(DIMENSION), "", Map.of("refused", MetadataValue.of(true))))))
                    .isInstanceOf(VectorStoreException.class)
                    .hasMessage("OpenSearch did not write the entry key: failed to parse field [refused]");
        }
    }

    @Test
    void anIndexThatIsNotAsItMustBeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> open(FIELDS, 16, LOOPBACK))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("is for vectors of 8 dimensions, but the embedding model makes vectors of 16");
        assertThatThrownBy(() -> open(FieldMapping.of("v", "AMAZON_BEDROCK_TEXT", "m"), 8, LOOPBACK))
                .hasMessage("The index index has no field v");
        assertThatThrownBy(() -> open(FieldMapping.of("bedrock-vector", "AMAZON_BEDROCK_TEXT", "m"), 8, LOOPBACK))
                .hasMessage("The index index has no field m");
        openSearch.mapping.withObject("/bedrock-vector/method").put("engine", "nmslib");
        assertThatThrownBy(() -> open(FIELDS, 8, LOOPBACK)).hasMessageContaining("valid engine types: FAISS");
    }

    @Test
    void anEndpointThatIsNotThereIsRefusedWithTheReason() {
        assertThatThrownBy(() -> open(FIELDS, 8, Reach.PUBLIC))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("may not be called");
        assertThatThrownBy(() -> OpenSearchVectorStore.open(
                        new OpenSearchSettings(
                                URI.create("http://localhost:1"), "index", FIELDS, Authorization.NONE, LOOPBACK),
                        8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() -> OpenSearchVectorStore.open(
                        new OpenSearchSettings(server.at("/"), "other", FIELDS, Authorization.NONE, LOOPBACK), 8))
                .hasMessage("The index other does not exist: HTTP 404: no such index");
    }
}
