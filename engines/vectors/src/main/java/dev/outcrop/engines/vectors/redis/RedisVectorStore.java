package dev.outcrop.engines.vectors.redis;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.redis.RedisConnection.Reply;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.vectors.remote.Widening;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An index over hashes: each entry is one, under the index's first prefix and the entry's key, with fields for the vector
 * (32-bit floats, little end first), the text and the metadata as JSON. Filters are looked at here: more neighbours are asked
 * for until enough are wanted, 10,000 at most. Texts are searched where the field for them is of type TEXT, ranked by BM25.
 *
 * <p>How durable a put is, is a matter of how Redis is configured. Listing looks through all keys each time.
 */
public final class RedisVectorStore implements VectorStore {
    private static final int MOST = 10_000;
    private static final int LARGEST_BATCH = 500;
    private static final String DISTANCE = "outcrop_distance";

    private final RedisConnection redis;
    private final RedisSettings settings;
    private final FieldMapping fields;
    private final Index index;
    private final int dimension;

    /** What the index says about itself. */
    private record Index(String prefix, DistanceMetric metric, boolean searchesText) {}

    private RedisVectorStore(RedisConnection redis, RedisSettings settings, Index index, int dimension) {
        this.redis = redis;
        this.settings = settings;
        this.fields = settings.fields();
        this.index = index;
        this.dimension = dimension;
    }

    /**
     * Opens an index.
     *
     * @throws VectorStoreException if it cannot be reached or is not as it must be; the message says why
     */
    public static RedisVectorStore open(RedisSettings settings, int dimension) {
        RedisConnection redis = new RedisConnection(settings);
        try {
            Index index = index(map(redis.call("FT.INFO", settings.index())), settings);
            RedisVectorStore store = new RedisVectorStore(redis, settings, index, dimension);
            store.probe();
            return store;
        } catch (VectorStoreException unfit) {
            redis.close();
            throw unfit;
        }
    }

    private static Index index(Map<String, Reply> said, RedisSettings settings) {
        Map<String, Reply> definition = map(said.getOrDefault("index_definition", new Reply.Nothing()));
        String type = text(definition.getOrDefault("key_type", new Reply.Nothing()));
        if (!type.isEmpty() && !type.equalsIgnoreCase("HASH")) {
            throw new VectorStoreException(
                    "The index " + settings.index() + " must be over hashes, but is over " + type);
        }
        String prefix = definition.get("prefixes") instanceof Reply.Many(List<Reply> prefixes) && !prefixes.isEmpty()
                ? text(prefixes.getFirst())
                : "";
        Optional<Map<String, Reply>> vector = Optional.empty();
        boolean texts = false;
        if (said.get("attributes") instanceof Reply.Many(List<Reply> attributes)) {
            for (Reply attribute : attributes) {
                Map<String, Reply> field = map(attribute);
                String name = text(field.getOrDefault("attribute", new Reply.Nothing()));
                String kind = text(field.getOrDefault("type", new Reply.Nothing()));
                if (name.equals(settings.fields().vector()) && kind.equalsIgnoreCase("VECTOR")) {
                    vector = Optional.of(field);
                }
                texts |= name.equals(settings.fields().text()) && kind.equalsIgnoreCase("TEXT");
            }
        }
        Map<String, Reply> found = vector.orElseThrow(() -> new VectorStoreException("The index " + settings.index()
                + " has no field " + settings.fields().vector() + " of type VECTOR"));
        DistanceMetric metric = switch (text(found.getOrDefault("distance_metric", new Reply.Nothing()))
                .toUpperCase(Locale.ROOT)) {
            case "L2" -> DistanceMetric.EUCLIDEAN;
            case "IP" -> DistanceMetric.DOT_PRODUCT;
            default -> DistanceMetric.COSINE;
        };
        return new Index(prefix, metric, texts);
    }

