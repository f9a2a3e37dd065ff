package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagent.model.S3VectorsConfiguration;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;
import software.amazon.awssdk.services.s3vectors.model.Index;
import software.amazon.awssdk.services.s3vectors.model.PutInputVector;
import software.amazon.awssdk.services.s3vectors.model.VectorData;

/**
 * An index of S3 Vectors, used as the role of a knowledge base. Beside the attributes that filters ask about, a vector's
 * metadata has the chunk's text and its parent's, under the names that such an index is to be told not to filter by.
 *
 * <p>Source: Amazon S3 User Guide, "Using S3 Vectors with Amazon Bedrock Knowledge Bases".
 */
final class S3VectorsStore implements VectorStore {
    private static final String TEXT = "AMAZON_BEDROCK_TEXT";
    private static final String METADATA = "AMAZON_BEDROCK_METADATA";
    private static final int WRITTEN_AT_ONCE = 500;
    private static final int READ_AT_ONCE = 100;
    private static final int MOST_FOUND = 100;

    private final BaseRole role;
    private final String index;
    private final int dimension;
    private volatile DistanceMetric metric;

    S3VectorsStore(BaseRole role, S3VectorsConfiguration configuration, int dimension) {
        this.role = role;
        index = configuration.indexArn() != null
                ? configuration.indexArn()
                : configuration.vectorBucketArn() + "/index/" + configuration.indexName();
        this.dimension = dimension;
    }

    /**
     * Makes sure that there is such an index, for such vectors.
     *
     * @throws VectorStoreException if not
     */
    void check() {
        int present = index().dimension();
        if (present != dimension) {
            throw new VectorStoreException("The embedding model's vectors have " + dimension
                    + " dimensions, but those of the index have " + present);
        }
    }

    private Index index() {
        return call(
                client -> client.getIndex(request -> request.indexArn(index)).index());
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        DistanceMetric known = metric;
        if (known == null) {
            known = index().distanceMetricAsString().equals("euclidean")
                    ? DistanceMetric.EUCLIDEAN
                    : DistanceMetric.COSINE;
            metric = known;
        }
        return known;
    }

    @Override
    public void put(List<VectorEntry> entries) {
        for (int from = 0; from < entries.size(); from += WRITTEN_AT_ONCE) {
            List<PutInputVector> some = entries.subList(from, Math.min(entries.size(), from + WRITTEN_AT_ONCE)).stream()
                    .map(S3VectorsStore::written)
                    .toList();
            call(client -> client.putVectors(request -> request.indexArn(index).vectors(some)));
        }
    }

    private static PutInputVector written(VectorEntry entry) {
        Map<String, Document> metadata = new LinkedHashMap<>();
        entry.metadata().forEach((key, value) -> {
            if (key.equals(ChunkMetadata.PARENT_TEXT)) {
                metadata.put(METADATA, document(value));
            } else {
                metadata.put(key, document(value));
            }
        });
        metadata.put(TEXT, Document.fromString(entry.text()));
        return PutInputVector.builder()
                .key(entry.key())
                .data(data(entry.vector()))
                .metadata(Document.fromMap(metadata))
                .build();
    }

    private static VectorData data(float[] vector) {
        List<Float> values = new ArrayList<>(vector.length);
        for (float value : vector) {
            values.add(value);
        }
        return VectorData.fromFloat32(values);
    }

