package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.Owner;

/** Finds buckets. Who may do what with them the corridor has decided before an operation asks for one. */
final class Access {
    private static final int LONGEST_KEY = 1024;

    /** What the call that a thread answers has found so far: a decision asks again and again, and must hold afterwards. */
    private static final ThreadLocal<Found> LAST = new ThreadLocal<>();

    private final Buckets buckets;
    private final AccessPoints points;

    Access(Buckets buckets, AccessPoints points) {
        this.buckets = buckets;
        this.points = points;
    }

    private record Found(
            String requestId, Map<String, Bucket> buckets, Map<VersionName, Optional<ObjectVersion>> versions) {}

    private record VersionName(String bucket, String key, Optional<String> id) {}

    private static Found found() {
        String requestId = CallContext.current().requestId();
        Found known = LAST.get();
        if (known == null || !known.requestId().equals(requestId)) {
            known = new Found(requestId, new HashMap<>(4), new HashMap<>(4));
            LAST.set(known);
        }
        return known;
    }

    /** The bucket of that name, if there is one, as the call found it first. */
    Optional<Bucket> find(String name) {
        Map<String, Bucket> known = found().buckets();
        Bucket first = known.get(name);
        if (first != null) {
            return Optional.of(first);
        }
        Optional<Bucket> bucket = buckets.find(name);
        bucket.ifPresent(present -> known.put(name, present));
        return bucket;
    }

    /**
     * A version as it is when the call is decided upon, which may be a delete marker.
     *
     * @param id empty for the current one
     */
    Optional<ObjectVersion> decide(
            String bucket, String key, Optional<String> id, Supplier<Optional<ObjectVersion>> look) {
        return found().versions().computeIfAbsent(new VersionName(bucket, key, id), _ -> look.get());
    }

    /** The same where the call was decided upon by it, else as it is now, so that no other is read than was allowed. */
    Optional<ObjectVersion> decided(
            String bucket, String key, Optional<String> id, Supplier<Optional<ObjectVersion>> look) {
        Map<VersionName, Optional<ObjectVersion>> known = found().versions();
        VersionName name = new VersionName(bucket, key, id);
        return known.containsKey(name) ? known.get(name) : look.get();
    }

    /** The access point that stands in the place of a bucket's name. */
    Optional<AccessPoints.Point> point(String name) {
        return find(name).isPresent()
                ? Optional.empty()
                : points.named(name, CallContext.current().region());
    }

    /** The access point with an ARN, which may go on behind it. */
    Optional<AccessPoints.Point> pointOf(String arn) {
        return AccessPoints.place(arn).flatMap(points::find);
    }

    /** The tags of an access point. */
    Map<String, String> tags(AccessPoints.Point point) {
        return points.tags(point.place());
    }

    /** What is asked about when {@code key} is reached by {@code name}: by an access point, that and what is behind it. */
    List<String> arns(String name, String key) {
        Optional<AccessPoints.Point> point = point(name);
        String bucket = point.map(found -> found.shape().bucket()).orElse(name);
        String arn = "arn:aws:s3:::" + bucket + (key.isEmpty() ? "" : "/" + key);
        return point.map(found -> List.of(found.arn(key), arn)).orElseGet(() -> List.of(arn));
    }

    /** The bucket of that name, for what can only be done with buckets themselves. */
    Bucket bucket(String name, String expectedOwner) {
        if (point(name).isPresent()) {
            throw new AwsError(
                    "MethodNotAllowed",
                    405,
                    "The specified method is not allowed against this resource.",
                    Map.of("ResourceType", "ACCESSPOINT"));
        }
        return reached(name, expectedOwner);
    }

    /**
     * The bucket of that name, or behind the access point of that name.
     *
     * @param expectedOwner the account that must own it, or null for any
     */
    Bucket reached(String name, String expectedOwner) {
        Bucket bucket = find(name)
                .or(() -> point(name).flatMap(point -> find(point.shape().bucket())))
                .orElseThrow(() -> Errors.noSuchBucket(name));
        if (expectedOwner != null && !expectedOwner.equals(bucket.owner())) {
            throw Errors.accessDenied();
        }
        return bucket;
    }

    /** The same, to put something under {@code key}. */
    Bucket reached(String name, String expectedOwner, String key) {
        Bucket bucket = reached(name, expectedOwner);
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new AwsError(
                    "KeyTooLongError",
                    400,
                    "Your key is too long",
                    Errors.details(
                            "Size",
                            String.valueOf(key.getBytes(StandardCharsets.UTF_8).length),
                            "MaxSizeAllowed",
                            String.valueOf(LONGEST_KEY)));
        }
        return bucket;
    }

    /** An account as S3 names it. */
    static Owner owner(String account) {
        return Owner.builder().id(CanonicalUser.id(account)).build();
    }
}
