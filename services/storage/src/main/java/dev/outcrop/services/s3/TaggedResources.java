package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Buckets and access points as S3 Control tags them, by their ARNs and one tag at a time, which does for buckets whose tags
 * decide about access, too.
 *
 * <p>Source: "TagResource" of the AWS S3 Control API reference, "Using tags with S3 general purpose buckets" of the Amazon
 * S3 user guide.
 */
public final class TaggedResources {
    private static final String BUCKETS = "arn:aws:s3:::";

    private final Buckets buckets;
    private final AccessPoints points;

    public TaggedResources(Records records, InstantSource clock) {
        buckets = new Buckets(records);
        points = new AccessPoints(records, clock);
    }

    /** The tags of the resource of {@code account} with {@code arn}, by their keys. */
    public List<Tag> list(String account, String arn) {
        Optional<AccessPoints.Place> point = point(account, arn);
        if (point.isEmpty()) {
            return TagSets.list(bucket(account, arn).tags());
        }
        if (points.find(point.get()).isEmpty()) {
            throw AccessPoints.missing(point.get().name());
        }
        return TagSets.list(points.tags(point.get()));
    }

    /** Adds tags to those of the resource of {@code account} with {@code arn}, in the place of those with the same keys. */
    public void add(String account, String arn, List<Tag> tags) {
        Map<String, String> added = TagSets.check(tags, TagSets.MOST_OF_BUCKET);
        change(account, arn, present -> {
            Map<String, String> all = new HashMap<>(present);
            all.putAll(added);
            return TagSets.check(TagSets.list(all), TagSets.MOST_OF_BUCKET);
        });
    }

    /** Takes the tags with {@code keys} from the resource of {@code account} with {@code arn}, as far as it has them. */
    public void remove(String account, String arn, Collection<String> keys) {
        change(account, arn, present -> {
            Map<String, String> left = new HashMap<>(present);
            left.keySet().removeAll(new ArrayList<>(keys));
            return left;
        });
    }

    private void change(String account, String arn, UnaryOperator<Map<String, String>> change) {
        Optional<AccessPoints.Place> point = point(account, arn);
        if (point.isEmpty()) {
            buckets.update(bucket(account, arn).name(), present -> present.withTags(change.apply(present.tags())));
        } else if (!points.tag(point.get(), change)) {
            throw AccessPoints.missing(point.get().name());
        }
    }

    /** The tags by which policies decide about the resource with {@code arn}. */
    public Map<String, String> deciding(String arn) {
        return AccessPoints.place(arn)
                .map(points::tags)
                .or(() -> bucket(arn).filter(BucketAccessSettings::tagsCount).map(Bucket::tags))
                .orElse(Map.of());
    }

    /** The policy of the bucket with {@code arn}, if it is one and has one. */
    public Optional<String> policy(String arn) {
        return bucket(arn).map(bucket -> bucket.settings().get(BucketPolicies.SETTING));
    }

    private Optional<Bucket> bucket(String arn) {
        return arn.startsWith(BUCKETS) ? buckets.find(arn.substring(BUCKETS.length())) : Optional.empty();
    }

    private Bucket bucket(String account, String arn) {
        if (!arn.startsWith(BUCKETS)) {
            throw AwsError.notImplemented("s3control", "tags of resources other than buckets and access points");
        }
        Bucket bucket = bucket(arn).orElseThrow(() -> Errors.noSuchBucket(arn.substring(BUCKETS.length())));
        if (!bucket.owner().equals(account)) {
            throw Errors.accessDenied();
        }
        return bucket;
    }

    private static Optional<AccessPoints.Place> point(String account, String arn) {
        Optional<AccessPoints.Place> place =
                AccessPoints.place(arn).filter(found -> found.arn().equals(arn));
        if (place.isPresent() && !place.get().account().equals(account)) {
            throw Errors.accessDenied();
        }
        return place;
    }
}
