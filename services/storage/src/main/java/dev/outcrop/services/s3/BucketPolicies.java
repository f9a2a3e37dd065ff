package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.storage.buckets.Bucket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The policies of buckets. */
final class BucketPolicies {
    static final String SETTING = "policy";

    private static final int MOST_REMEMBERED = 10_000;

    private final BucketSettings settings;
    private final PublicAccessBlocks blocks;
    private final ConcurrentMap<String, Policy> compiled = new ConcurrentHashMap<>();

    BucketPolicies(BucketSettings settings, PublicAccessBlocks blocks) {
        this.settings = settings;
        this.blocks = blocks;
    }

    /** What a bucket's policy says, if it has one. */
    Optional<Policy> find(Bucket bucket) {
        String document = bucket.settings().get(SETTING);
        if (document == null) {
            return Optional.empty();
        }
        if (compiled.size() > MOST_REMEMBERED) {
            compiled.clear();
        }
        return Optional.of(compiled.computeIfAbsent(
                document,
                text -> ResourcePolicy.of("arn:aws:s3:::" + bucket.name(), text, false)
                        .policy()));
    }

    String get(Bucket bucket) {
        requireOwner(bucket, "GET");
        return Optional.ofNullable(bucket.settings().get(SETTING)).orElseThrow(() -> missing(bucket));
    }

    void put(Bucket bucket, String document) {
        requireOwner(bucket, "PUT");
        PolicyGrammar.check(document, bucket.name());
        if (PolicyGrammar.parse(document).isPublic() && blocks.blocks(bucket, PublicAccessBlocks.Block.PUBLIC_POLICY)) {
            throw PublicAccessBlocks.refusal(
                    "s3:PutBucketPolicy", bucket.name(), "public policies", "BlockPublicPolicy");
        }
        settings.put(bucket, SETTING, document);
    }

    void delete(Bucket bucket) {
        requireOwner(bucket, "DELETE");
        settings.remove(bucket, SETTING);
    }

    /** Whether the policy of {@code bucket} lets the public in. */
    boolean isPublic(Bucket bucket) {
        return find(bucket).orElseThrow(() -> missing(bucket)).isPublic();
    }

    /** Policies are the business of the bucket's own account, whoever else is allowed to. */
    private static void requireOwner(Bucket bucket, String method) {
        if (!CallContext.current().account().equals(bucket.owner())) {
            throw new AwsError(
                    "MethodNotAllowed",
                    405,
                    "The specified method is not allowed against this resource.",
                    Errors.details("Method", method, "ResourceType", "BUCKETPOLICY"));
        }
    }

    private static AwsError missing(Bucket bucket) {
        return new AwsError(
                "NoSuchBucketPolicy", 404, "The bucket policy does not exist", Map.of("BucketName", bucket.name()));
    }
}
