package dev.outcrop.engines.vectors.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTermsTest {
    private static final List<MetadataValue> VALUES = List.of(
            MetadataValue.of("a"),
            MetadataValue.of("ab"),
            MetadataValue.of("1"),
            MetadataValue.of("ä\u0000b"),
            MetadataValue.of(""),
            MetadataValue.of(1),
            MetadataValue.of(-2.5),
            MetadataValue.of(-0.0),
            MetadataValue.of(1e300),
            MetadataValue.of(true),
            MetadataValue.of(false),
            MetadataValue.of(List.of("a", "c")),
            new MetadataValue.Items(List.of(MetadataValue.of(3), MetadataValue.of("b"), MetadataValue.of(true))),
            MetadataValue.of(List.of()));
    private static final List<String> KEYS = List.of("k", "kk", "k\u0000", "é");

    @TempDir
    private Path folder;

    private static <T> T one(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static MetadataFilter filter(Random random, int depth) {
        String key = one(random, KEYS);
        double number = one(random, List.of(-2.5, 0.0, -0.0, 1.0, 3.0, Double.NaN, Double.NEGATIVE_INFINITY));
        MetadataValue value = one(random, VALUES);
        return switch (random.nextInt(depth > 0 ? 16 : 12)) {
            case 0 -> new Equals(key, value);
            case 1 -> new NotEquals(key, value);
            case 2 -> new GreaterThan(key, number);
            case 3 -> new GreaterThanOrEquals(key, number);
            case 4 -> new LessThan(key, number);
            case 5 -> new LessThanOrEquals(key, number);
            case 6 -> new In(key, List.of(value, one(random, VALUES)));
            case 7 -> new NotIn(key, List.of(value, one(random, VALUES)));
            case 8 -> new StartsWith(key, one(random, List.of("a", "", "ä", "b")));
            case 9 -> new ListContains(key, value);
            case 10 -> new StringContains(key, one(random, List.of("b", "", "a", "\u0000")));
            case 11 -> new Exists(key, random.nextBoolean());
            case 12, 13 -> new And(List.of(filter(random, depth - 1), filter(random, depth - 1)));
            case 14 -> new Or(List.of(filter(random, depth - 1), filter(random, depth - 1)));
            default -> random.nextBoolean() ? new And(List.of()) : new Or(List.of());
        };
    }

    @Test
    void findsWithEveryFilterWhatTheFilterMatches() {
        Random random = new Random(3);
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Map<String, MetadataValue> metadata = new TreeMap<>();
            for (String key : KEYS) {
                if (random.nextInt(3) > 0) {
                    metadata.put(key, one(random, VALUES));
                }
            }
            entries.add(new VectorEntry("e" + i, new float[] {i, 1}, "", metadata));
        }

        try (EmbeddedStores stores = new EmbeddedStores();
                VectorStore store =
                        stores.open(folder, new StoreSettings(2, DistanceMetric.EUCLIDEAN, Set.of()), new byte[32])) {
            store.put(entries);

            for (int i = 0; i < 400; i++) {
                MetadataFilter filter = filter(random, 3);
                assertThat(store.nearest(new float[] {0, 0}, 200, Optional.of(filter)).stream()
                                .map(Match::key))
                        .as(filter.toString())
                        .containsExactlyInAnyOrderElementsOf(entries.stream()
                                .filter(entry -> filter.matches(entry.metadata()))
                                .map(VectorEntry::key)
                                .toList());
            }
        }
    }

    @Test
    void refusesFiltersThatAreTooDeepTooWideOrAboutWhatIsNotFilterable() {
        MetadataTerms terms = new MetadataTerms(Set.of("note"));
        MetadataFilter deep = new Exists("k", true);
        for (int i = 0; i < 20; i++) {
            deep = new And(List.of(deep));
        }
        MetadataFilter tooDeep = deep;
        List<MetadataFilter> many = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            many.add(new Equals("k", MetadataValue.of(i)));
        }

        assertThatThrownBy(() -> terms.query(tooDeep)).hasMessageContaining("nested");
        assertThatThrownBy(() -> terms.query(new Or(many))).hasMessageContaining("fewer conditions");
        assertThatThrownBy(() -> terms.query(new Exists("note", true))).hasMessageContaining("note");
        assertThatThrownBy(() -> terms.query(new StringContains("k", "x".repeat(5000))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> terms.of(Map.of("k", MetadataValue.of("x".repeat(40_000)))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
