package dev.outcrop.engines.vectors.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoresTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final List<EmbeddedStores> houses = new ArrayList<>();

    @AfterEach
    void close() {
        houses.forEach(EmbeddedStores::close);
    }

    private EmbeddedStores stores() {
        EmbeddedStores stores = new EmbeddedStores();
        houses.add(stores);
        return stores;
    }

    private static StoreSettings settings(int dimension, DistanceMetric metric) {
        return new StoreSettings(dimension, metric, Set.of("note"));
    }

    private static VectorEntry entry(String key, float... vector) {
        return new VectorEntry(key, vector, "", Map.of());
    }

    private static List<String> keys(List<Match> matches) {
        return matches.stream().map(Match::key).toList();
    }

    @Test
    void findsTheNearestRightAfterTheyWerePut() {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.EUCLIDEAN), KEY);
        store.put(List.of(entry("near", 1, 1), entry("far", 9, 9), entry("middle", 4, 5)));

        List<Match> matches = store.nearest(new float[] {0, 1}, 2, Optional.empty());

        assertThat(keys(matches)).containsExactly("near", "middle");
        assertThat(matches.getFirst().score()).isEqualTo(-1);
    }

    @Test
    void tellsTheSimilarityOfEachMetric() {
        EmbeddedStores stores = stores();
        float[] query = {1, 0, 0, 0, 0, 0, 0, 0};
        float[] vector = {1, 1, 0, 0, 0, 0, 0, 0};

        for (DistanceMetric metric : DistanceMetric.values()) {
            VectorStore store = stores.open(folder.resolve(metric.name()), settings(8, metric), KEY);
            store.put(List.of(new VectorEntry("a", vector, "", Map.of())));
            assertThat(store.nearest(query, 1, Optional.empty()).getFirst().score())
                    .as(metric.name())
                    .isCloseTo(metric.similarity(query, vector), org.assertj.core.data.Offset.offset(1e-6));
            assertThat(store.get("a").orElseThrow().vector()).as(metric.name()).isEqualTo(vector);
        }
    }

    @Test
    void replacesAndDeletesByKey() {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.COSINE), KEY);
        store.put(List.of(entry("a", 1, 0), entry("b", 0, 1), entry("a", 1, 1)));

        assertThat(store.get("a").orElseThrow().vector()).containsExactly(1, 1);

        store.delete(List.of("a", "never there"));

        assertThat(store.get("a")).isEmpty();
        assertThat(keys(store.nearest(new float[] {1, 0}, 5, Optional.empty()))).containsExactly("b");
    }

    @Test
    void keepsWhatWasPutWhenItIsOpenedAgain() {
        Map<String, MetadataValue> metadata = Map.of(
                "title", MetadataValue.of("Über alles"),
                "year", MetadataValue.of(1984),
                "read", MetadataValue.of(true),
                "tags", MetadataValue.of(List.of("x", "y")),
                "note", MetadataValue.of("n".repeat(40_000)));
        StoreSettings settings = settings(3, DistanceMetric.DOT_PRODUCT);
        try (EmbeddedStores first = new EmbeddedStores();
                VectorStore store = first.open(folder, settings, KEY)) {
            store.put(List.of(new VectorEntry("a", new float[] {3, 4, 0}, "some text", metadata)));
        }

        VectorEntry entry = stores().open(folder, settings, KEY).get("a").orElseThrow();

        assertThat(entry.vector()).containsExactly(3, 4, 0);
        assertThat(entry.text()).isEqualTo("some text");
        assertThat(entry.metadata()).isEqualTo(metadata);
    }

    @Test
    void readsTheLogUpToWhatWasNotWrittenWhole() throws Exception {
        Path copy = folder.resolve("copy");
        StoreSettings settings = settings(2, DistanceMetric.COSINE);
        try (EmbeddedStores first = new EmbeddedStores();
                VectorStore store = first.open(folder.resolve("store"), settings, KEY)) {
            store.put(List.of(entry("acknowledged", 1, 0)));
            store.put(List.of(entry("torn", 0, 1)));
            copy(folder.resolve("store"), copy);
        }
        try (Stream<Path> logs = Files.list(copy.resolve("log"))) {
            Path log = logs.max(Comparator.naturalOrder()).orElseThrow();
            byte[] bytes = Files.readAllBytes(log);
            Files.write(log, java.util.Arrays.copyOf(bytes, bytes.length - 7));
        }

        VectorStore store = stores().open(copy, settings, KEY);

        assertThat(store.get("acknowledged")).isPresent();
        assertThat(store.get("torn")).isEmpty();
        store.put(List.of(entry("next", 1, 1)));
        assertThat(store.list(Optional.empty(), 10))
                .extracting(VectorEntry::key)
                .containsExactly("acknowledged", "next");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void hasNothingInTheClearOnDisk() throws Exception {
        VectorEntry secret = new VectorEntry(
                "secret-key-name",
                new float[] {1, 2},
                "plain secret words",
                Map.of("k", MetadataValue.of("secret-value")));
        EmbeddedStores stores = stores();
        try (VectorStore store = stores.open(folder, settings(2, DistanceMetric.COSINE), KEY)) {
            store.put(List.of(secret));
        }
        List<byte[]> logged = contents(folder);
        stores.close();

        assertThat(Stream.concat(logged.stream(), contents(folder).stream()))
                .isNotEmpty()
                .noneMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains("secret"));
    }

    private static List<byte[]> contents(Path folder) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void opensUnderNoOtherKey() {
        StoreSettings settings = settings(2, DistanceMetric.COSINE);
        try (EmbeddedStores first = new EmbeddedStores();
                VectorStore store = first.open(folder, settings, KEY)) {
            store.put(List.of(entry("a", 1, 0)));
        }

        assertThatThrownBy(() -> stores().open(folder, settings, new byte[32]))
                .isInstanceOf(VectorStoreException.class);
    }

    @Test
    void refusesVectorsThatCannotBeCompared() {
        EmbeddedStores stores = stores();
        VectorStore cosine = stores.open(folder.resolve("cosine"), settings(2, DistanceMetric.COSINE), KEY);
        VectorStore euclidean = stores.open(folder.resolve("euclidean"), settings(2, DistanceMetric.EUCLIDEAN), KEY);
        VectorStore bits = stores.open(folder.resolve("bits"), settings(8, DistanceMetric.HAMMING), KEY);

        assertThatThrownBy(() -> cosine.put(List.of(entry("a", 0, 0)))).hasMessageContaining("all zeros");
        assertThatThrownBy(() -> cosine.nearest(new float[] {0, 0}, 1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> euclidean.put(List.of(entry("a", Float.NaN, 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> euclidean.put(List.of(entry("a", Float.POSITIVE_INFINITY, 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> euclidean.put(List.of(entry("a", 1, 2, 3)))).hasMessageContaining("2 values");
        assertThatThrownBy(() -> bits.put(List.of(entry("a", 2, 0, 0, 0, 0, 0, 0, 0))))
                .isInstanceOf(IllegalArgumentException.class);
        euclidean.put(List.of(entry("zero", 0, 0)));
        assertThat(keys(euclidean.nearest(new float[] {0, 0}, 1, Optional.empty())))
                .containsExactly("zero");
    }

    @Test
    void refusesKeysThatCannotBeKept() {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.EUCLIDEAN), KEY);

        for (String key : List.of("half\uD800", "x".repeat(33_000))) {
            assertThatThrownBy(() -> store.put(List.of(entry("good", 1, 1), entry(key, 1, 1))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        store.put(List.of(entry("whole\uD83D\uDE00", 1, 1)));

        assertThat(store.list(Optional.empty(), 5)).extracting(VectorEntry::key).containsExactly("whole\uD83D\uDE00");
    }

    @Test
    void takesTheWidestVectors() {
        float[] wide = new float[StoreSettings.MOST_DIMENSIONS];
        java.util.Arrays.fill(wide, 0.5f);
        VectorStore store = stores().open(folder, settings(wide.length, DistanceMetric.COSINE), KEY);

        store.put(List.of(new VectorEntry("wide", wide, "", Map.of())));

        assertThat(keys(store.nearest(wide, 1, Optional.empty()))).containsExactly("wide");
    }

    @Test
    void listsInAnOrderThatDoesNotChange() {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.COSINE), KEY);
        for (int i = 0; i < 25; i++) {
            store.put(List.of(entry("key%02d".formatted(i), 1, i)));
        }
        store.delete(List.of("key03"));

        List<String> all = new ArrayList<>();
        for (List<VectorEntry> page = store.list(Optional.empty(), 10);
                !page.isEmpty();
                page = store.list(Optional.of(all.getLast()), 10)) {
            page.forEach(entry -> all.add(entry.key()));
            store.delete(List.of(all.getLast()));
        }

        assertThat(all)
                .isEqualTo(IntStream.range(0, 25)
                        .filter(i -> i != 3)
                        .mapToObj("key%02d"::formatted)
                        .toList());
    }

    @Test
    void findsByWordsWhateverTheirForm() {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.COSINE), KEY);
        store.put(List.of(
                new VectorEntry("cats", new float[] {1, 0}, "Cats were running in the gardens", Map.of()),
                new VectorEntry("dogs", new float[] {0, 1}, "A dog sleeps", Map.of("old", MetadataValue.of(true))),
                new VectorEntry("東京", new float[] {1, 1}, "東京都に住んでいます", Map.of())));

        assertThat(keys(store.keywords("cat run", 5, Optional.empty()))).containsExactly("cats");
        assertThat(keys(store.keywords("東京都", 5, Optional.empty()))).containsExactly("東京");
        assertThat(store.keywords("AND ) +\"* :", 5, Optional.empty())).isEmpty();
        assertThat(keys(store.keywords("the dog or the cats", 5, Optional.of(new MetadataFilter.Exists("old", true)))))
                .containsExactly("dogs");
    }

    @Test
    void isNearlyExactOverManyVectorsWithAndWithoutAFilter() {
        Random random = new Random(5);
        int dimension = 48;
        List<VectorEntry> entries = IntStream.range(0, 3000)
                .mapToObj(i -> new VectorEntry(
                        "v" + i, randomVector(random, dimension), "", Map.of("i", MetadataValue.of(i % 100))))
                .toList();
        EmbeddedStores stores = stores();
        VectorStore store = stores.open(folder, settings(dimension, DistanceMetric.COSINE), KEY);
        for (int i = 0; i < entries.size(); i += 500) {
            store.put(entries.subList(i, i + 500));
        }

        assertThat(recall(store, entries, random, Optional.empty())).isGreaterThan(0.9);
        assertThat(recall(store, entries, random, Optional.of(new MetadataFilter.LessThan("i", 50))))
                .isGreaterThan(0.9);
        assertThat(recall(store, entries, random, Optional.of(new MetadataFilter.LessThan("i", 1))))
                .as("few are all compared")
                .isEqualTo(1);
    }

    private static float[] randomVector(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (random.nextGaussian() / (1 + i));
        }
        return vector;
    }

    private static double recall(
            VectorStore store, List<VectorEntry> entries, Random random, Optional<MetadataFilter> filter) {
        int found = 0;
        int queries = 20;
        for (int i = 0; i < queries; i++) {
            float[] query = randomVector(random, store.dimension());
            Set<String> exact = new HashSet<>(entries.stream()
                    .filter(entry -> filter.isEmpty() || filter.get().matches(entry.metadata()))
                    .sorted(Comparator.comparingDouble(entry -> -store.metric().similarity(query, entry.vector())))
                    .limit(10)
                    .map(VectorEntry::key)
                    .toList());
            exact.retainAll(keys(store.nearest(query, 10, filter)));
            found += exact.size();
        }
        return found / (10.0 * queries);
    }

    @Test
    void acknowledgesOfManyWritersAllThatIsThere() throws Exception {
        VectorStore store = stores().open(folder, settings(2, DistanceMetric.EUCLIDEAN), KEY);
        List<Future<?>> writers = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 8; writer++) {
                String name = "w" + writer + "-";
                Callable<Void> writing = () -> {
                    for (int i = 0; i < 20; i++) {
                        store.put(List.of(entry(name + i, i, i)));
                        assertThat(store.get(name + i)).isPresent();
                    }
                    return null;
                };
                writers.add(threads.submit(writing));
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }

        assertThat(store.list(Optional.empty(), 1000)).hasSize(160);
    }

    @Test
    void deletesAStoreWithAllItsFiles() {
        EmbeddedStores stores = stores();
        Path place = folder.resolve("gone");
        try (VectorStore store = stores.open(place, settings(2, DistanceMetric.COSINE), KEY)) {
            store.put(List.of(entry("a", 1, 0)));
        }

        stores.delete(place);
        stores.delete(place);

        assertThat(place).doesNotExist();
        assertThat(stores.openStores()).isZero();
        assertThat(stores.open(place, settings(3, DistanceMetric.COSINE), KEY).list(Optional.empty(), 5))
                .isEmpty();
    }

    @Test
    void mergesWhatNobodyWritesTo() throws Exception {
        EmbeddedStores stores = new EmbeddedStores(Duration.ofMillis(200));
        houses.add(stores);
        VectorStore store = stores.open(folder, settings(2, DistanceMetric.COSINE), KEY);
        for (int i = 0; i < 12; i++) {
            store.put(List.of(entry("k" + i, 1, i)));
            store.nearest(new float[] {1, 0}, 1, Optional.empty());
        }

        for (int tries = 0; !stores.isSettled() && tries < 300; tries++) {
            Thread.sleep(100);
        }

        assertThat(stores.isSettled()).isTrue();
        assertThat(store.list(Optional.empty(), 20)).hasSize(12);
    }
}
