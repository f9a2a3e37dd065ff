package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.vectors.embedded.StoreSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.GetOutputVector;
import software.amazon.awssdk.services.s3vectors.model.GetVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.Index;
import software.amazon.awssdk.services.s3vectors.model.ListOutputVector;
import software.amazon.awssdk.services.s3vectors.model.ListVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.ListVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.PutInputVector;
import software.amazon.awssdk.services.s3vectors.model.PutVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.QueryOutputVector;
import software.amazon.awssdk.services.s3vectors.model.QueryVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.QueryVectorsResponse;

/**
 * The vectors of indexes: put, found by key, listed, deleted and queried.
 *
 * <p>Source: the operations of these names in the Amazon S3 API Reference; "Limitations and restrictions" of S3 Vectors in
 * the user guide.
 */
final class StoredVectors {
    private static final Logger LOG = LoggerFactory.getLogger(StoredVectors.class);
    private static final int MOST_RESULTS = 100;
    private static final int USUAL_PAGE = 500;
    private static final int CHUNK = 100;
    /** A page ends once it has looked at so many bytes. */
    private static final int LARGEST_PAGE = 1 << 20;

    private final VectorIndexes indexes;
    private final IndexKeys keys;
    private final EmbeddedStores stores;
    private final VectorPlaces places;

    StoredVectors(VectorIndexes indexes, IndexKeys keys, EmbeddedStores stores, VectorPlaces places) {
        this.indexes = indexes;
        this.keys = keys;
        this.stores = stores;
        this.places = places;
    }

    private <T> T with(String bucket, String name, String arn, BiFunction<StoredIndex, VectorStore, T> body) {
        StoredIndex index = indexes.get(VectorArn.index(bucket, name, arn));
        byte[] key = keys.open(index);
        try (VectorStore store = stores.open(indexes.files(index), settings(index.shape()), key)) {
            return body.apply(index, store);
        } catch (VectorStoreException failure) {
            // Deleted while it was looked at?
            indexes.get(index.place());
            LOG.warn("the vectors of {} cannot be used", index.place().arn(), failure);
            throw Failures.unavailable();
        }
    }

    private static StoreSettings settings(Index index) {
        return new StoreSettings(
                index.dimension(),
                switch (index.distanceMetric()) {
                    case COSINE -> DistanceMetric.COSINE;
                    case EUCLIDEAN -> DistanceMetric.EUCLIDEAN;
                    case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("no metric of this SDK's");
                },
                notFilterable(index));
    }

