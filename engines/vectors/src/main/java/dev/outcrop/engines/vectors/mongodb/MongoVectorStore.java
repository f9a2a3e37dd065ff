package dev.outcrop.engines.vectors.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.Vectors;
import dev.outcrop.engines.vectors.remote.Widening;
import dev.outcrop.engines.web.Reach;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.bson.Document;

/**
 * A collection in which each entry is a document under its key, with fields for the vector, the text and the metadata
 * as JSON. Filters are looked at here: more neighbours are asked for until enough are wanted, 10,000 at most. Texts are
 * searched where there is an index for them, ranked by what that ranks them by (BM25).
 *
 * <p>Writes are acknowledged by a majority's journals. Atlas finds what was written a moment later, once its indexes
 * have it.
 */
public final class MongoVectorStore implements VectorStore {
    private static final int CONNECT_SECONDS = 10;
    private static final int ANSWER_SECONDS = 60;
    private static final int MOST = 10_000;
    private static final int CANDIDATES = 20;
    private static final int LARGEST_BATCH = 500;
    private static final String SCORE = "outcrop_score";

    private final MongoClient client;
    private final MongoCollection<Document> collection;
    private final MongoSettings settings;
    private final FieldMapping fields;
    private final int dimension;
    private final DistanceMetric metric;

    private MongoVectorStore(
            MongoClient client,
            MongoCollection<Document> collection,
            MongoSettings settings,
            int dimension,
            DistanceMetric metric) {
        this.client = client;
        this.collection = collection;
        this.settings = settings;
        this.fields = settings.fields();
        this.dimension = dimension;
        this.metric = metric;
    }

    /**
     * Opens a collection.
     *
     * @throws VectorStoreException if it cannot be reached, or lacks an index that fits; the message says why
     */
    public static MongoVectorStore open(MongoSettings settings, int dimension) {
        FieldMapping fields = settings.fields();
        for (String name : List.of(fields.vector(), fields.text(), fields.metadata())) {
            if (name.equals("_id") || !name.matches("[^$.\u0000][^.\u0000]*")) {
                throw new VectorStoreException(
                        "A field in MongoDB must not be _id, begin with a dollar or hold a dot, but is " + name);
            }
        }
        checkReach(settings);
        return reading(settings, () -> {
            MongoClient client = MongoClients.create(configuration(settings));
            try {
                MongoCollection<Document> collection = client.getDatabase(settings.database())
                        .getCollection(settings.collection())
                        .withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
                DistanceMetric metric = metric(collection, settings, dimension);
                settings.textIndex().ifPresent(index -> index(collection, index, settings));
                return new MongoVectorStore(client, collection, settings, dimension, metric);
            } catch (VectorStoreException | MongoException unfit) {
                client.close();
                throw unfit;
            }
        });
    }

    private static MongoClientSettings configuration(MongoSettings settings) {
        int colon = settings.endpoint().lastIndexOf(':');
        MongoClientSettings.Builder builder = MongoClientSettings.builder()
                .applicationName("outcrop")
                .applyToClusterSettings(cluster -> {
                    if (colon < 0) {
                        cluster.srvHost(settings.endpoint());
                    } else {
                        cluster.hosts(List.of(new ServerAddress(settings.endpoint())));
                    }
                    cluster.serverSelectionTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
                })
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                        .readTimeout(ANSWER_SECONDS, TimeUnit.SECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(4))
                .applyToSslSettings(tls -> tls.enabled(colon < 0 || settings.tls()))
                .inetAddressResolver(host -> addresses(host, settings.reach()));
        if (!settings.user().isEmpty()) {
            builder.credential(MongoCredential.createCredential(
                    settings.user(), "admin", settings.password().toCharArray()));
        }
        return builder.build();
    }

    /** The driver asks for addresses, too, but takes what it is told for an outage, and waits. */
    private static void checkReach(MongoSettings settings) {
        int colon = settings.endpoint().lastIndexOf(':');
        if (colon < 0) {
            return; // The name of a service, whose hosts only the driver knows.
        }
        try {
            addresses(settings.endpoint().substring(0, colon), settings.reach());
        } catch (UnknownHostException unreachable) {
            throw new VectorStoreException(unreachable.getMessage(), unreachable);
        }
    }

    private static List<InetAddress> addresses(String host, Reach reach) throws UnknownHostException {
        if (!reach.allows(host)) {
            throw new UnknownHostException(host + " is at an address that may not be called");
        }
        return List.of(InetAddress.getAllByName(host));
    }

    private static DistanceMetric metric(MongoCollection<Document> collection, MongoSettings settings, int dimension) {
        Document definition =
                index(collection, settings.vectorIndex(), settings).get("latestDefinition", new Document());
        for (Document field : definition.getList("fields", Document.class, List.of())) {
            if ("vector".equals(field.getString("type"))
                    && settings.fields().vector().equals(field.getString("path"))) {
                int found = field.get("numDimensions", Number.class) == null
                        ? 0
                        : field.get("numDimensions", Number.class).intValue();
                if (found != dimension) {
                    throw new VectorStoreException("The index " + settings.vectorIndex() + " is for vectors of " + found
                            + " dimensions, but the embedding model makes vectors of " + dimension + " dimensions");
                }
                return switch (String.valueOf(field.getString("similarity"))) {
                    case "euclidean" -> DistanceMetric.EUCLIDEAN;
                    case "dotProduct" -> DistanceMetric.DOT_PRODUCT;
                    default -> DistanceMetric.COSINE;
                };
            }
        }
        throw new VectorStoreException("The index " + settings.vectorIndex() + " has no vectors in the field "
                + settings.fields().vector());
    }

