package dev.outcrop.services.s3;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.CrossOriginRules;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.s3.select.ObjectSelection;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Deliveries;
import dev.outcrop.storage.buckets.Garbage;
import dev.outcrop.storage.buckets.Listings;
import dev.outcrop.storage.buckets.NamedDocuments;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Replications;
import dev.outcrop.storage.buckets.Scrub;
import dev.outcrop.storage.buckets.Sweep;
import dev.outcrop.storage.buckets.Uploads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.AnalyticsConfiguration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketAnalyticsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketAnalyticsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketIntelligentTieringConfigurationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketIntelligentTieringConfigurationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketInventoryConfigurationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketInventoryConfigurationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketMetricsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketMetricsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAbacRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAbacResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAnalyticsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAnalyticsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketIntelligentTieringConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketIntelligentTieringConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketInventoryConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketInventoryConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketMetricsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketMetricsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusResponse;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentRequest;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentResponse;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
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
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.IntelligentTieringConfiguration;
import software.amazon.awssdk.services.s3.model.InventoryConfiguration;
import software.amazon.awssdk.services.s3.model.ListBucketAnalyticsConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketAnalyticsConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.ListBucketIntelligentTieringConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketIntelligentTieringConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.ListBucketInventoryConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketInventoryConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.ListBucketMetricsConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketMetricsConfigurationsResponse;
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
import software.amazon.awssdk.services.s3.model.MetricsConfiguration;
import software.amazon.awssdk.services.s3.model.PutBucketAbacRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAbacResponse;
import software.amazon.awssdk.services.s3.model.PutBucketAccelerateConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAccelerateConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAclResponse;
import software.amazon.awssdk.services.s3.model.PutBucketAnalyticsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAnalyticsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketIntelligentTieringConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketIntelligentTieringConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketInventoryConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketInventoryConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketLoggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.PutBucketMetricsConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketMetricsConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketRequestPaymentRequest;
import software.amazon.awssdk.services.s3.model.PutBucketRequestPaymentResponse;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.PutBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclResponse;
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
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.RestoreObjectRequest;
import software.amazon.awssdk.services.s3.model.RestoreObjectResponse;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Keeps objects in buckets. */
public final class S3Service implements S3Client, ProtectedResources, CrossOriginRules {
    /** How long a reader may take for what has been overwritten meanwhile. */
    private static final Duration GRACE = Duration.ofHours(1);
    /** How many configurations of a kind a bucket may have. */
    private static final int MOST_NAMED = 1000;

    private final Buckets stored;
    private final Access access;
    private final S3Resources resources;
    private final BucketPolicies policies;
    private final PublicAccessBlocks blocks;
    private final Ownership ownership;
    private final AccessControlLists accessControl;
    private final BucketEncryption encryption;
    private final BucketAccessSettings accessSettings;
    private final BucketCors cors;
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
    private final WebsiteConfigurations websites;
    private final Notifications notifications;
    private final EventDelivery eventDelivery;
    private final Acceleration acceleration;
    private final LoggingConfigurations logging;
    private final ReplicationConfigurations replications;
    private final ReplicationRun replicationRun;
    private final BucketConfigurationLists<AnalyticsConfiguration> analytics;
    private final BucketConfigurationLists<IntelligentTieringConfiguration> tierings;
    private final BucketConfigurationLists<InventoryConfiguration> inventories;
    private final BucketConfigurationLists<MetricsConfiguration> metrics;

