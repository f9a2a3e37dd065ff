package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.Owner;

/** Finds buckets. Who may do what with them the corridor has decided before an operation asks for one. */
final class Access {
    private static final int LONGEST_KEY = 1024;

    /** What the call that a thread answers has found last, since a decision asks for a bucket again and again. */
    private static final ThreadLocal<Found> LAST = new ThreadLocal<>();

    private final Buckets buckets;

    Access(Buckets buckets) {
        this.buckets = buckets;
    }

    private record Found(String requestId, Bucket bucket) {}

    /** The bucket of that name, if there is one, as the call found it first. */
    Optional<Bucket> find(String name) {
        String requestId = CallContext.current().requestId();
        Found known = LAST.get();
        if (known != null
                && known.requestId().equals(requestId)
                && known.bucket().name().equals(name)) {
            return Optional.of(known.bucket());
        }
        Optional<Bucket> bucket = buckets.find(name);
        bucket.ifPresent(found -> LAST.set(new Found(requestId, found)));
        return bucket;
    }

    /**
     * The bucket of that name.
     *
     * @param expectedOwner the account that must own it, or null for any
     */
    Bucket bucket(String name, String expectedOwner) {
        Bucket bucket = find(name).orElseThrow(() -> Errors.noSuchBucket(name));
        if (expectedOwner != null && !expectedOwner.equals(bucket.owner())) {
            throw Errors.accessDenied();
        }
        return bucket;
    }

    /** The same, to put something under {@code key}. */
    Bucket bucket(String name, String expectedOwner, String key) {
        Bucket bucket = bucket(name, expectedOwner);
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
