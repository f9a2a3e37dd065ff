package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import software.amazon.awssdk.services.s3.model.Owner;

/** Finds buckets, for those whose they are. */
final class Access {
    private static final int LONGEST_KEY = 1024;

    private final Buckets buckets;

    Access(Buckets buckets) {
        this.buckets = buckets;
    }

    /**
     * The bucket of that name.
     *
     * @param expectedOwner the account that must own it, or null for any
     */
    Bucket bucket(String name, String expectedOwner) {
        Bucket bucket = buckets.find(name).orElseThrow(() -> Errors.noSuchBucket(name));
        boolean own = bucket.owner().equals(CallContext.current().account());
        if (!own || (expectedOwner != null && !expectedOwner.equals(bucket.owner()))) {
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

    /** The owner as S3 names accounts: by 64 hexadecimal digits. */
    static Owner owner(String account) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(("owner " + account).getBytes(StandardCharsets.UTF_8));
            return Owner.builder().id(HexFormat.of().formatHex(digest)).build();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