    /**
     * S3.
     *
     * @param clients how KMS is reached, once calls come
     * @param rights  what the roles may do that buckets are replicated with
     */
    public S3Service(
            Records records,
            Objects objects,
            BucketDefaults defaults,
            Supplier<Clients> clients,
            RoleRights rights,
            Ids ids,
            InstantSource clock) {
        stored = new Buckets(records);
        BucketSettings settings = new BucketSettings(stored);
        documents = new BucketDocuments(settings);
        Listings listings = new Listings(records);
        ObjectVersions versions = new ObjectVersions(records, clock);
        Uploads uploads = new Uploads(records, versions);
        Contents contents = new Contents(objects, uploads);
        AccessPoints points = new AccessPoints(records, clock);
        access = new Access(stored, points);
        AccountPublicAccess accounts = new AccountPublicAccess(records, clock);
        blocks = new PublicAccessBlocks(settings, accounts);
        policies = new BucketPolicies(settings, blocks);
        ownership = new Ownership(settings);
        encryption = new BucketEncryption(settings);
        accessSettings = new BucketAccessSettings(settings);
        cors = new BucketCors(stored, settings);
        ObjectEvents events = new ObjectEvents(documents, new ServiceEvents(records, clock), clock);
        resources = new S3Resources(access, policies, new AccessPointPolicies(accounts), blocks, versions);
        ObjectEncryption objectEncryption = new ObjectEncryption(new DataKeys(clients), new BucketKeys(clock));
        MfaDelete mfa = new MfaDelete(clients);
        buckets = new BucketOperations(stored, defaults, mfa, clock);
        lifecycles = new LifecycleConfigurations(documents, ids);
        replications = new ReplicationConfigurations(documents, stored, ids);
        reads = new ObjectReads(access, versions, contents, objectEncryption, lifecycles, clock);
        locks = new ObjectLocks(access, documents, reads, clock);
        archives = new Archives(access, reads, events, clock);
        NewVersions fresh = new NewVersions(locks, replications, lifecycles);
        accessControl = new AccessControlLists(access, settings, blocks, versions, reads, events);
        writes = new ObjectWrites(
                access, versions, reads, contents, objectEncryption, accessControl, fresh, locks, mfa, events, clock);
        lists = new ObjectLists(listings);
        multipart = new MultipartUploads(
                access,
                uploads,
                writes,
                contents,
                objectEncryption,
                accessControl,
                fresh,
                locks,
                lifecycles,
                events,
                ids,
                clock);
        lifecycleRun = new LifecycleRun(stored, listings, versions, uploads, lifecycles, locks, events, clock);
        replicationRun = new ReplicationRun(
                stored,
                versions,
                new Replications(records, versions),
                contents,
                replications,
                objectEncryption,
                rights,
                events);
        websites = new WebsiteConfigurations(documents);
        EventDestinations destinations = new EventDestinations(clients);
        notifications = new Notifications(documents, destinations, ids, clock);
        eventDelivery = new EventDelivery(new Deliveries(records), stored, destinations, clock);
        acceleration = new Acceleration(documents);
        logging = new LoggingConfigurations(documents, stored);
        NamedDocuments named = new NamedDocuments(records);
        analytics = BucketConfigurationLists.of(named, "analytics", MOST_NAMED, AnalyticsConfiguration::builder);
        tierings = BucketConfigurationLists.of(
                named, "intelligent-tiering", MOST_NAMED, IntelligentTieringConfiguration::builder);
        inventories = BucketConfigurationLists.of(named, "inventory", MOST_NAMED, InventoryConfiguration::builder);
        metrics = RequestMetrics.of(named, MOST_NAMED);
    }