    @Override
    public void delete(Collection<String> keys) {
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += WRITTEN_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + WRITTEN_AT_ONCE));
            call(client ->
                    client.deleteVectors(request -> request.indexArn(index).keys(some)));
        }
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return call(client -> client.getVectors(request ->
                        request.indexArn(index).keys(key).returnData(true).returnMetadata(true)))
                .vectors()
                .stream()
                .findFirst()
                .map(found -> entry(found.key(), found.data(), found.metadata()));
    }

    /** Keys come in the order that the index keeps them in, so that the page behind a key is looked for from the first. */
    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        List<VectorEntry> entries = new ArrayList<>();
        boolean behind = after.isEmpty();
        String token = null;
        do {
            String next = token;
            var page = call(client -> client.listVectors(request -> request.indexArn(index)
                    .maxResults(READ_AT_ONCE)
                    .nextToken(next)
                    .returnData(true)
                    .returnMetadata(true)));
            for (var found : page.vectors()) {
                if (behind && entries.size() < count) {
                    entries.add(entry(found.key(), found.data(), found.metadata()));
                }
                behind = behind || found.key().equals(after.get());
            }
            token = page.nextToken();
        } while (token != null && entries.size() < count);
        return entries;
    }

    /** At most a hundred, as the service gives. */
    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        Optional<Document> expressed = filter.flatMap(S3VectorsStore::expressed);
        boolean all = filter.isEmpty() || expressed.isPresent();
        int most = all ? Math.min(count, MOST_FOUND) : MOST_FOUND;
        var found = call(client -> client.queryVectors(request -> request.indexArn(index)
                .queryVector(data(query))
                .topK(most)
                .filter(expressed.orElse(null))
                .returnMetadata(true)
                .returnDistance(true)));
        List<Match> matches = new ArrayList<>();
        for (var vector : found.vectors()) {
            Map<String, MetadataValue> metadata = metadata(vector.metadata());
            if (filter.isEmpty() || filter.get().matches(metadata)) {
                double score = metric() == DistanceMetric.COSINE ? 1 - vector.distance() : -vector.distance();
                matches.add(new Match(vector.key(), text(vector.metadata()), metadata, score));
            }
        }
        return matches.subList(0, Math.min(count, matches.size()));
    }

    @Override
    public boolean searchesText() {
        return false;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        throw new UnsupportedOperationException("S3 Vectors does not search texts");
    }

    /** A filter as the service takes it; empty where it cannot say that. */
    private static Optional<Document> expressed(MetadataFilter filter) {
        return switch (filter) {
            case MetadataFilter.And(List<MetadataFilter> filters) -> several("$and", filters);
            case MetadataFilter.Or(List<MetadataFilter> filters) -> several("$or", filters);
            case MetadataFilter.Equals(String key, MetadataValue value) -> condition(key, "$eq", document(value));
            case MetadataFilter.NotEquals(String key, MetadataValue value) -> condition(key, "$ne", document(value));
            case MetadataFilter.GreaterThan(String key, double value) ->
                condition(key, "$gt", Document.fromNumber(value));
            case MetadataFilter.GreaterThanOrEquals(String key, double value) ->
                condition(key, "$gte", Document.fromNumber(value));
            case MetadataFilter.LessThan(String key, double value) -> condition(key, "$lt", Document.fromNumber(value));
            case MetadataFilter.LessThanOrEquals(String key, double value) ->
                condition(key, "$lte", Document.fromNumber(value));
            case MetadataFilter.In(String key, List<MetadataValue> values) -> condition(key, "$in", documents(values));
            case MetadataFilter.NotIn(String key, List<MetadataValue> values) ->
                condition(key, "$nin", documents(values));
            case MetadataFilter.ListContains(String key, MetadataValue item) -> condition(key, "$eq", document(item));
            case MetadataFilter.Exists(String key, boolean wanted) ->
                condition(key, "$exists", Document.fromBoolean(wanted));
            case MetadataFilter.StartsWith _, MetadataFilter.StringContains _ -> Optional.empty();
        };
    }

    private static Optional<Document> several(String operator, List<MetadataFilter> filters) {
        List<Document> expressed = filters.stream()
                .map(S3VectorsStore::expressed)
                .flatMap(Optional::stream)
                .toList();
        return expressed.size() == filters.size()
                ? Optional.of(Document.fromMap(Map.of(operator, Document.fromList(expressed))))
                : Optional.empty();
    }

    private static Optional<Document> condition(String key, String operator, Document value) {
        return Optional.of(Document.fromMap(Map.of(key, Document.fromMap(Map.of(operator, value)))));
    }

    private static Document documents(List<MetadataValue> values) {
        return Document.fromList(values.stream().map(S3VectorsStore::document).toList());
    }

    private static Document document(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> Document.fromString(text);
            case MetadataValue.Numeric(double number) -> Document.fromNumber(number);
            case MetadataValue.Flag(boolean flag) -> Document.fromBoolean(flag);
            case MetadataValue.Items(List<MetadataValue> items) -> documents(items);
        };
    }

    private static VectorEntry entry(String key, VectorData data, Document metadata) {
        float[] vector = new float[data.float32().size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = data.float32().get(i);
        }
        return new VectorEntry(key, vector, text(metadata), metadata(metadata));
    }

    private static String text(Document metadata) {
        return metadata != null && metadata.asMap().containsKey(TEXT)
                ? metadata.asMap().get(TEXT).asString()
                : "";
    }

    private static Map<String, MetadataValue> metadata(Document metadata) {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        if (metadata != null) {
            metadata.asMap().forEach((key, value) -> {
                if (!key.equals(TEXT)) {
                    values.put(key.equals(METADATA) ? ChunkMetadata.PARENT_TEXT : key, value(value));
                }
            });
        }
        return values;
    }

    private static MetadataValue value(Document value) {
        if (value.isNumber()) {
            return MetadataValue.of(value.asNumber().doubleValue());
        }
        if (value.isBoolean()) {
            return MetadataValue.of(value.asBoolean());
        }
        if (value.isList()) {
            return new MetadataValue.Items(
                    value.asList().stream().map(S3VectorsStore::value).toList());
        }
        return MetadataValue.of(value.asString());
    }

    private <T> T call(Function<S3VectorsClient, T> call) {
        try {
            return role.call(S3VectorsClient.class, call);
        } catch (AwsServiceException | AwsError failure) {
            throw new VectorStoreException(Errors.told(failure), failure);
        }
    }

    @Override
    public void close() {}
}
