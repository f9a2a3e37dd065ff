package dev.outcrop.engines.vectors.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store over another system does. */
@Timeout(120)
public abstract class StoreContract {
    protected static final int DIMENSION = 8;

    /** An empty store for vectors of {@link #DIMENSION} dimensions. */
    protected abstract VectorStore open();

    @Test
    void whatWasPutIsThereUntilItIsDeleted() {
        VectorEntry entry = new VectorEntry(
                "a key/with \"signs\" & ü",
                new float[] {1, 2, 3, 4, 5, 6, 7, 0.25f},
                "Grüße, 'quoted' \"text\"\n{}",
                Map.of(
                        "a",
                        MetadataValue.of("b"),
                        "n",
                        MetadataValue.of(2.5),
                        "l",
                        MetadataValue.of(List.of("x", "y"))));
        try (VectorStore store = open()) {
            store.put(List.of(entry));

            VectorEntry found = store.get(entry.key()).orElseThrow();
            assertThat(found.key()).isEqualTo(entry.key());
            assertThat(found.vector()).isEqualTo(entry.vector());
            assertThat(found.text()).isEqualTo(entry.text());
            assertThat(found.metadata()).isEqualTo(entry.metadata());

            store.put(List.of(
                    new VectorEntry(entry.key(), entry.vector(), "first", Map.of()),
                    new VectorEntry(entry.key(), entry.vector(), "second", Map.of())));
            assertThat(store.get(entry.key()).orElseThrow().text()).isEqualTo("second");
            assertThat(store.get(entry.key()).orElseThrow().metadata()).isEmpty();

            store.delete(List.of(entry.key(), "never there"));
            assertThat(store.get(entry.key())).isEmpty();
        }
    }

    @Test
    void pagesOfTheListingHoldEveryEntryOnce() {
        try (VectorStore store = open()) {
            fill(store, 25, new Samples(1));
            Set<String> seen = new HashSet<>();
            Optional<String> after = Optional.empty();
            for (List<VectorEntry> page = store.list(after, 10); !page.isEmpty(); page = store.list(after, 10)) {
                page.forEach(entry -> assertThat(seen.add(entry.key())).isTrue());
                after = Optional.of(page.getLast().key());
                store.delete(List.of(page.getLast().key()));
            }

            assertThat(seen).hasSize(25);
        }
    }

    @Test
    void neighboursComeNearestFirstWithTheirSimilarity() {
        Samples samples = new Samples(2);
        try (VectorStore store = open()) {
            List<VectorEntry> entries = fill(store, 60, samples);
            float[] query = samples.vector(DIMENSION);

            List<Match> found = store.nearest(query, 10, Optional.empty());

            List<VectorEntry> expected = entries.stream()
                    .sorted(Comparator.comparingDouble(
                            (VectorEntry entry) -> -store.metric().similarity(query, entry.vector())))
                    .limit(10)
                    .toList();
            assertThat(found)
                    .extracting(Match::key)
                    .containsExactlyElementsOf(
                            expected.stream().map(VectorEntry::key).toList());
            for (int i = 0; i < 10; i++) {
                assertThat(found.get(i).score())
                        .isCloseTo(
                                store.metric().similarity(query, expected.get(i).vector()), Offset.offset(1e-4));
                assertThat(found.get(i).text()).isEqualTo(expected.get(i).text());
            }
        }
    }

    @Test
    void everyFilterFindsWhatItWants() {
        Samples samples = new Samples(3);
        try (VectorStore store = open()) {
            List<VectorEntry> entries = fill(store, 80, samples);
            float[] query = samples.vector(DIMENSION);
            for (int i = 0; i < 60; i++) {
                MetadataFilter filter = samples.filter(3);

                List<Match> found = store.nearest(query, 100, Optional.of(filter));

                assertThat(found)
                        .as("%s", filter)
                        .extracting(Match::key)
                        .containsExactlyInAnyOrderElementsOf(entries.stream()
                                .filter(entry -> filter.matches(entry.metadata()))
                                .map(VectorEntry::key)
                                .toList());
            }
        }
    }

    @Test
    void vectorsThatCannotBeComparedAreRefused() {
        try (VectorStore store = open()) {
            assertThatThrownBy(() -> store.put(List.of(new VectorEntry("k", new float[DIMENSION - 1], "", Map.of()))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.nearest(new float[DIMENSION + 1], 1, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    protected static List<VectorEntry> fill(VectorStore store, int count, Samples samples) {
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(samples.entry("key " + i, DIMENSION));
        }
        store.put(entries);
        return entries;
    }
}