    /**
     * What is done without being asked for: the bytes of what was deleted and overwritten go, lifecycle rules act, and
     * files are compared with what records say of them.
     *
     * @param service the service, asked for only when there is something for it to do
     */
    public static List<Chore> chores(
            Supplier<S3Service> service,
            Records records,
            Objects objects,
            ServiceMetrics metrics,
            InstantSource clock) {
        Garbage garbage = new Garbage(records, objects, GRACE, clock);
        Sweep sweep = new Sweep(records, objects, clock);
        Scrub scrub = new Scrub(records, objects, clock);
        StorageMetrics storage = new StorageMetrics(new Buckets(records), new Listings(records), metrics, clock);
        Chore.Body lifecycle = ending -> service.get().lifecycleRun.run(ending);
        Chore.Body delivery = ending -> service.get().eventDelivery.run(ending);
        Chore.Body replication = ending -> service.get().replicationRun.run(ending);
        return List.of(
                new Chore("s3-garbage", Duration.ofMinutes(5), garbage::collect),
                new Chore("s3-sweep", Duration.ofHours(12), sweep::run),
                new Chore("s3-scrub", Duration.ofMinutes(10), scrub::run),
                new Chore("s3-events", Duration.ofSeconds(2), delivery),
                new Chore("s3-replication", Duration.ofSeconds(2), replication),
                new Chore("s3-lifecycle", Duration.ofMinutes(10), lifecycle),
                new Chore("s3-metrics", Duration.ofHours(1), storage::run));
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        return buckets.create(request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        return HeadBucketResponse.builder()
                .bucketRegion(bucket.region())
                .accessPointAlias(access.point(request.bucket()).isPresent())
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
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
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
        BucketAccessSettings.requireThatTagsDoNotCount(bucket);
        buckets.tag(bucket, TagSets.check(request.tagging().tagSet(), TagSets.MOST_OF_BUCKET));
        return PutBucketTaggingResponse.builder().build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(DeleteBucketTaggingRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        BucketAccessSettings.requireThatTagsDoNotCount(bucket);
        buckets.tag(bucket, Map.of());
        return DeleteBucketTaggingResponse.builder().build();
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketVersioningResponse.builder()
                .mfaDelete(bucket.settings().get(MfaDelete.SETTING))
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
        buckets.version(bucket, request.versioningConfiguration(), request.mfa());
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
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "GET");
        return GetObjectTaggingResponse.builder()
                .tagSet(TagSets.list(version.settings().tags()))
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        Map<String, String> tags = TagSets.check(request.tagging().tagSet(), TagSets.MOST_OF_OBJECT);
        ObjectVersion version = writes.tag(bucket, request.key(), request.versionId(), tags);
        return PutObjectTaggingResponse.builder()
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public DeleteObjectTaggingResponse deleteObjectTagging(DeleteObjectTaggingRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = writes.tag(bucket, request.key(), request.versionId(), Map.of());
        return DeleteObjectTaggingResponse.builder()
                .versionId(ObjectReads.shownId(bucket, version))
                .build();
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        return lists.list(access.reached(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return lists.list(access.reached(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return lists.list(access.reached(request.bucket(), request.expectedBucketOwner()), request);
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
        return lists.list(access.reached(request.bucket(), request.expectedBucketOwner()), request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return multipart.complete(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        multipart.abort(bucket, request.key(), request.uploadId());
        return AbortMultipartUploadResponse.builder().build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketPolicyResponse.builder().policy(policies.get(bucket)).build();
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest request) {
        policies.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request.policy());
        return PutBucketPolicyResponse.builder().build();
    }

    @Override
    public DeleteBucketPolicyResponse deleteBucketPolicy(DeleteBucketPolicyRequest request) {
        policies.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeleteBucketPolicyResponse.builder().build();
    }

    @Override
    public GetBucketPolicyStatusResponse getBucketPolicyStatus(GetBucketPolicyStatusRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        boolean isPublic = policies.isPublic(bucket);
        return GetBucketPolicyStatusResponse.builder()
                .policyStatus(status -> status.isPublic(isPublic))
                .build();
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(GetPublicAccessBlockRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(blocks.get(bucket))
                .build();
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(PutPublicAccessBlockRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        blocks.put(bucket, request.publicAccessBlockConfiguration());
        return PutPublicAccessBlockResponse.builder().build();
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(DeletePublicAccessBlockRequest request) {
        blocks.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeletePublicAccessBlockResponse.builder().build();
    }

    @Override
    public GetBucketOwnershipControlsResponse getBucketOwnershipControls(GetBucketOwnershipControlsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketOwnershipControlsResponse.builder()
                .ownershipControls(ownership.get(bucket))
                .build();
    }

    @Override
    public PutBucketOwnershipControlsResponse putBucketOwnershipControls(PutBucketOwnershipControlsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        ownership.put(bucket, request.ownershipControls());
        return PutBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public DeleteBucketOwnershipControlsResponse deleteBucketOwnershipControls(
            DeleteBucketOwnershipControlsRequest request) {
        ownership.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeleteBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public GetBucketAclResponse getBucketAcl(GetBucketAclRequest request) {
        AccessControlPolicy list =
                AccessControl.ofBucket(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return GetBucketAclResponse.builder()
                .owner(list.owner())
                .grants(list.grants())
                .build();
    }

    @Override
    public PutBucketAclResponse putBucketAcl(PutBucketAclRequest request) {
        accessControl.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request);
        return PutBucketAclResponse.builder().build();
    }

    @Override
    public GetObjectAclResponse getObjectAcl(GetObjectAclRequest request) {
        return accessControl.get(request);
    }

    @Override
    public PutObjectAclResponse putObjectAcl(PutObjectAclRequest request) {
        return accessControl.put(request);
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(BucketEncryption.get(bucket))
                .build();
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        encryption.put(bucket, request.serverSideEncryptionConfiguration());
        return PutBucketEncryptionResponse.builder().build();
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest request) {
        encryption.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeleteBucketEncryptionResponse.builder().build();
    }

    @Override
    public GetBucketCorsResponse getBucketCors(GetBucketCorsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketCorsResponse.builder()
                .corsRules(cors.get(bucket).corsRules())
                .build();
    }

    @Override
    public PutBucketCorsResponse putBucketCors(PutBucketCorsRequest request) {
        cors.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request.corsConfiguration());
        return PutBucketCorsResponse.builder().build();
    }

    @Override
    public DeleteBucketCorsResponse deleteBucketCors(DeleteBucketCorsRequest request) {
        cors.delete(access.bucket(request.bucket(), request.expectedBucketOwner()));
        return DeleteBucketCorsResponse.builder().build();
    }

    @Override
    public GetBucketAbacResponse getBucketAbac(GetBucketAbacRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketAbacResponse.builder()
                .abacStatus(accessSettings.abac(bucket))
                .build();
    }

    @Override
    public PutBucketAbacResponse putBucketAbac(PutBucketAbacRequest request) {
        accessSettings.abac(access.bucket(request.bucket(), request.expectedBucketOwner()), request.abacStatus());
        return PutBucketAbacResponse.builder().build();
    }

    @Override
    public GetBucketRequestPaymentResponse getBucketRequestPayment(GetBucketRequestPaymentRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketRequestPaymentResponse.builder()
                .payer(BucketAccessSettings.payer(bucket))
                .build();
    }

    @Override
    public PutBucketRequestPaymentResponse putBucketRequestPayment(PutBucketRequestPaymentRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        accessSettings.payment(bucket, request.requestPaymentConfiguration());
        return PutBucketRequestPaymentResponse.builder().build();
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
    public GetBucketWebsiteResponse getBucketWebsite(GetBucketWebsiteRequest request) {
        return websites.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketWebsiteResponse putBucketWebsite(PutBucketWebsiteRequest request) {
        websites.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request.websiteConfiguration());
        return PutBucketWebsiteResponse.builder().build();
    }

    @Override
    public DeleteBucketWebsiteResponse deleteBucketWebsite(DeleteBucketWebsiteRequest request) {
        documents.remove(access.bucket(request.bucket(), request.expectedBucketOwner()), BucketDocuments.Kind.WEBSITE);
        return DeleteBucketWebsiteResponse.builder().build();
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(
            GetBucketNotificationConfigurationRequest request) {
        return notifications.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketNotificationConfigurationResponse putBucketNotificationConfiguration(
            PutBucketNotificationConfigurationRequest request) {
        boolean unchecked = Boolean.TRUE.equals(request.skipDestinationValidation());
        notifications.put(
                access.bucket(request.bucket(), request.expectedBucketOwner()),
                request.notificationConfiguration(),
                unchecked);
        return PutBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketAccelerateConfigurationResponse getBucketAccelerateConfiguration(
            GetBucketAccelerateConfigurationRequest request) {
        return acceleration.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketAccelerateConfigurationResponse putBucketAccelerateConfiguration(
            PutBucketAccelerateConfigurationRequest request) {
        acceleration.put(
                access.bucket(request.bucket(), request.expectedBucketOwner()), request.accelerateConfiguration());
        return PutBucketAccelerateConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketLoggingResponse getBucketLogging(GetBucketLoggingRequest request) {
        return logging.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketLoggingResponse putBucketLogging(PutBucketLoggingRequest request) {
        logging.put(access.bucket(request.bucket(), request.expectedBucketOwner()), request.bucketLoggingStatus());
        return PutBucketLoggingResponse.builder().build();
    }

    @Override
    public GetBucketReplicationResponse getBucketReplication(GetBucketReplicationRequest request) {
        return replications.get(access.bucket(request.bucket(), request.expectedBucketOwner()));
    }

    @Override
    public PutBucketReplicationResponse putBucketReplication(PutBucketReplicationRequest request) {
        replications.put(
                access.bucket(request.bucket(), request.expectedBucketOwner()), request.replicationConfiguration());
        return PutBucketReplicationResponse.builder().build();
    }

    @Override
    public DeleteBucketReplicationResponse deleteBucketReplication(DeleteBucketReplicationRequest request) {
        documents.remove(
                access.bucket(request.bucket(), request.expectedBucketOwner()), BucketDocuments.Kind.REPLICATION);
        return DeleteBucketReplicationResponse.builder().build();
    }

    @Override
    public GetBucketAnalyticsConfigurationResponse getBucketAnalyticsConfiguration(
            GetBucketAnalyticsConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketAnalyticsConfigurationResponse.builder()
                .analyticsConfiguration(analytics.get(bucket, request.id()))
                .build();
    }

    @Override
    public PutBucketAnalyticsConfigurationResponse putBucketAnalyticsConfiguration(
            PutBucketAnalyticsConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        analytics.put(bucket, request.id(), request.analyticsConfiguration().id(), request.analyticsConfiguration());
        return PutBucketAnalyticsConfigurationResponse.builder().build();
    }

    @Override
    public DeleteBucketAnalyticsConfigurationResponse deleteBucketAnalyticsConfiguration(
            DeleteBucketAnalyticsConfigurationRequest request) {
        analytics.delete(access.bucket(request.bucket(), request.expectedBucketOwner()), request.id());
        return DeleteBucketAnalyticsConfigurationResponse.builder().build();
    }

    @Override
    public ListBucketAnalyticsConfigurationsResponse listBucketAnalyticsConfigurations(
            ListBucketAnalyticsConfigurationsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        BucketConfigurationLists.Page<AnalyticsConfiguration> page =
                analytics.list(bucket, request.continuationToken());
        return ListBucketAnalyticsConfigurationsResponse.builder()
                .analyticsConfigurationList(page.configurations())
                .isTruncated(page.isTruncated())
                .continuationToken(request.continuationToken())
                .nextContinuationToken(page.next())
                .build();
    }

    @Override
    public GetBucketIntelligentTieringConfigurationResponse getBucketIntelligentTieringConfiguration(
            GetBucketIntelligentTieringConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketIntelligentTieringConfigurationResponse.builder()
                .intelligentTieringConfiguration(tierings.get(bucket, request.id()))
                .build();
    }

    @Override
    public PutBucketIntelligentTieringConfigurationResponse putBucketIntelligentTieringConfiguration(
            PutBucketIntelligentTieringConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        tierings.put(
                bucket,
                request.id(),
                request.intelligentTieringConfiguration().id(),
                request.intelligentTieringConfiguration());
        return PutBucketIntelligentTieringConfigurationResponse.builder().build();
    }

    @Override
    public DeleteBucketIntelligentTieringConfigurationResponse deleteBucketIntelligentTieringConfiguration(
            DeleteBucketIntelligentTieringConfigurationRequest request) {
        tierings.delete(access.bucket(request.bucket(), request.expectedBucketOwner()), request.id());
        return DeleteBucketIntelligentTieringConfigurationResponse.builder().build();
    }

    @Override
    public ListBucketIntelligentTieringConfigurationsResponse listBucketIntelligentTieringConfigurations(
            ListBucketIntelligentTieringConfigurationsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        BucketConfigurationLists.Page<IntelligentTieringConfiguration> page =
                tierings.list(bucket, request.continuationToken());
        return ListBucketIntelligentTieringConfigurationsResponse.builder()
                .intelligentTieringConfigurationList(page.configurations())
                .isTruncated(page.isTruncated())
                .continuationToken(request.continuationToken())
                .nextContinuationToken(page.next())
                .build();
    }

    @Override
    public GetBucketInventoryConfigurationResponse getBucketInventoryConfiguration(
            GetBucketInventoryConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketInventoryConfigurationResponse.builder()
                .inventoryConfiguration(inventories.get(bucket, request.id()))
                .build();
    }

    @Override
    public PutBucketInventoryConfigurationResponse putBucketInventoryConfiguration(
            PutBucketInventoryConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        inventories.put(bucket, request.id(), request.inventoryConfiguration().id(), request.inventoryConfiguration());
        return PutBucketInventoryConfigurationResponse.builder().build();
    }

    @Override
    public DeleteBucketInventoryConfigurationResponse deleteBucketInventoryConfiguration(
            DeleteBucketInventoryConfigurationRequest request) {
        inventories.delete(access.bucket(request.bucket(), request.expectedBucketOwner()), request.id());
        return DeleteBucketInventoryConfigurationResponse.builder().build();
    }

    @Override
    public ListBucketInventoryConfigurationsResponse listBucketInventoryConfigurations(
            ListBucketInventoryConfigurationsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        BucketConfigurationLists.Page<InventoryConfiguration> page =
                inventories.list(bucket, request.continuationToken());
        return ListBucketInventoryConfigurationsResponse.builder()
                .inventoryConfigurationList(page.configurations())
                .isTruncated(page.isTruncated())
                .continuationToken(request.continuationToken())
                .nextContinuationToken(page.next())
                .build();
    }

    @Override
    public GetBucketMetricsConfigurationResponse getBucketMetricsConfiguration(
            GetBucketMetricsConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketMetricsConfigurationResponse.builder()
                .metricsConfiguration(metrics.get(bucket, request.id()))
                .build();
    }

    @Override
    public PutBucketMetricsConfigurationResponse putBucketMetricsConfiguration(
            PutBucketMetricsConfigurationRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        metrics.put(bucket, request.id(), request.metricsConfiguration().id(), request.metricsConfiguration());
        return PutBucketMetricsConfigurationResponse.builder().build();
    }

    @Override
    public DeleteBucketMetricsConfigurationResponse deleteBucketMetricsConfiguration(
            DeleteBucketMetricsConfigurationRequest request) {
        metrics.delete(access.bucket(request.bucket(), request.expectedBucketOwner()), request.id());
        return DeleteBucketMetricsConfigurationResponse.builder().build();
    }

    @Override
    public ListBucketMetricsConfigurationsResponse listBucketMetricsConfigurations(
            ListBucketMetricsConfigurationsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        BucketConfigurationLists.Page<MetricsConfiguration> page = metrics.list(bucket, request.continuationToken());
        return ListBucketMetricsConfigurationsResponse.builder()
                .metricsConfigurationList(page.configurations())
                .isTruncated(page.isTruncated())
                .continuationToken(request.continuationToken())
                .nextContinuationToken(page.next())
                .build();
    }

    /** The bytes that a statement reads. */
    ObjectSelection.Source selected(SelectObjectContentRequest request) {
        return reads.selected(request);
    }

    /** What a bucket is as a web site, for everybody. */
    GetBucketWebsiteResponse website(String bucket) {
        return websites.get(stored.find(bucket).orElseThrow(() -> Errors.noSuchBucket(bucket)));
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return resources.resources(request, named);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return resources.tags(arn);
    }

    @Override
    public Optional<List<String>> condition(String key, dev.outcrop.kernel.Access asked, SdkRequest request) {
        return resources.condition(key, asked, request);
    }

    @Override
    public Optional<ResourcePolicy> resourcePolicy(
            dev.outcrop.kernel.Access asked, Principal principal, SdkRequest request) {
        return resources.policy(asked, principal, request);
    }

    @Override
    public boolean isMissing(dev.outcrop.kernel.Access asked, SdkRequest request) {
        return resources.owner(asked, request).isEmpty();
    }

    @Override
    public Optional<String> owner(dev.outcrop.kernel.Access asked, SdkRequest request) {
        return resources.owner(asked, request);
    }

    @Override
    public Verdict verdict(Map<String, String> labels, String origin, String method, List<String> headers) {
        return cors.verdict(labels, origin, method, headers);
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
