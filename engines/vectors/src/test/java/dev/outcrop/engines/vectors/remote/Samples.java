package dev.outcrop.engines.vectors.remote;

import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Metadata and filters of every kind, drawn from few keys and values, so that they often meet. */
public final class Samples {
    private static final List<String> KEYS = List.of("a", "b", "key with \"quotes\" and 'others'", "c.d");
    private static final List<String> TEXTS = List.of("", "x", "xy", "x%y_*?\\", "5", "true", "ü");

    private final Random random;

    public Samples(long seed) {
        random = new Random(seed);
    }

    public VectorEntry entry(String key, int dimension) {
        return new VectorEntry(key, vector(dimension), "text of " + key, metadata());
    }

    public float[] vector(int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    public Map<String, MetadataValue> metadata() {
        Map<String, MetadataValue> metadata = new HashMap<>();
        for (String key : KEYS) {
            if (random.nextInt(4) > 0) {
                metadata.put(key, random.nextInt(3) == 0 ? items() : value());
            }
        }
        return metadata;
    }

    public MetadataFilter filter(int depth) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        return switch (random.nextInt(depth > 0 ? 14 : 12)) {
            case 0 -> new MetadataFilter.Equals(key, any());
            case 1 -> new MetadataFilter.NotEquals(key, any());
            case 2 -> new MetadataFilter.GreaterThan(key, number());
            case 3 -> new MetadataFilter.GreaterThanOrEquals(key, number());
            case 4 -> new MetadataFilter.LessThan(key, number());
            case 5 -> new MetadataFilter.LessThanOrEquals(key, number());
            case 6 -> new MetadataFilter.In(key, List.of(any(), any()));
            case 7 -> new MetadataFilter.NotIn(key, List.of(any(), any()));
            case 8 -> new MetadataFilter.StartsWith(key, text());
            case 9 -> new MetadataFilter.ListContains(key, value());
            case 10 -> new MetadataFilter.StringContains(key, text());
            case 11 -> new MetadataFilter.Exists(key, random.nextBoolean());
            case 12 -> new MetadataFilter.And(filters(depth - 1));
            default -> new MetadataFilter.Or(filters(depth - 1));
        };
    }

    private List<MetadataFilter> filters(int depth) {
        List<MetadataFilter> filters = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            filters.add(filter(depth));
        }
        return filters;
    }

    private MetadataValue any() {
        return random.nextInt(5) == 0 ? items() : value();
    }

    private MetadataValue items() {
        List<MetadataValue> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(value());
        }
        return new MetadataValue.Items(items);
    }

    private MetadataValue value() {
        return switch (random.nextInt(3)) {
            case 0 -> MetadataValue.of(text());
            case 1 -> MetadataValue.of(number());
            default -> MetadataValue.of(random.nextBoolean());
        };
    }

    private double number() {
        return List.of(-1.5, 0.0, 5.0, 1e300).get(random.nextInt(4));
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
