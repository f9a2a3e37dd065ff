package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.ReplicateKeyRequest;
import software.amazon.awssdk.services.kms.model.ReplicateKeyResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionRequest;

/**
 * Multi-Region keys: keys of one id and one material in several Regions, one of which the others follow. All Regions are in
 * this house, so that a replica can be used, and a new primary key is one, as soon as the call is answered.
 *
 * <p>Source: "Multi-Region keys in AWS KMS" of the AWS KMS developer guide.
 */
final class MultiRegionKeys {
    private static final Pattern REGION = Pattern.compile("([a-z]+-){2,3}[0-9]+");

    private final KmsKeys keys;
    private final KeyUse use;
    private final Tags tags;
    private final InstantSource clock;

    MultiRegionKeys(KmsKeys keys, KeyUse use, Tags tags, InstantSource clock) {
        this.keys = keys;
        this.use = use;
        this.tags = tags;
        this.clock = clock;
    }

    ReplicateKeyResponse replicate(ReplicateKeyRequest request) {
        KmsKey primary = use.usable(primary(use.owned(keys.identified(request.keyId()), "ReplicateKey")));
        String region = checked(request.replicaRegion());
        KeyRequests.checkTags(request.tags());
        String policy = Optional.ofNullable(request.policy())
                .map(given -> KeyPolicies.checked(given, request.bypassPolicyLockoutSafetyCheck()))
                .orElseGet(KeyPolicies::byDefault);
        KmsKey replica = keys.addReplica(
                primary,
                present -> use.usable(primary(present))
                        .replica(
                                region,
                                Optional.ofNullable(request.description()).orElse(""),
                                policy,
                                clock.millis()));
        if (!request.tags().isEmpty()) {
            tags.add(replica.arn(), KeyRequests.byKey(request.tags()));
        }
        return ReplicateKeyResponse.builder()
                .replicaKeyMetadata(replica.metadata(clock.instant()))
                .replicaPolicy(replica.policy())
                .replicaTags(
                        request.tags().isEmpty()
                                ? List.of()
                                : tags.of(replica.arn()).entrySet().stream()
                                        .map(tag -> Tag.builder()
                                                .tagKey(tag.getKey())
                                                .tagValue(tag.getValue())
                                                .build())
                                        .toList())
                .build();
    }

    void updatePrimary(UpdatePrimaryRegionRequest request) {
        KmsKey primary = primary(use.owned(keys.identified(request.keyId()), "UpdatePrimaryRegion"));
        String region = checked(request.primaryRegion());
        if (region.equals(CallContext.current().region())) {
            throw KeyUse.unsupported(primary.arn() + " is the primary key already.");
        }
        keys.lead(primary, region, key -> {
            use.usable(key);
            if (key.region().equals(primary.region())) {
                primary(key);
            }
        });
    }

    private static KmsKey primary(KmsKey key) {
        if (!key.multiRegion()) {
            throw KeyUse.unsupported(key.arn() + " is not a multi-Region key.");
        }
        if (!key.leads()) {
            throw KeyUse.unsupported(key.arn() + " is not a multi-Region primary key.");
        }
        return key;
    }

    private static String checked(String region) {
        if (!REGION.matcher(region).matches()) {
            throw AwsError.validation("The Region " + region + " is not valid.");
        }
        return region;
    }
}