    private static Document index(MongoCollection<Document> collection, String name, MongoSettings settings) {
        Document index = collection.listSearchIndexes().name(name).first();
        if (index == null) {
            throw new VectorStoreException("The collection " + settings.collection() + " has no search index " + name);
        }
        return index;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        return metric;
    }

    @Override
    public void put(List<VectorEntry> entries) {
        entries.forEach(entry -> check(entry.vector()));
        List<VectorEntry> last = Vectors.lastOfEach(entries);
        for (int from = 0; from < last.size(); from += LARGEST_BATCH) {
            List<WriteModel<Document>> writes = new ArrayList<>();
            for (VectorEntry entry : last.subList(from, Math.min(last.size(), from + LARGEST_BATCH))) {
                Document document = new Document("_id", entry.key())
                        .append(fields.vector(), list(entry.vector()))
                        .append(fields.text(), entry.text())
                        .append(fields.metadata(), MetadataJson.text(entry.metadata()));
                writes.add(new ReplaceOneModel<>(
                        Filters.eq("_id", entry.key()), document, new ReplaceOptions().upsert(true)));
            }
            reading(settings, () -> collection.bulkWrite(writes));
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        if (!keys.isEmpty()) {
            reading(settings, () -> collection.bulkWrite(List.of(new DeleteManyModel<>(Filters.in("_id", keys)))));
        }
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return reading(
                        settings,
                        () -> Optional.ofNullable(
                                collection.find(Filters.eq("_id", key)).first()))
                .map(this::entry);
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        return reading(settings, () -> {
            List<VectorEntry> page = new ArrayList<>();
            for (Document document : collection
                    .find(Filters.gt("_id", after.orElse("")))
                    .sort(Sorts.ascending("_id"))
                    .limit(count)) {
                page.add(entry(document));
            }
            return page;
        });
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        return Widening.search(
                count,
                filter,
                MOST,
                asked -> search(
                        new Document(
                                "$vectorSearch",
                                new Document("index", settings.vectorIndex())
                                        .append("path", fields.vector())
                                        .append("queryVector", list(query))
                                        .append("numCandidates", Math.min(MOST, asked * CANDIDATES))
                                        .append("limit", asked)),
                        asked,
                        "vectorSearchScore",
                        this::similarity));
    }

    /** From the scores that the search makes of similarities, between 0 and 1, back. */
    private double similarity(double score) {
        return switch (metric) {
            case COSINE, DOT_PRODUCT -> 2 * score - 1;
            case EUCLIDEAN -> 1 - 1 / score;
            case HAMMING -> throw new IllegalStateException("bits are not kept in such an index");
        };
    }

    @Override
    public boolean searchesText() {
        return settings.textIndex().isPresent();
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        String index = settings.textIndex()
                .orElseThrow(() -> new UnsupportedOperationException("There is no index for texts"));
        Vectors.checkCount(count);
        return Widening.search(
                count,
                filter,
                MOST,
                asked -> search(
                        new Document(
                                "$search",
                                new Document("index", index)
                                        .append("text", new Document("query", query).append("path", fields.text()))),
                        asked,
                        "searchScore",
                        score -> score));
    }

    private List<Match> search(Document stage, int count, String score, DoubleUnaryOperator similarity) {
        Document projection =
                new Document(fields.text(), 1).append(fields.metadata(), 1).append(SCORE, new Document("$meta", score));
        return reading(settings, () -> {
            List<Match> matches = new ArrayList<>();
            for (Document found : collection.aggregate(
                    List.of(stage, new Document("$limit", count), new Document("$project", projection)))) {
                matches.add(new Match(
                        String.valueOf(found.get("_id")),
                        text(found, fields.text()),
                        MetadataJson.read(text(found, fields.metadata())),
                        similarity.applyAsDouble(found.get(SCORE, Number.class).doubleValue())));
            }
            return matches;
        });
    }

    private VectorEntry entry(Document document) {
        List<Number> values = document.getList(fields.vector(), Number.class, List.of());
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
        }
        return new VectorEntry(
                String.valueOf(document.get("_id")),
                vector,
                text(document, fields.text()),
                MetadataJson.read(text(document, fields.metadata())));
    }

    private static String text(Document document, String field) {
        return document.get(field) instanceof String text ? text : "";
    }

    private static List<Double> list(float[] vector) {
        List<Double> list = new ArrayList<>(vector.length);
        for (float value : vector) {
            list.add((double) value);
        }
        return list;
    }

    @Override
    public void close() {
        client.close();
    }

    private static <T> T reading(MongoSettings settings, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoException | IllegalArgumentException failure) {
            throw new VectorStoreException("The collection " + settings + " failed: " + failure.getMessage(), failure);
        }
    }
}
