package dev.outcrop.services.s3;

import dev.outcrop.kernel.policy.Wildcards;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The actions that policies of buckets may name, and what they are about.
 *
 * <p>Source: "Actions, resources, and condition keys for Amazon S3", Service Authorization Reference.
 */
final class PolicyActions {
    private static final Set<String> OF_OBJECTS = lower("""
            AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion
            DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention
            GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
            GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication
            ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold
            PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete
            ReplicateObject ReplicateTags RestoreObject UpdateObjectEncryption""");

    private static final Set<String> OF_BUCKETS = lower("""
            CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration
            DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac
            GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration
            GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy
            GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging
            GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
            GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration
            ListBucket ListBucketMultipartUploads ListBucketVersions ListTagsForResource PauseReplication
            PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS
            PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls
            PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning
            PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration
            PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
            UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration""");

    private static final Set<String> LISTING = lower("ListBucket ListBucketVersions");

    private PolicyActions() {}

    private static Set<String> lower(String names) {
        return Stream.of(names.split("\\s+"))
                .map(name -> "s3:" + name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether {@code pattern} names an action that is about objects. */
    static boolean isAboutObjects(String pattern) {
        return names(pattern, OF_OBJECTS);
    }

    /** Whether {@code pattern} names an action that is about buckets. */
    static boolean isAboutBuckets(String pattern) {
        return names(pattern, OF_BUCKETS);
    }

    /** Whether {@code pattern} names an action that lists what is in a bucket. */
    static boolean isListing(String pattern) {
        return names(pattern, LISTING);
    }

    private static boolean names(String pattern, Set<String> actions) {
        String lower = pattern.toLowerCase(Locale.ROOT);
        return actions.contains(lower) || actions.stream().anyMatch(action -> Wildcards.matches(lower, action));
    }
}
