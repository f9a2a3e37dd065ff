package dev.outcrop.engines.vectors.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.vectors.remote.StoreContract;
import dev.outcrop.engines.web.Reach;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MongoVectorStoreTest extends StoreContract {
    private static final FieldMapping FIELDS = FieldMapping.of("embedding", "text", "metadata");
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));

    private PlayedMongo mongo;

    @BeforeEach
    void start() {
        mongo = new PlayedMongo(DIMENSION);
    }

    @AfterEach
    void stop() {
        mongo.close();
    }

    @Override
    protected VectorStore open() {
        return open("vectors", Optional.of("texts"), FIELDS, DIMENSION, LOOPBACK);
    }

    private VectorStore open(String index, Optional<String> texts, FieldMapping fields, int dimension, Reach reach) {
        return MongoVectorStore.open(
                new MongoSettings(
                        "localhost:" + mongo.port(), "", "", "kb", "chunks", index, texts, fields, false, reach),
                dimension);
    }

    @Test
    void keywordsFindTextsWithAnyOfThemWhereThereIsAnIndex() {
        try (VectorStore store = open()) {
            float[] vector = new Samples(1).vector(DIMENSION);
            store.put(List.of(
                    new VectorEntry("1", vector, "the brown fox", Map.of()),
                    new VectorEntry("2", vector, "a quick fox", Map.of())));

            assertThat(store.keywords("quick fox", 10, Optional.empty()))
                    .extracting(Match::key)
                    .containsExactly("2", "1");
        }
        try (VectorStore store = open("vectors", Optional.empty(), FIELDS, DIMENSION, LOOPBACK)) {
            assertThat(store.searchesText()).isFalse();
        }
    }

    @Test
    void anIndexThatIsNotAsItMustBeIsRefusedWithTheReason() {
        assertRefused("none", Optional.empty(), FIELDS, 8, "The collection chunks has no search index none");
        assertRefused("vectors", Optional.of("none"), FIELDS, 8, "The collection chunks has no search index none");
        assertRefused("vectors", Optional.empty(), FIELDS, 16, "is for vectors of 8 dimensions");
        assertRefused(
                "vectors",
                Optional.empty(),
                FieldMapping.of("other", "text", "metadata"),
                8,
                "The index vectors has no vectors in the field other");
        assertRefused(
                "vectors",
                Optional.empty(),
                FieldMapping.of("embedding", "$where", "metadata"),
                8,
                "must be three, not _id");
    }

    @Test
    void anAddressThatMayNotBeCalledIsNot() {
        assertThatThrownBy(() -> open("vectors", Optional.empty(), FIELDS, 8, Reach.PUBLIC))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("may not be called");
    }

    private void assertRefused(
            String index, Optional<String> texts, FieldMapping fields, int dimension, String reason) {
        assertThatThrownBy(() -> open(index, texts, fields, dimension, LOOPBACK))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining(reason);
    }
}
