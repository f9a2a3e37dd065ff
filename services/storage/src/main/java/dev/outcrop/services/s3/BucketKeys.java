package dev.outcrop.services.s3;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of KMS for many objects of a bucket, so that KMS is not asked for each. Whoever was given one may use it for a
 * while without asking again; somebody else, or the same with other credentials, is asked about anew. An object's own key
 * is made of the bucket's and a salt. Safe for concurrent use.
 *
 * <p>Source: "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys", Amazon S3 user guide.
 */
final class BucketKeys {
    /** How long a right that was taken away may still be used for what is at hand; AWS does not say how long it is. */
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static final int MOST = 10_000;
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final ConcurrentMap<Use, Kept<DataKeys.DataKey>> made = new ConcurrentHashMap<>();
    private final ConcurrentMap<Use, Kept<SecretKey>> opened = new ConcurrentHashMap<>();

    BucketKeys(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What was asked of KMS.
     *
     * @param requester the key that signed the call: other credentials may have other rights
     * @param key       of KMS, as it was named, or the bucket's key that it sealed
     */
    private record Use(Principal requester, String key, Map<String, String> context) {}

    private record Kept<T>(T key, Instant until) {}

    /** A key for new objects. */
    DataKeys.DataKey made(String keyId, Map<String, String> context, Supplier<DataKeys.DataKey> ask) {
        return kept(made, keyId, context, ask);
    }

    /** The key that {@code sealed} holds. */
    SecretKey opened(String sealed, Supplier<SecretKey> ask) {
        return kept(opened, sealed, Map.of(), ask);
    }

    private <T> T kept(ConcurrentMap<Use, Kept<T>> all, String key, Map<String, String> context, Supplier<T> ask) {
        Principal requester = CallContext.current().principal();
        if (requester.accessKeyId().isEmpty()) {
            return ask.get(); // A service, which may act for anybody.
        }
        Use use = new Use(requester, key, context);
        Instant now = clock.instant();
        Optional<Kept<T>> known = Optional.ofNullable(all.get(use)).filter(one -> now.isBefore(one.until()));
        if (known.isPresent()) {
            return known.get().key();
        }
        T fresh = ask.get();
        if (all.size() >= MOST) {
            all.clear();
        }
        all.put(use, new Kept<>(fresh, now.plus(LIFE)));
        return fresh;
    }

    static String newSalt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return Base64.getEncoder().encodeToString(salt);
    }

    /** The key of one object of the bucket. */
    static SecretKey ofObject(SecretKey bucketKey, String salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bucketKey.getEncoded(), "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal(salt.getBytes(StandardCharsets.US_ASCII)), "AES");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC with SHA-256", impossible);
        }
    }
}
