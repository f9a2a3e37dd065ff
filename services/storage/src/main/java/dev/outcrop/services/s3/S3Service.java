package dev.outcrop.services.s3;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Garbage;
import dev.outcrop.storage.buckets.Listings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Scrub;
import dev.outcrop.storage.buckets.Sweep;
import dev.outcrop.storage.buckets.Uploads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.RestoreObjectRequest;
import software.amazon.awssdk.services.s3.model.RestoreObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Keeps objects in buckets. */
public final class S3Service implements S3Client {
    /** How long a reader may take for what has been overwritten meanwhile. */
    private static final Duration GRACE = Duration.ofHours(1);

    private final Access access;
    private final BucketOperations buckets;
    private final ObjectReads reads;
    private final ObjectWrites writes;
    private final ObjectLists lists;
    private final MultipartUploads multipart;
    private final BucketDocuments documents;
    private final ObjectLocks locks;
    private final Archives archives;
    private final LifecycleConfigurations lifecycles;
    private final LifecycleRun lifecycleRun;

    public S3Service(Records records, Objects objects, Ids ids, InstantSource clock) {
        Buckets stored = new Buckets(records);
        ObjectVersions versions = new ObjectVersions(records, clock);
        Uploads uploads = new Uploads(records, versions);
        Listings listings = new Listings(records);
        Contents contents = new Contents(objects, uploads);
        BucketDocuments documents = new BucketDocuments(stored);
        access = new Access(stored);
        buckets = new BucketOperations(stored, clock);
        lifecycles = new LifecycleConfigurations(documents, ids);
        reads = new ObjectReads(access, versions, contents, lifecycles, clock);
        locks = new ObjectLocks(access, documents, reads, clock);
        archives = new Archives(access, reads, clock);
        writes = new ObjectWrites(access, versions, reads, contents, locks, lifecycles, clock);
        lists = new ObjectLists(listings);
        multipart = new MultipartUploads(access, uploads, writes, contents, locks, lifecycles, ids, clock);
        lifecycleRun = new LifecycleRun(stored, listings, versions, uploads, lifecycles, locks, clock);
        this.documents = documents;
    }

    /**
     * What is done without being asked for: the bytes of what was deleted and overwritten go, lifecycle rules act, and
     * files are compared with what records say of them.
     *
     * @param service the service, asked for only when there is something for it to do
     */
    public static List<Chore> chores(
            Supplier<S3Service> service, Records records, Objects objects, InstantSource clock) {
        Garbage garbage = new Garbage(records, objects, GRACE, clock);
        Sweep sweep = new Sweep(records, objects, clock);
        Scrub scrub = new Scrub(records, objects, clock);
        return List.of(
                new Chore("s3-garbage", Duration.ofMinutes(5), garbage::collect),
                new Chore("s3-sweep", Duration.ofHours(12), sweep::run),
                new Chore("s3-scrub", Duration.ofMinutes(10), scrub::run),
                new Chore(
                        "s3-lifecycle",
                        Duration.ofMinutes(10),
                        ending -> service.get().lifecycleRun.run(ending)));
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        return buckets.create(request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return HeadBucketResponse.builder()
                .bucketRegion(bucket.region())
                .accessPointAlias(false)
                .build();
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        return buckets.list(request);
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        buckets.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeleteBucketResponse.builder().build();
    }

    @Override
    public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        String region = bucket.region().equals("us-east-1") ? "" : bucket.region();
        return GetBucketLocationResponse.builder().locationConstraint(region).build();
    }

    @Override
    public GetBucketTaggingResponse getBucketTagging(GetBucketTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        if (bucket.tags().isEmpty()) {
            throw Errors.noSuchTagSet(bucket.name());
        }
        return GetBucketTaggingResponse.builder()
                .tagSet(TagSets.list(bucket.tags()))
                .build();
    }

