package dev.outcrop.services.s3;

import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Listing;
import dev.outcrop.storage.buckets.Listings;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;

/**
 * Tells CloudWatch once a day how large each bucket is, and how many objects it has, older versions and delete markers
 * included. Parts of uploads that are not completed are not counted.
 *
 * <p>Source: "Amazon S3 daily storage metrics for buckets in CloudWatch" of the Amazon S3 user guide.
 */
final class StorageMetrics {
    private static final int PAGE = 1000;
    private static final Map<String, String> TYPES = Map.of(
            "STANDARD",
            "StandardStorage",
            "STANDARD_IA",
            "StandardIAStorage",
            "ONEZONE_IA",
            "OneZoneIAStorage",
            "REDUCED_REDUNDANCY",
            "ReducedRedundancyStorage",
            "INTELLIGENT_TIERING",
            "IntelligentTieringFAStorage",
            "GLACIER_IR",
            "GlacierInstantRetrievalStorage",
            "GLACIER",
            "GlacierStorage",
            "DEEP_ARCHIVE",
            "DeepArchiveStorage");

    private final Buckets buckets;
    private final Listings listings;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    /** When each bucket was last told of; after a restart that happens once more. */
    private final ConcurrentMap<String, LocalDate> told = new ConcurrentHashMap<>();

    StorageMetrics(Buckets buckets, Listings listings, ServiceMetrics metrics, InstantSource clock) {
        this.buckets = buckets;
        this.listings = listings;
        this.metrics = metrics;
        this.clock = clock;
    }

    void run(BooleanSupplier ending) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        String after = "";
        List<Bucket> page;
        do {
            page = buckets.all(after, PAGE);
            for (Bucket bucket : page) {
                after = bucket.name();
                if (!ending.getAsBoolean() && !today.equals(told.put(bucket.name(), today))) {
                    tell(bucket, ending);
                }
            }
        } while (page.size() == PAGE && !ending.getAsBoolean());
    }

    private void tell(Bucket bucket, BooleanSupplier ending) {
        Map<String, Double> bytes = new TreeMap<>();
        double objects = 0;
        Listing<Listings.KeyVersion> page = page(bucket, "", "");
        while (!page.items().isEmpty() && !ending.getAsBoolean()) {
            for (Listings.KeyVersion line : page.items()) {
                ObjectVersion version = line.version();
                objects++;
                if (!version.deleteMarker()) {
                    String type = TYPES.getOrDefault(Archives.storageClass(version), "StandardStorage");
                    bytes.merge(type, (double) version.content().size(), Double::sum);
                }
            }
            ObjectVersion last = page.items().getLast().version();
            page = page.truncated() ? page(bucket, last.key(), last.id()) : new Listing<>(List.of(), false);
        }
        if (objects > 0 && !ending.getAsBoolean()) {
            bytes.forEach((type, size) -> metrics.measure(source(bucket, type), "BucketSizeBytes", "Bytes", size));
            metrics.count(source(bucket, "AllStorageTypes"), "NumberOfObjects", objects);
        }
    }

    private Listing<Listings.KeyVersion> page(Bucket bucket, String afterKey, String afterVersion) {
        return listings.versions(bucket.name(), new Listing.Range("", "", afterKey, PAGE), afterVersion);
    }

    private static Source source(Bucket bucket, String type) {
        return new Source(
                bucket.owner(), bucket.region(), "AWS/S3", Map.of("BucketName", bucket.name(), "StorageType", type));
    }
}
