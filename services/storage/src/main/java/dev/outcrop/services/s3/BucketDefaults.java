package dev.outcrop.services.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.OwnershipControls;
import software.amazon.awssdk.services.s3.model.OwnershipControlsRule;

/**
 * What a new bucket has set where its creator says nothing.
 *
 * @param ownership         whose the objects are, and whether access control lists count
 * @param blockPublicAccess whether the bucket keeps the public out until told otherwise
 */
public record BucketDefaults(ObjectOwnership ownership, boolean blockPublicAccess) {
    /** Those of AWS since April 2023. */
    public static final BucketDefaults AWS = new BucketDefaults(ObjectOwnership.BUCKET_OWNER_ENFORCED, true);

    /** Those of AWS before: access control lists count, and the public may be let in. */
    public static final BucketDefaults OPEN = new BucketDefaults(ObjectOwnership.OBJECT_WRITER, false);

    /** The documents that a new bucket is created with. */
    Map<String, String> settings(Optional<ObjectOwnership> asked) {
        Map<String, String> settings = new LinkedHashMap<>();
        OwnershipControls controls = OwnershipControls.builder()
                .rules(OwnershipControlsRule.builder()
                        .objectOwnership(asked.orElse(ownership))
                        .build())
                .build();
        settings.put(Ownership.SETTING, BucketSettings.text(controls));
        if (blockPublicAccess) {
            settings.put(PublicAccessBlocks.SETTING, BucketSettings.text(PublicAccessBlocks.EVERYTHING));
        }
        return settings;
    }
}