    /** Redis tells the dimension of an index only by refusing queries of another. */
    private void probe() {
        float[] query = new float[dimension];
        query[0] = 1;
        try {
            search(query, 1);
        } catch (VectorStoreException refused) {
            throw new VectorStoreException(
                    "The index " + settings.index() + " does not take vectors of " + dimension
                            + " dimensions, which the embedding model makes: " + refused.getMessage(),
                    refused);
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        return index.metric();
    }

    @Override
    public void put(List<VectorEntry> entries) {
        entries.forEach(entry -> check(entry.vector()));
        List<VectorEntry> last = Vectors.lastOfEach(entries);
        for (int from = 0; from < last.size(); from += LARGEST_BATCH) {
            List<List<byte[]>> commands = new ArrayList<>();
            for (VectorEntry entry : last.subList(from, Math.min(last.size(), from + LARGEST_BATCH))) {
                commands.add(RedisConnection.command(
                        "HSET",
                        index.prefix() + entry.key(),
                        fields.vector(),
                        bytes(entry.vector()),
                        fields.text(),
                        entry.text(),
                        fields.metadata(),
                        MetadataJson.text(entry.metadata())));
            }
            redis.call(commands);
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        List<List<byte[]>> commands = new ArrayList<>();
        for (String key : keys) {
            commands.add(RedisConnection.command("DEL", index.prefix() + key));
        }
        redis.call(commands);
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return read(List.of(key)).stream().findFirst();
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        TreeSet<String> keys = new TreeSet<>();
        String cursor = "0";
        do {
            Reply reply = redis.call("SCAN", cursor, "MATCH", pattern(index.prefix()), "COUNT", "1000", "TYPE", "hash");
            if (!(reply instanceof Reply.Many(List<Reply> parts))
                    || parts.size() < 2
                    || !(parts.get(1) instanceof Reply.Many(List<Reply> found))) {
                throw new VectorStoreException("Redis did not answer SCAN as it should");
            }
            cursor = text(parts.getFirst());
            for (Reply name : found) {
                String key = text(name)
                        .substring(Math.min(index.prefix().length(), text(name).length()));
                if (!key.isEmpty() && (after.isEmpty() || key.compareTo(after.get()) > 0)) {
                    keys.add(key);
                }
            }
        } while (!cursor.equals("0"));
        List<VectorEntry> page = new ArrayList<>();
        List<String> batch = new ArrayList<>();
        for (String key : keys) {
            batch.add(key);
            if (batch.size() == Math.min(LARGEST_BATCH, count - page.size())) {
                page.addAll(read(batch));
                batch.clear();
                if (page.size() >= count) {
                    return page;
                }
            }
        }
        page.addAll(read(batch));
        return page;
    }

    private List<VectorEntry> read(List<String> keys) {
        List<List<byte[]>> commands = new ArrayList<>();
        for (String key : keys) {
            commands.add(RedisConnection.command(
                    "HMGET", index.prefix() + key, fields.vector(), fields.text(), fields.metadata()));
        }
        List<Reply> replies = redis.call(commands);
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (replies.get(i) instanceof Reply.Many(List<Reply> values)
                    && values.size() == 3
                    && values.getFirst() instanceof Reply.Bytes(byte[] vector)) {
                entries.add(new VectorEntry(
                        keys.get(i), floats(vector), text(values.get(1)), MetadataJson.read(text(values.get(2)))));
            }
        }
        return entries;
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        return Widening.search(count, filter, MOST, asked -> search(query, asked));
    }

    private List<Match> search(float[] query, int count) {
        Reply reply = redis.call(
                "FT.SEARCH",
                settings.index(),
                "*=>[KNN " + count + " @" + escaped(fields.vector()) + " $query AS " + DISTANCE + "]",
                "PARAMS",
                "2",
                "query",
                bytes(query),
                "SORTBY",
                DISTANCE,
                "RETURN",
                "3",
                fields.text(),
                fields.metadata(),
                DISTANCE,
                "LIMIT",
                "0",
                String.valueOf(count),
                "DIALECT",
                "2");
        return matches(reply, 1, (score, found) -> similarity(text(found.getOrDefault(DISTANCE, new Reply.Nothing()))));
    }

    private double similarity(String distance) {
        try {
            double value = Double.parseDouble(distance);
            return switch (index.metric()) {
                case COSINE, DOT_PRODUCT -> 1 - value;
                case EUCLIDEAN -> -Math.sqrt(Math.max(0, value));
                case HAMMING -> throw new IllegalStateException("bits are not kept in such an index");
            };
        } catch (NumberFormatException none) {
            throw new VectorStoreException("Redis told a distance that is no number", none);
        }
    }

    @Override
    public boolean searchesText() {
        return index.searchesText();
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        if (!index.searchesText()) {
            throw new UnsupportedOperationException("The field " + fields.text() + " is not of type TEXT");
        }
        Vectors.checkCount(count);
        List<String> words = new ArrayList<>();
        for (String word : query.split("[^\\p{L}\\p{N}]+")) {
            if (!word.isEmpty() && words.size() < 1000) {
                words.add(word);
            }
        }
        if (words.isEmpty()) {
            return List.of();
        }
        String any = "@" + escaped(fields.text()) + ":(" + String.join("|", words) + ")";
        return Widening.search(
                count,
                filter,
                MOST,
                asked -> matches(
                        redis.call(
                                "FT.SEARCH",
                                settings.index(),
                                any,
                                "SCORER",
                                "BM25",
                                "WITHSCORES",
                                "RETURN",
                                "2",
                                fields.text(),
                                fields.metadata(),
                                "LIMIT",
                                "0",
                                String.valueOf(asked),
                                "DIALECT",
                                "2"),
                        2,
                        (score, found) -> Double.parseDouble(score)));
    }

    @FunctionalInterface
    private interface Scoring {
        double of(String score, Map<String, Reply> found);
    }

    /** Reads the reply to a search: a number, then for each match its key, perhaps a score, and its fields. */
    private List<Match> matches(Reply reply, int before, Scoring scoring) {
        if (!(reply instanceof Reply.Many(List<Reply> values))) {
            throw new VectorStoreException("Redis did not answer FT.SEARCH as it should");
        }
        List<Match> matches = new ArrayList<>();
        for (int i = 1; i + before < values.size(); i += before + 1) {
            Map<String, Reply> found = map(values.get(i + before));
            String name = text(values.get(i));
            matches.add(new Match(
                    name.substring(Math.min(name.length(), index.prefix().length())),
                    text(found.getOrDefault(fields.text(), new Reply.Nothing())),
                    MetadataJson.read(text(found.getOrDefault(fields.metadata(), new Reply.Nothing()))),
                    scoring.of(text(values.get(i + before - 1)), found)));
        }
        return matches;
    }

    @Override
    public void close() {
        redis.close();
    }

    /** A list of names and values in turn. */
    private static Map<String, Reply> map(Reply reply) {
        Map<String, Reply> map = new HashMap<>();
        if (reply instanceof Reply.Many(List<Reply> values)) {
            for (int i = 0; i + 1 < values.size(); i += 2) {
                map.put(text(values.get(i)), values.get(i + 1));
            }
        }
        return map;
    }

    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.Bytes bytes -> bytes.text();
            case Reply.Whole(long value) -> String.valueOf(value);
            case Reply.Many many -> "";
            case Reply.Nothing nothing -> "";
            case Reply.Refusal refusal -> "";
        };
    }

    /** A field's name as a query takes it for nothing else. */
    private static String escaped(String name) {
        return name.replaceAll("([^A-Za-z0-9_])", "\\\\$1");
    }

    /** Keys with a prefix, in which no sign stands for others. */
    private static String pattern(String prefix) {
        return prefix.replaceAll("([\\\\*?\\[\\]^])", "\\\\$1") + "*";
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
