package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Tags;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.services.s3vectors.model.CreateVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.CreateVectorBucketResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.EncryptionConfiguration;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketResponse;
import software.amazon.awssdk.services.s3vectors.model.ListVectorBucketsRequest;
import software.amazon.awssdk.services.s3vectors.model.ListVectorBucketsResponse;
import software.amazon.awssdk.services.s3vectors.model.VectorBucket;
import software.amazon.awssdk.services.s3vectors.model.VectorBucketSummary;

/**
 * Vector buckets from their making to their end.
 *
 * <p>Source: the operations of these names in the Amazon S3 API Reference; "Limitations and restrictions" of S3 Vectors in
 * the user guide.
 */
final class VectorBuckets {
    static final int LONGEST_PAGE = 500;

    private static final String TYPE = "s3vectors:bucket";
    private static final int MOST = 10_000;

    private final Records records;
    private final PageTokens tokens;
    private final Tags tags;
    private final InstantSource clock;

    VectorBuckets(Records records, PageTokens tokens, Tags tags, InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.tags = tags;
        this.clock = clock;
    }

    static RecordKey key(VectorArn place) {
        return new RecordKey(TYPE, place.account(), place.region(), place.bucket());
    }

    CreateVectorBucketResponse create(CreateVectorBucketRequest request) {
        String name = request.vectorBucketName();
        if (!name.matches("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")) {
            throw Failures.invalid(
                    "Invalid vector bucket name. A name must have 3 to 63 characters, which are lowercase"
                            + " letters, numbers and hyphens, and begin and end with a letter or number");
        }
        VectorArn place = VectorArn.ofBucket(name);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        VectorBucket bucket = VectorBucket.builder()
                .vectorBucketName(name)
                .vectorBucketArn(place.arn())
                .creationTime(now)
                .encryptionConfiguration(IndexKeys.checked(
                        request.encryptionConfiguration() == null
                                ? EncryptionConfiguration.builder().build()
                                : request.encryptionConfiguration()))
                .build();
        byte[] body = StoredShapes.write(bucket);
        ResourceTags.check(request.tags());
        try {
            records.write(transaction -> {
                if (transaction.list(ofAccount(place, MOST)).size() >= MOST
                        && transaction.get(key(place)).isEmpty()) {
                    throw Failures.quota("The account already has " + MOST + " vector buckets in this Region");
                }
                transaction.insert(key(place), "", Optional.empty(), now, body);
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw Failures.conflict("A vector bucket with the specified name already exists");
        }
        if (!request.tags().isEmpty()) {
            tags.add(place.arn(), request.tags());
        }
        return CreateVectorBucketResponse.builder().vectorBucketArn(place.arn()).build();
    }

    private static RecordQuery ofAccount(VectorArn place, int limit) {
        return new RecordQuery(
                TYPE,
                Optional.of(place.account()),
                Optional.of(place.region()),
                Optional.empty(),
                RecordQuery.Order.ID,
                Optional.empty(),
                limit);
    }

    Optional<VectorBucket> find(VectorArn place) {
        return records.get(key(place)).map(VectorBuckets::read);
    }

    private static VectorBucket read(StoredRecord record) {
        return StoredShapes.read(record.body(), VectorBucket::builder);
    }

    VectorBucket get(VectorArn place) {
        return find(place).orElseThrow(Failures::noBucket);
    }

    GetVectorBucketResponse get(GetVectorBucketRequest request) {
        VectorArn place = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        return GetVectorBucketResponse.builder().vectorBucket(get(place)).build();
    }

    ListVectorBucketsResponse list(ListVectorBucketsRequest request) {
        CallContext call = CallContext.current();
        NamePage<VectorBucketSummary> page = NamePage.of(
                records,
                tokens,
                new RecordQuery(
                        TYPE,
                        Optional.of(call.account()),
                        Optional.of(call.region()),
                        Optional.empty(),
                        RecordQuery.Order.ID,
                        Optional.empty(),
                        LONGEST_PAGE),
                "s3vectors:buckets",
                new NamePage.Wanted(request.prefix(), request.maxResults(), request.nextToken()),
                record -> {
                    VectorBucket bucket = read(record);
                    return VectorBucketSummary.builder()
                            .vectorBucketName(bucket.vectorBucketName())
                            .vectorBucketArn(bucket.vectorBucketArn())
                            .creationTime(bucket.creationTime())
                            .build();
                });
        return ListVectorBucketsResponse.builder()
                .vectorBuckets(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    void delete(DeleteVectorBucketRequest request) {
        VectorArn place = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        AwsError notEmpty = Failures.conflict("The specified vector bucket is not empty");
        records.write(transaction -> {
            if (transaction.get(key(place)).isEmpty()) {
                throw Failures.noBucket();
            }
            if (!transaction.list(VectorIndexes.of(place, 1)).isEmpty()) {
                throw notEmpty;
            }
            transaction.delete(BucketPolicies.key(place));
            return transaction.delete(key(place));
        });
        tags.removeAll(place.arn());
    }
}
