package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Tags;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.s3vectors.model.CreateIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.CreateIndexResponse;
import software.amazon.awssdk.services.s3vectors.model.DeleteIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.EncryptionConfiguration;
import software.amazon.awssdk.services.s3vectors.model.GetIndexRequest;
import software.amazon.awssdk.services.s3vectors.model.GetIndexResponse;
import software.amazon.awssdk.services.s3vectors.model.Index;
import software.amazon.awssdk.services.s3vectors.model.IndexSummary;
import software.amazon.awssdk.services.s3vectors.model.ListIndexesRequest;
import software.amazon.awssdk.services.s3vectors.model.ListIndexesResponse;

/**
 * Indexes from their making to their end.
 *
 * <p>Source: the operations of these names in the Amazon S3 API Reference; "Limitations and restrictions" of S3 Vectors in
 * the user guide.
 */
final class VectorIndexes {
    private static final String TYPE = "s3vectors:index";
    /** Indexes that were deleted, and whose files may still be there. */
    private static final String GONE = "s3vectors:gone";

    private static final int MOST = 10_000;

    /** What deletes such files, and how often. */
    static final String CHORE = "s3vectors-files";

    static final Duration INTERVAL = Duration.ofHours(1);

    private final Records records;
    private final PageTokens tokens;
    private final Tags tags;
    private final VectorBuckets buckets;
    private final IndexKeys keys;
    private final Path folder;
    private final Ids ids;
    private final InstantSource clock;

    VectorIndexes(
            Records records,
            PageTokens tokens,
            Tags tags,
            VectorBuckets buckets,
            IndexKeys keys,
            Path folder,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.tags = tags;
        this.buckets = buckets;
        this.keys = keys;
        this.folder = folder;
        this.ids = ids;
        this.clock = clock;
    }

    private static RecordKey key(VectorArn place) {
        return new RecordKey(
                TYPE,
                place.account(),
                place.region(),
                place.bucket() + "/" + place.index().orElseThrow());
    }

    /** Asks for the indexes of a bucket. */
    static RecordQuery of(VectorArn bucket, int limit) {
        return new RecordQuery(
                TYPE,
                Optional.of(bucket.account()),
                Optional.of(bucket.region()),
                Optional.of(bucket.bucket()),
                RecordQuery.Order.ID,
                Optional.empty(),
                limit);
    }

    /** Where the files of an index are. */
    Path files(StoredIndex index) {
        return folder.resolve(index.id());
    }

    CreateIndexResponse create(CreateIndexRequest request) {
        VectorArn bucket = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        if (!request.indexName().matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw Failures.invalid(
                    "Invalid index name. A name must have 3 to 63 characters, which are lowercase letters,"
                            + " numbers, hyphens and dots, and begin and end with a letter or number");
        }
        VectorArn place = bucket.with(request.indexName());
        if (request.metadataConfiguration() != null) {
            List<String> unfiltered = request.metadataConfiguration().nonFilterableMetadataKeys();
            if (Set.copyOf(unfiltered).size() < unfiltered.size()) {
                throw Failures.invalid("nonFilterableMetadataKeys must not have a key twice");
            }
        }
        EncryptionConfiguration encryption = request.encryptionConfiguration() == null
                ? buckets.get(bucket).encryptionConfiguration()
                : IndexKeys.checked(request.encryptionConfiguration());
        buckets.get(bucket);
        ResourceTags.check(request.tags());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String id = ids.hexadecimal(32);
        Index index = Index.builder()
                .vectorBucketName(bucket.bucket())
                .indexName(request.indexName())
                .indexArn(place.arn())
                .creationTime(now)
                .dataType(request.dataType())
                .dimension(request.dimension())
                .distanceMetric(request.distanceMetric())
                .metadataConfiguration(request.metadataConfiguration())
                .encryptionConfiguration(encryption)
                .build();
        insert(new StoredIndex(place, id, keys.create(place, id, encryption), index), now);
        if (!request.tags().isEmpty()) {
            tags.add(place.arn(), request.tags());
        }
        return CreateIndexResponse.builder().indexArn(place.arn()).build();
    }

    private void insert(StoredIndex index, Instant now) {
        VectorArn place = index.place();
        byte[] body = index.write();
        try {
            records.write(transaction -> {
                if (transaction.get(VectorBuckets.key(place)).isEmpty()) {
                    throw Failures.noBucket();
                }
                if (transaction.list(of(place, MOST)).size() >= MOST
                        && transaction.get(key(place)).isEmpty()) {
                    throw Failures.quota("The vector bucket already has " + MOST + " indexes");
                }
                transaction.insert(key(place), place.bucket(), Optional.empty(), now, body);
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw Failures.conflict("An index with the specified name already exists");
        }
    }

    Optional<StoredIndex> find(VectorArn place) {
        return records.get(key(place)).map(record -> StoredIndex.read(place, record.body()));
    }

    /** The index; where even its bucket is missing, that is said. */
    StoredIndex get(VectorArn place) {
        return find(place).orElseThrow(() -> {
            buckets.get(place.inBucket());
            return Failures.noIndex();
        });
    }

    GetIndexResponse get(GetIndexRequest request) {
        VectorArn place = VectorArn.index(request.vectorBucketName(), request.indexName(), request.indexArn());
        return GetIndexResponse.builder().index(get(place).shape()).build();
    }

    ListIndexesResponse list(ListIndexesRequest request) {
        VectorArn bucket = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        buckets.get(bucket);
        NamePage<IndexSummary> page = NamePage.of(
                records,
                tokens,
                of(bucket, VectorBuckets.LONGEST_PAGE),
                "s3vectors:indexes:" + bucket.arn(),
                new NamePage.Wanted(request.prefix(), request.maxResults(), request.nextToken()),
                record -> summary(bucket, record));
        return ListIndexesResponse.builder()
                .indexes(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static IndexSummary summary(VectorArn bucket, StoredRecord record) {
        Index index = StoredIndex.read(bucket, record.body()).shape();
        return IndexSummary.builder()
                .vectorBucketName(index.vectorBucketName())
                .indexName(index.indexName())
                .indexArn(index.indexArn())
                .creationTime(index.creationTime())
                .build();
    }

    void delete(DeleteIndexRequest request, EmbeddedStores stores) {
        VectorArn place = VectorArn.index(request.vectorBucketName(), request.indexName(), request.indexArn());
        StoredIndex index = get(place);
        RecordKey gone = new RecordKey(GONE, "", "", index.id());
        records.write(transaction -> {
            if (!transaction.delete(key(place))) {
                throw Failures.noIndex();
            }
            transaction.insert(gone, "", Optional.empty(), clock.instant(), new byte[0]);
            return null;
        });
        tags.removeAll(place.arn());
        deleteFiles(stores, gone);
    }

    private void deleteFiles(EmbeddedStores stores, RecordKey gone) {
        stores.delete(folder.resolve(gone.id()));
        records.write(transaction -> transaction.delete(gone));
    }

    /** Deletes the files of indexes whose deletion was cut off. */
    void deleteLeftovers(EmbeddedStores stores, BooleanSupplier ending) {
        for (StoredRecord record : records.list(RecordQuery.all(GONE, RecordQuery.MAXIMUM_LIMIT))) {
            if (ending.getAsBoolean()) {
                return;
            }
            deleteFiles(stores, record.key());
        }
    }
}
