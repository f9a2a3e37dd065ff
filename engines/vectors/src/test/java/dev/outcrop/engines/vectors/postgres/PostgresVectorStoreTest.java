package dev.outcrop.engines.vectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.web.Reach;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server. */
@Timeout(180)
class PostgresVectorStoreTest {
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("127.0.0.1"));
    private static final FieldMapping FIELDS =
            new FieldMapping("embedding", "chunks", "metadata", Optional.of("id"), Optional.of("custommetadata"));
    private static final String TABLE = "bedrock_integration.bedrock_kb";

    private static PgvectorServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        assumeTrue(PgvectorServer.runsHere(), "there is no package of PostgreSQL with pgvector for this machine");
        server = PgvectorServer.start(folder);
        server.execute("CREATE SCHEMA bedrock_integration");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void makeTheTableOfTheGuide() throws Exception {
        server.execute("DROP TABLE IF EXISTS " + TABLE);
        server.execute("CREATE TABLE " + TABLE
                + " (id uuid PRIMARY KEY, embedding vector(8), chunks text, metadata json, custommetadata jsonb)");
        server.execute("CREATE INDEX ON " + TABLE + " USING hnsw (embedding vector_cosine_ops)");
        server.execute("CREATE INDEX ON " + TABLE + " USING gin (to_tsvector('simple', chunks))");
    }

    @Test
    void whatWasPutIsThereForEverybodyUntilItIsDeleted() {
        VectorEntry entry = new VectorEntry(
                UUID.randomUUID().toString(),
                new float[] {1, 2, 3, 4, 5, 6, 7, 1e-5f},
                "Grüße, \u0000 'quoted' \"text\"; DROP TABLE x; --",
                Map.of(
                        "a",
                        MetadataValue.of("b"),
                        "n",
                        MetadataValue.of(2.5),
                        "l",
                        MetadataValue.of(List.of("x", "y"))));
        try (PostgresVectorStore one = open(FIELDS, 8);
                PostgresVectorStore other = open(FIELDS, 8)) {
            one.put(List.of(
                    entry, new VectorEntry("no uuid", entry.vector(), "", Map.of("z", MetadataValue.of(true)))));

            VectorEntry found = other.get(entry.key()).orElseThrow();
            assertThat(found.vector()).isEqualTo(entry.vector());
            assertThat(found.text()).isEqualTo(entry.text().replace('\u0000', '\uFFFD'));
            assertThat(found.metadata()).isEqualTo(entry.metadata());
            assertThat(other.get("no uuid").orElseThrow().key()).isEqualTo("no uuid");
            assertThat(other.get("no uuid").orElseThrow().metadata()).isEqualTo(Map.of("z", MetadataValue.of(true)));

            one.put(List.of(
                    new VectorEntry(entry.key(), entry.vector(), "first", Map.of()),
                    new VectorEntry(entry.key(), entry.vector(), "second", Map.of())));
            assertThat(other.get(entry.key()).orElseThrow().text()).isEqualTo("second");

            one.delete(List.of(entry.key(), "no uuid", "never there"));
            assertThat(other.get(entry.key())).isEmpty();
            assertThat(other.list(Optional.empty(), 10)).isEmpty();
        }
    }

    @Test
    void pagesOfTheListingHoldEveryEntryOnce() {
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            fill(store, 25, new Samples(1));
            Set<String> seen = new HashSet<>();
            Optional<String> after = Optional.empty();
            int pages = 0;
            for (List<VectorEntry> page = store.list(after, 10); !page.isEmpty(); page = store.list(after, 10)) {
                page.forEach(entry -> assertThat(seen.add(entry.key())).isTrue());
                after = Optional.of(page.getLast().key());
                store.delete(List.of(page.getLast().key()));
                pages++;
            }

            assertThat(seen).hasSize(25);
            assertThat(pages).isEqualTo(3);
        }
    }

    @Test
    void neighboursAreThoseThatComparingAllFinds() {
        Samples samples = new Samples(2);
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            List<VectorEntry> entries = fill(store, 300, samples);
            float[] query = samples.vector(8);

            List<Match> found = store.nearest(query, 10, Optional.empty());

            List<String> expected = entries.stream()
                    .sorted(Comparator.comparingDouble(
                            (VectorEntry entry) -> -DistanceMetric.COSINE.similarity(query, entry.vector())))
                    .limit(10)
                    .map(VectorEntry::key)
                    .toList();
            assertThat(found).extracting(Match::key).containsExactlyElementsOf(expected);
            assertThat(found.getFirst().score()).isBetween(-1.0, 1.0);
            assertThat(store.nearest(query, 1500, Optional.empty())).hasSize(300);
            assertThat(store.nearest(query, 200, Optional.empty())).hasSize(200);
        }
    }

    @Test
    void everyFilterMeansInSqlWhatItMeansHere() {
        Samples samples = new Samples(3);
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            List<VectorEntry> entries = fill(store, 120, samples);
            float[] query = samples.vector(8);
            for (int i = 0; i < 300; i++) {
                MetadataFilter filter = samples.filter(3);

                Set<String> found = store.nearest(query, 10_000, Optional.of(filter)).stream()
                        .map(Match::key)
                        .collect(Collectors.toSet());

                Set<String> expected = entries.stream()
                        .filter(entry -> filter.matches(entry.metadata()))
                        .map(VectorEntry::key)
                        .collect(Collectors.toSet());
                assertThat(found).as("%s", filter).isEqualTo(expected);
            }
        }
    }

    @Test
    void filtersWorkOnTheMetadataWhereThereIsNoColumnForCustomOnes() {
        FieldMapping plain = new FieldMapping("embedding", "chunks", "metadata", Optional.of("id"), Optional.empty());
        try (PostgresVectorStore store = open(plain, 8)) {
            List<VectorEntry> entries = fill(store, 50, new Samples(4));
            MetadataFilter filter = new MetadataFilter.Equals("a", MetadataValue.of("x"));

            assertThat(store.nearest(new Samples(5).vector(8), 100, Optional.of(filter)))
                    .hasSize((int) entries.stream()
                            .filter(entry -> filter.matches(entry.metadata()))
                            .count());
        }
    }

    @Test
    void keysOfMetadataAreNoSql() throws Exception {
        String key = "a') OR 1=1; DROP TABLE " + TABLE + "; --";
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            fill(store, 5, new Samples(6));
            store.put(List.of(new VectorEntry(
                    UUID.randomUUID().toString(),
                    new Samples(7).vector(8),
                    "t",
                    Map.of(key, MetadataValue.of("v'; --")))));

            MetadataFilter filter = new MetadataFilter.Equals(key, MetadataValue.of("v'; --"));
            assertThat(store.nearest(new Samples(8).vector(8), 100, Optional.of(filter)))
                    .hasSize(1);
            assertThat(store.keywords("x'; DROP TABLE y; -- \\' & | ! ( :* <->", 10, Optional.of(filter)))
                    .isEmpty();
            assertThat(store.list(Optional.empty(), 100)).hasSize(6);
        }
    }

    @Test
    void namesOfTablesAndColumnsAreNoSql() throws Exception {
        server.execute("CREATE TABLE IF NOT EXISTS \"odd \"\"name\" (\"i d\" text PRIMARY KEY, \"v\"\"\" vector(8),"
                + " \"t;--\" text, \"m\" jsonb)");
        FieldMapping odd = new FieldMapping("v\"", "t;--", "m", Optional.of("i d"), Optional.empty());
        try (PostgresVectorStore store =
                PostgresVectorStore.open(settings("odd \"name", odd, server.port(), LOOPBACK), 8)) {
            List<VectorEntry> entries = fill(store, 3, new Samples(9));

            assertThat(store.list(Optional.empty(), 10)).hasSameSizeAs(entries);
            assertThat(store.keywords("text", 10, Optional.empty())).hasSize(3);
        }
        assertThatThrownBy(() -> PostgresVectorStore.open(settings("x; DROP TABLE y", odd, server.port(), LOOPBACK), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessage("The table x; DROP TABLE y does not exist");
    }

    @Test
    void keywordsFindTextsWithAnyOfThemBestFirst() {
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            float[] vector = new Samples(10).vector(8);
            List<String> texts = List.of(
                    "The quick brown fox",
                    "A quick answer about quick foxes and the fox",
                    "Nothing of the kind",
                    "it's");
            List<VectorEntry> entries = new ArrayList<>();
            for (String text : texts) {
                entries.add(new VectorEntry(
                        UUID.randomUUID().toString(), vector, text, Map.of("t", MetadataValue.of(text))));
            }
            store.put(entries);

            assertThat(store.keywords("QUICK fox?", 10, Optional.empty()))
                    .extracting(Match::text)
                    .containsExactlyInAnyOrder(texts.get(0), texts.get(1));
            assertThat(store.keywords(
                            "fox", 10, Optional.of(new MetadataFilter.Equals("t", MetadataValue.of(texts.get(0))))))
                    .hasSize(1);
            assertThat(store.keywords("it's", 10, Optional.empty()))
                    .extracting(Match::text)
                    .contains("it's");
            assertThat(store.keywords("...", 10, Optional.empty())).isEmpty();
            assertThat(store.keywords("", 10, Optional.empty())).isEmpty();
        }
    }

    @Test
    void aTableThatIsNotAsItMustBeIsRefusedWithTheReason() throws Exception {
        assertRefused(TABLE + "s", FIELDS, 8, "The table bedrock_integration.bedrock_kbs does not exist");
        assertRefused(
                TABLE, FIELDS, 16, "is of type vector(8), but the embedding model makes vectors of 16 dimensions");
        assertRefused(
                TABLE,
                new FieldMapping("vec", "chunks", "metadata", Optional.of("id"), Optional.empty()),
                8,
                "has no column vec");
        assertRefused(
                TABLE,
                new FieldMapping("embedding", "metadata", "metadata", Optional.of("id"), Optional.empty()),
                8,
                "The column metadata must be of type text or character varying, but is of type json");
        server.execute("CREATE TABLE IF NOT EXISTS loose (id uuid, embedding vector(8), chunks text, metadata json)");
        assertRefused(
                "loose",
                new FieldMapping("embedding", "chunks", "metadata", Optional.of("id"), Optional.empty()),
                8,
                "must be the primary key");
    }

    @Test
    void aServerThatIsNotThereOrMayNotBeCalledIsRefusedWithTheReason() {
        assertThatThrownBy(() -> PostgresVectorStore.open(settings(TABLE, FIELDS, 1, LOOPBACK), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> PostgresVectorStore.open(settings(TABLE, FIELDS, server.port(), Reach.PUBLIC), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessage("The host 127.0.0.1 is at an address that may not be called");
    }

    @Test
    void vectorsThatCannotBeComparedAreRefused() {
        try (PostgresVectorStore store = open(FIELDS, 8)) {
            assertThatThrownBy(() -> store.put(List.of(new VectorEntry("k", new float[7], "", Map.of()))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.nearest(new float[8], 1, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void assertRefused(String table, FieldMapping fields, int dimension, String reason) {
        assertThatThrownBy(() -> PostgresVectorStore.open(settings(table, fields, server.port(), LOOPBACK), dimension))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining(reason);
    }

    private static List<VectorEntry> fill(PostgresVectorStore store, int count, Samples samples) {
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(samples.entry(
                    i % 5 == 0
                            ? "key " + i
                            : UUID.nameUUIDFromBytes(("key " + i).getBytes(StandardCharsets.UTF_8))
                                    .toString(),
                    8));
        }
        store.put(entries);
        return store.list(Optional.empty(), count);
    }

    private static PostgresVectorStore open(FieldMapping fields, int dimension) {
        return PostgresVectorStore.open(settings(TABLE, fields, server.port(), LOOPBACK), dimension);
    }

    private static PostgresSettings settings(String table, FieldMapping fields, int port, Reach reach) {
        return new PostgresSettings("127.0.0.1", port, "postgres", "postgres", "unused", table, fields, false, reach);
    }
}
