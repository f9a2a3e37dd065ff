package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;
import software.amazon.awssdk.services.s3vectors.model.CreateIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.CreateIndexResponse;
import software.amazon.awssdk.services.s3vectors.model.CreateVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.CreateVectorBucketResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.DeleteIndexResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketPolicyRequest;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketPolicyResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.GetIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.GetIndexResponse;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketPolicyRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketPolicyResponse;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketResponse;
import software.amazon.awssdk.services.s3vectors.model.GetVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.ListIndexesRequest;
import software.amazon.awssdk.services.s3vectors.model.ListIndexesResponse;
import software.amazon.awssdk.services.s3vectors.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.s3vectors.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.s3vectors.model.ListVectorBucketsRequest;
import software.amazon.awssdk.services.s3vectors.model.ListVectorBucketsResponse;
import software.amazon.awssdk.services.s3vectors.model.ListVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.ListVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.PutVectorBucketPolicyRequest;
import software.amazon.awssdk.services.s3vectors.model.PutVectorBucketPolicyResponse;
import software.amazon.awssdk.services.s3vectors.model.PutVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.PutVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.QueryVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.QueryVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.TagResourceRequest;
import software.amazon.awssdk.services.s3vectors.model.TagResourceResponse;
import software.amazon.awssdk.services.s3vectors.model.UntagResourceRequest;
import software.amazon.awssdk.services.s3vectors.model.UntagResourceResponse;

/** Amazon S3 Vectors: vector buckets, indexes, and vectors that are found by nearness. */
public final class S3VectorsService implements S3VectorsClient, ProtectedResources {
    private static final String BUCKET_TAG = "s3vectors:vectorbuckettag/";

    private final EmbeddedStores stores = new EmbeddedStores();
    private final VectorBuckets buckets;
    private final VectorIndexes indexes;
    private final BucketPolicies policies;
    private final ResourceTags tags;
    private final StoredVectors vectors;

    /**
     * The service over what is stored. Nothing is opened before it is asked for.
     *
     * @param masterKey encrypts the keys of indexes, and page tokens
     * @param tags      where the tags of all resources are
     * @param folder    where vectors are, a folder an index
     * @param clients   reach KMS
     */
    public S3VectorsService(
            Records records,
            Secrets masterKey,
            Tags tags,
            Path folder,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        PageTokens tokens = new PageTokens(masterKey);
        IndexKeys keys = new IndexKeys(masterKey, clients);
        buckets = new VectorBuckets(records, tokens, tags, clock);
        indexes = new VectorIndexes(records, tokens, tags, buckets, keys, folder, ids, clock);
        policies = new BucketPolicies(records, buckets, clock);
        this.tags = new ResourceTags(tags, buckets, indexes);
        vectors = new StoredVectors(indexes, keys, stores, new VectorPlaces(tokens));
    }

    /** What is done again and again, for the service that is made when it is first done. */
    public static Chore chore(Supplier<S3VectorsService> service) {
        return new Chore(VectorIndexes.CHORE, VectorIndexes.INTERVAL, ending -> {
            S3VectorsService present = service.get();
            present.indexes.deleteLeftovers(present.stores, ending);
        });
    }

    @Override
    public CreateIndexResponse createIndex(CreateIndexRequest request) {
        return indexes.create(request);
    }

    @Override
    public CreateVectorBucketResponse createVectorBucket(CreateVectorBucketRequest request) {
        return buckets.create(request);
    }

    @Override
    public DeleteIndexResponse deleteIndex(DeleteIndexRequest request) {
        indexes.delete(request, stores);
        return DeleteIndexResponse.builder().build();
    }

    @Override
    public DeleteVectorBucketResponse deleteVectorBucket(DeleteVectorBucketRequest request) {
        buckets.delete(request);
        return DeleteVectorBucketResponse.builder().build();
    }

    @Override
    public DeleteVectorBucketPolicyResponse deleteVectorBucketPolicy(DeleteVectorBucketPolicyRequest request) {
        policies.delete(request);
        return DeleteVectorBucketPolicyResponse.builder().build();
    }

    @Override
    public DeleteVectorsResponse deleteVectors(DeleteVectorsRequest request) {
        vectors.delete(request);
        return DeleteVectorsResponse.builder().build();
    }

    @Override
    public GetIndexResponse getIndex(GetIndexRequest request) {
        return indexes.get(request);
    }

    @Override
    public GetVectorBucketResponse getVectorBucket(GetVectorBucketRequest request) {
        return buckets.get(request);
    }

    @Override
    public GetVectorBucketPolicyResponse getVectorBucketPolicy(GetVectorBucketPolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public GetVectorsResponse getVectors(GetVectorsRequest request) {
        return vectors.get(request);
    }

    @Override
    public ListIndexesResponse listIndexes(ListIndexesRequest request) {
        return indexes.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(request.resourceArn()))
                .build();
    }

    @Override
    public ListVectorBucketsResponse listVectorBuckets(ListVectorBucketsRequest request) {
        return buckets.list(request);
    }

    @Override
    public ListVectorsResponse listVectors(ListVectorsRequest request) {
        return vectors.list(request);
    }

    @Override
    public PutVectorBucketPolicyResponse putVectorBucketPolicy(PutVectorBucketPolicyRequest request) {
        policies.put(request);
        return PutVectorBucketPolicyResponse.builder().build();
    }

    @Override
    public PutVectorsResponse putVectors(PutVectorsRequest request) {
        vectors.put(request);
        return PutVectorsResponse.builder().build();
    }

    @Override
    public QueryVectorsResponse queryVectors(QueryVectorsRequest request) {
        return vectors.query(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(request.resourceArn(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return VectorArn.parse(arn).map(tags::known).orElse(Map.of());
    }

    @Override
    public Optional<List<String>> condition(String key, String arn) {
        return key.startsWith(BUCKET_TAG)
                ? VectorArn.parse(arn)
                        .flatMap(place -> tags.known(place.inBucket()).entrySet().stream()
                                .filter(tag -> tag.getKey()
                                        .toLowerCase(Locale.ROOT)
                                        .equals(key.substring(BUCKET_TAG.length())))
                                .map(tag -> List.of(tag.getValue()))
                                .findFirst())
                : Optional.empty();
    }

    @Override
    public Optional<String> policy(String arn) {
        return VectorArn.parse(arn).map(VectorArn::inBucket).flatMap(policies::find);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        stores.close();
    }
}