    private static Set<String> notFilterable(Index index) {
        return index.metadataConfiguration() == null
                ? Set.of()
                : Set.copyOf(index.metadataConfiguration().nonFilterableMetadataKeys());
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    void put(PutVectorsRequest request) {
        with(request.vectorBucketName(), request.indexName(), request.indexArn(), (index, store) -> {
            Set<String> notFilterable = notFilterable(index.shape());
            List<VectorEntry> entries = new ArrayList<>();
            for (PutInputVector vector : request.vectors()) {
                entries.add(entry(vector, store, notFilterable));
            }
            store.put(entries);
            return null;
        });
    }

    private static VectorEntry entry(PutInputVector vector, VectorStore store, Set<String> notFilterable) {
        if (!vector.data().hasFloat32()) {
            throw Failures.record(vector.key(), "vector data must be float32");
        }
        float[] values = floats(vector.data().float32());
        check(values, store).ifPresent(reason -> {
            throw Failures.record(vector.key(), reason);
        });
        return new VectorEntry(vector.key(), values, "", Metadata.read(vector.key(), vector.metadata(), notFilterable));
    }

    /** Why a vector does not fit, if it does not. */
    private static Optional<String> check(float[] values, VectorStore store) {
        if (values.length != store.dimension()) {
            return Optional.of("vector must have length " + store.dimension() + ", but has length " + values.length);
        }
        try {
            store.check(values);
            return Optional.empty();
        } catch (IllegalArgumentException unfit) {
            return Optional.of(unfit.getMessage());
        }
    }

    GetVectorsResponse get(GetVectorsRequest request) {
        return with(request.vectorBucketName(), request.indexName(), request.indexArn(), (index, store) -> {
            List<GetOutputVector> found = new ArrayList<>();
            for (String key : new LinkedHashSet<>(request.keys())) {
                store.get(key).ifPresent(entry -> {
                    GetOutputVector.Builder vector = GetOutputVector.builder().key(key);
                    if (Boolean.TRUE.equals(request.returnData())) {
                        vector.data(data -> data.float32(list(entry.vector())));
                    }
                    if (Boolean.TRUE.equals(request.returnMetadata())) {
                        vector.metadata(Metadata.write(entry.metadata()));
                    }
                    found.add(vector.build());
                });
            }
            return GetVectorsResponse.builder().vectors(found).build();
        });
    }

    void delete(DeleteVectorsRequest request) {
        with(request.vectorBucketName(), request.indexName(), request.indexArn(), (index, store) -> {
            store.delete(request.keys());
            return null;
        });
    }

    ListVectorsResponse list(ListVectorsRequest request) {
        if ((request.segmentCount() == null) != (request.segmentIndex() == null)) {
            throw Failures.invalid("segmentCount and segmentIndex must be specified together");
        }
        if (request.segmentCount() != null && request.segmentIndex() >= request.segmentCount()) {
            throw Failures.invalid("segmentIndex must be less than segmentCount");
        }
        return with(
                request.vectorBucketName(),
                request.indexName(),
                request.indexArn(),
                (index, store) -> page(request, index, store));
    }

    private ListVectorsResponse page(ListVectorsRequest request, StoredIndex index, VectorStore store) {
        String list = "s3vectors:vectors:" + index.id() + ":" + request.segmentCount() + ":" + request.segmentIndex();
        int most = request.maxResults() == null ? USUAL_PAGE : request.maxResults();
        List<ListOutputVector> vectors = new ArrayList<>();
        long bytes = 0;
        EntryScan scan = request.nextToken() == null
                ? new EntryScan(store, CHUNK)
                : new EntryScan(store, CHUNK, places.place(list, request.nextToken()));
        Optional<String> last = Optional.empty();
        for (Optional<VectorEntry> next = scan.next(); next.isPresent(); next = scan.next()) {
            VectorEntry entry = next.get();
            if (vectors.size() == most || bytes >= LARGEST_PAGE) {
                return ListVectorsResponse.builder()
                        .vectors(vectors)
                        .nextToken(places.token(list, last.orElseThrow()))
                        .build();
            }
            last = Optional.of(entry.key());
            bytes += (long) entry.vector().length * Float.BYTES + Metadata.size(entry.metadata());
            if (isIn(entry.key(), request)) {
                vectors.add(listed(entry, request));
            }
        }
        return ListVectorsResponse.builder().vectors(vectors).build();
    }

    private static boolean isIn(String key, ListVectorsRequest request) {
        return request.segmentCount() == null
                || Byte.toUnsignedInt(VectorPlaces.sha256(key)[0]) % request.segmentCount() == request.segmentIndex();
    }

    private static ListOutputVector listed(VectorEntry entry, ListVectorsRequest request) {
        ListOutputVector.Builder vector = ListOutputVector.builder().key(entry.key());
        if (Boolean.TRUE.equals(request.returnData())) {
            vector.data(data -> data.float32(list(entry.vector())));
        }
        if (Boolean.TRUE.equals(request.returnMetadata())) {
            vector.metadata(Metadata.write(entry.metadata()));
        }
        return vector.build();
    }

    QueryVectorsResponse query(QueryVectorsRequest request) {
        if (request.topK() > MOST_RESULTS) {
            throw Failures.invalid("topK must be at most " + MOST_RESULTS + ", but is " + request.topK());
        }
        return with(request.vectorBucketName(), request.indexName(), request.indexArn(), (index, store) -> {
            if (!request.queryVector().hasFloat32()) {
                throw Failures.invalid("Query vector must be float32");
            }
            float[] query = floats(request.queryVector().float32());
            check(query, store).ifPresent(reason -> {
                throw Failures.invalid("Query vector contains invalid values or is invalid for this index: " + reason);
            });
            Optional<MetadataFilter> filter = Optional.ofNullable(request.filter())
                    .map(document -> QueryFilter.read(document, notFilterable(index.shape())));
            List<QueryOutputVector> vectors = store.nearest(query, request.topK(), filter).stream()
                    .map(match -> found(match, request, store.metric()))
                    .toList();
            return QueryVectorsResponse.builder()
                    .vectors(vectors)
                    .distanceMetric(index.shape().distanceMetric())
                    .build();
        });
    }

    private static QueryOutputVector found(Match match, QueryVectorsRequest request, DistanceMetric metric) {
        QueryOutputVector.Builder vector = QueryOutputVector.builder().key(match.key());
        if (Boolean.TRUE.equals(request.returnDistance())) {
            vector.distance((float) metric.distance(match.score()));
        }
        if (Boolean.TRUE.equals(request.returnMetadata())) {
            Map<String, MetadataValue> metadata = match.metadata();
            vector.metadata(Metadata.write(metadata));
        }
        return vector.build();
    }
}
