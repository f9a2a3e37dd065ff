package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.buckets.Bucket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.OwnershipControls;
import software.amazon.awssdk.services.s3.model.OwnershipControlsRule;

/**
 * Whose the objects of a bucket are, and whether access control lists count.
 *
 * <p>Source: "Controlling ownership of objects and disabling ACLs for your bucket", Amazon S3 user guide.
 */
final class Ownership {
    static final String SETTING = "ownershipControls";

    /** What documents say: every call asks, and there are only as many as there are kinds of ownership. */
    private static final ConcurrentMap<String, ObjectOwnership> READ = new ConcurrentHashMap<>();

    private final BucketSettings settings;

    Ownership(BucketSettings settings) {
        this.settings = settings;
    }

    /** What counts in a bucket; where nothing is set, lists count. */
    static ObjectOwnership of(Bucket bucket) {
        String document = bucket.settings().get(SETTING);
        return document == null ? ObjectOwnership.OBJECT_WRITER : READ.computeIfAbsent(document, Ownership::read);
    }

    private static ObjectOwnership read(String document) {
        return BucketSettings.read(document, OwnershipControls::builder)
                .rules()
                .getFirst()
                .objectOwnership();
    }

    /** Whether access control lists count in a bucket. */
    static boolean hasLists(Bucket bucket) {
        return of(bucket) != ObjectOwnership.BUCKET_OWNER_ENFORCED;
    }

    OwnershipControls get(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, OwnershipControls::builder)
                .orElseThrow(() -> new AwsError(
                        "OwnershipControlsNotFoundError",
                        404,
                        "The bucket ownership controls were not found",
                        Map.of("BucketName", bucket.name())));
    }

    void put(Bucket bucket, OwnershipControls controls) {
        List<OwnershipControlsRule> rules = controls.rules();
        if (rules.size() != 1 || !isKnown(rules.getFirst().objectOwnership())) {
            throw Errors.malformedXml();
        }
        boolean enforced = rules.getFirst().objectOwnership() == ObjectOwnership.BUCKET_OWNER_ENFORCED;
        boolean grants = AccessControl.ofBucket(bucket).grants().stream()
                .anyMatch(grant -> !AccessControl.isAccount(grant.grantee(), bucket.owner()));
        if (enforced && grants) {
            throw new AwsError(
                    "InvalidBucketAclWithObjectOwnership",
                    400,
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
        }
        settings.put(bucket, SETTING, BucketSettings.text(controls));
    }

    void delete(Bucket bucket) {
        settings.remove(bucket, SETTING);
    }

    private static boolean isKnown(ObjectOwnership ownership) {
        return ownership != null && ownership != ObjectOwnership.UNKNOWN_TO_SDK_VERSION;
    }

    /** What a request that creates a bucket asks for. */
    static Optional<ObjectOwnership> asked(ObjectOwnership ownership, String text) {
        if (ownership != null && !isKnown(ownership)) {
            throw Errors.invalidArgument(
                    "Invalid x-amz-object-ownership header: " + text, "x-amz-object-ownership", text);
        }
        return Optional.ofNullable(ownership);
    }
}