    @Override
    public PutBucketTaggingResponse putBucketTagging(PutBucketTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        buckets.tag(bucket, TagSets.check(request.tagging().tagSet(), TagSets.MOST_OF_BUCKET));
        return PutBucketTaggingResponse.builder().build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(DeleteBucketTaggingRequest request) {
        buckets.tag(access.bucket(request.bucket(), request.expectedBucketOwner()), Map.of());
        return DeleteBucketTaggingResponse.builder().build();
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketVersioningResponse.builder()
                .status(
                        switch (bucket.versioning()) {
                            case NEVER -> null;
                            case ENABLED -> BucketVersioningStatus.ENABLED;
                            case SUSPENDED -> BucketVersioningStatus.SUSPENDED;
                        })
                .build();
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        buckets.version(bucket, request.versioningConfiguration());
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return writes.put(request, body);
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        return reads.get(request, transformer);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return reads.head(request);
    }

    @Override
    public GetObjectAttributesResponse getObjectAttributes(GetObjectAttributesRequest request) {
        return reads.attributes(request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return writes.delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return writes.deleteAll(request);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return writes.copy(request);
    }

    @Override
    public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "GET");
        return GetObjectTaggingResponse.builder()
                .tagSet(TagSets.list(version.settings().tags()))
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        Map<String, String> tags = TagSets.check(request.tagging().tagSet(), TagSets.MOST_OF_OBJECT);
        ObjectVersion version = writes.tag(bucket, request.key(), request.versionId(), tags);
        return PutObjectTaggingResponse.builder()
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public DeleteObjectTaggingResponse deleteObjectTagging(DeleteObjectTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = writes.tag(bucket, request.key(), request.versionId(), Map.of());
        return DeleteObjectTaggingResponse.builder()
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        return lists.list(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return lists.list(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return lists.list(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        return multipart.create(request);
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        return multipart.put(request, body);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        return multipart.copy(request);
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request) {
        return multipart.list(request);
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
        return lists.list(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return multipart.complete(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        multipart.abort(bucket, request.key(), request.uploadId());
        return AbortMultipartUploadResponse.builder().build();
    }

    @Override
    public GetObjectLockConfigurationResponse getObjectLockConfiguration(GetObjectLockConfigurationRequest request) {
        return locks.configuration(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutObjectLockConfigurationResponse putObjectLockConfiguration(PutObjectLockConfigurationRequest request) {
        locks.configure(
                access.bucket(request.bucket(), request.expectedBucketOwner()), request.objectLockConfiguration());
        return PutObjectLockConfigurationResponse.builder().build();
    }

    @Override
    public GetObjectRetentionResponse getObjectRetention(GetObjectRetentionRequest request) {
        return locks.retention(request);
    }

    @Override
    public PutObjectRetentionResponse putObjectRetention(PutObjectRetentionRequest request) {
        locks.retain(request);
        return PutObjectRetentionResponse.builder().build();
    }

    @Override
    public GetObjectLegalHoldResponse getObjectLegalHold(GetObjectLegalHoldRequest request) {
        return locks.legalHold(request);
    }

    @Override
    public PutObjectLegalHoldResponse putObjectLegalHold(PutObjectLegalHoldRequest request) {
        locks.hold(request);
        return PutObjectLegalHoldResponse.builder().build();
    }

    @Override
    public RestoreObjectResponse restoreObject(RestoreObjectRequest request) {
        return archives.restore(request);
    }

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(
            GetBucketLifecycleConfigurationRequest request) {
        return lifecycles.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketLifecycleConfigurationResponse putBucketLifecycleConfiguration(
            PutBucketLifecycleConfigurationRequest request) {
        return lifecycles.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public DeleteBucketLifecycleResponse deleteBucketLifecycle(DeleteBucketLifecycleRequest request) {
        documents.remove(
                access.bucket(request.bucket(), request.expectedBucketOwner()), BucketDocuments.Kind.LIFECYCLE);
        return DeleteBucketLifecycleResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
