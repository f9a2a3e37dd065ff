package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

/**
 * Block Public Access. What is set for a bucket and for its owner's account holds together.
 *
 * <p>Source: "Blocking public access to your Amazon S3 storage", Amazon S3 user guide.
 */
final class PublicAccessBlocks {
    static final String SETTING = "publicAccessBlock";

    /** Nothing public at all. */
    static final PublicAccessBlockConfiguration EVERYTHING = PublicAccessBlockConfiguration.builder()
            .blockPublicAcls(true)
            .ignorePublicAcls(true)
            .blockPublicPolicy(true)
            .restrictPublicBuckets(true)
            .build();

    private final BucketSettings settings;
    private final AccountPublicAccess accounts;

    PublicAccessBlocks(BucketSettings settings, AccountPublicAccess accounts) {
        this.settings = settings;
        this.accounts = accounts;
    }

    PublicAccessBlockConfiguration get(Bucket bucket) {
        return find(bucket)
                .orElseThrow(() -> new AwsError(
                        "NoSuchPublicAccessBlockConfiguration",
                        404,
                        "The public access block configuration was not found",
                        Map.of("BucketName", bucket.name())));
    }

    void put(Bucket bucket, PublicAccessBlockConfiguration configuration) {
        settings.put(bucket, SETTING, BucketSettings.text(complete(configuration)));
    }

    void delete(Bucket bucket) {
        settings.remove(bucket, SETTING);
    }

    private static Optional<PublicAccessBlockConfiguration> find(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, PublicAccessBlockConfiguration::builder);
    }

    /** With false where nothing is said. */
    private static PublicAccessBlockConfiguration complete(PublicAccessBlockConfiguration given) {
        return PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(Boolean.TRUE.equals(given.blockPublicAcls()))
                .ignorePublicAcls(Boolean.TRUE.equals(given.ignorePublicAcls()))
                .blockPublicPolicy(Boolean.TRUE.equals(given.blockPublicPolicy()))
                .restrictPublicBuckets(Boolean.TRUE.equals(given.restrictPublicBuckets()))
                .build();
    }

    /** The kinds of blocking. */
    enum Block {
        PUBLIC_ACLS,
        IGNORED_ACLS,
        PUBLIC_POLICY,
        PUBLIC_BUCKETS
    }

    /** Whether {@code bucket} or its owner's account has {@code block} set. */
    boolean blocks(Bucket bucket, Block block) {
        return find(bucket).filter(set -> isSet(set, block)).isPresent()
                || accounts.find(bucket.owner())
                        .filter(set -> isSet(set, block))
                        .isPresent();
    }

    private static boolean isSet(PublicAccessBlockConfiguration configuration, Block block) {
        return Boolean.TRUE.equals(
                switch (block) {
                    case PUBLIC_ACLS -> configuration.blockPublicAcls();
                    case IGNORED_ACLS -> configuration.ignorePublicAcls();
                    case PUBLIC_POLICY -> configuration.blockPublicPolicy();
                    case PUBLIC_BUCKETS -> configuration.restrictPublicBuckets();
                });
    }

    /** What to say to whoever would let the public in to {@code resource}, a bucket or what is in it. */
    static AwsError refusal(String action, String resource, String what, String setting) {
        return new AwsError(
                "AccessDenied",
                403,
                "User: " + CallContext.current().principal().arn() + " is not authorized to perform: " + action
                        + " on resource: \"arn:aws:s3:::" + resource + "\" because " + what
                        + " are blocked by the " + setting + " block public access setting.");
    }
}
