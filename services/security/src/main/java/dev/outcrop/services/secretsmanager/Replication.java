package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Tags;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationRequest;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.StatusType;
import software.amazon.awssdk.services.secretsmanager.model.StopReplicationToReplicaRequest;
import software.amazon.awssdk.services.secretsmanager.model.StopReplicationToReplicaResponse;

/**
 * Copies of secrets in other regions, each under a key of its own region. A copy follows its secret: what changes there is
 * copied before the change is acknowledged, and where that did not come about, when the copy's status has said so for a
 * while, by the chore.
 *
 * <p>Source: "Replicate AWS Secrets Manager secrets across Regions" of the user guide.
 */
final class Replication {
    private static final String SERVICE = "secretsmanager";

    private final StoredSecrets secrets;
    private final SecretValues values;
    private final Tags tags;
    private final InstantSource clock;

    Replication(StoredSecrets secrets, SecretValues values, Tags tags, InstantSource clock) {
        this.secrets = secrets;
        this.values = values;
        this.tags = tags;
        this.clock = clock;
    }

    ReplicateSecretToRegionsResponse replicate(ReplicateSecretToRegionsRequest request) {
        Secret secret = secrets.primary(request.secretId());
        List<Secret.Replica> added = wanted(request.addReplicaRegions());
        Secret changed = begin(secret, added, Boolean.TRUE.equals(request.forceOverwriteReplicaSecret()));
        return ReplicateSecretToRegionsResponse.builder()
                .arn(secret.arn())
                .replicationStatus(status(changed))
                .build();
    }

    /** Has {@code secret} copied to more regions, and gives it with what came of that. */
    Secret begin(Secret secret, List<Secret.Replica> added, boolean over) {
        Secret changed = secrets.update(secret, present -> {
            Map<String, Secret.Replica> byRegion = new LinkedHashMap<>();
            present.replicas().forEach(replica -> byRegion.put(replica.region(), replica));
            added.forEach(replica -> byRegion.put(replica.region(), replica));
            return present.replicatedTo(List.copyOf(byRegion.values()));
        });
        return copied(changed, added.stream().map(Secret.Replica::region).collect(Collectors.toSet()), over);
    }

    /** The regions of a request. */
    static List<Secret.Replica> wanted(List<ReplicaRegionType> regions) {
        List<Secret.Replica> wanted = new ArrayList<>();
        for (ReplicaRegionType region : regions) {
            if (region.region() == null
                    || region.region().equals(CallContext.current().region())) {
                throw SecretRequests.invalidParameter("Invalid replica region.");
            }
            wanted.add(new Secret.Replica(
                    region.region(), Optional.ofNullable(region.kmsKeyId()).orElse(""), StatusType.IN_PROGRESS, ""));
        }
        return wanted;
    }

    /**
     * Changes a secret as {@link StoredSecrets#update}, and then its copies. Until those have followed, their status says
     * that they have not.
     */
    Secret update(Secret secret, UnaryOperator<Secret> change, Map<String, byte[]> added) {
        Secret changed = secrets.update(secret, present -> behind(change.apply(present)), added);
        return copied(changed, regions(changed), false);
    }

    /** Has the copies of a secret follow what was changed beside it. */
    void follow(Secret secret) {
        update(secret, present -> present, Map.of());
    }

    private static Secret behind(Secret secret) {
        return secret.replicatedTo(secret.replicas().stream()
                .map(replica -> replica.being(StatusType.IN_PROGRESS, ""))
                .toList());
    }

    private static Set<String> regions(Secret secret) {
        return secret.replicas().stream().map(Secret.Replica::region).collect(Collectors.toSet());
    }

    /** Copies what did not come about before, in the name of the secret's account. */
    void repair(Secret secret) {
        boolean behind = secret.replicas().stream().anyMatch(replica -> replica.status() == StatusType.IN_PROGRESS);
        if (behind) {
            CallContext.current().toBuilder()
                    .principal(Principal.root(secret.account(), Optional.empty()))
                    .build()
                    .run(() -> follow(secret));
        }
    }

    private Secret copied(Secret secret, Set<String> regions, boolean over) {
        if (regions.isEmpty()) {
            return secret;
        }
        Map<String, Secret.Replica> outcomes = new HashMap<>();
        for (Secret.Replica replica : secret.replicas()) {
            if (regions.contains(replica.region())) {
                outcomes.put(replica.region(), outcome(secret, replica, over));
            }
        }
        return secrets.update(
                secret,
                present -> present.replicatedTo(present.replicas().stream()
                        .map(replica -> outcomes.getOrDefault(replica.region(), replica))
                        .toList()));
    }

    private Secret.Replica outcome(Secret secret, Secret.Replica replica, boolean over) {
        try {
            boolean stored = copy(secret, replica, over);
            return stored
                    ? replica.being(StatusType.IN_SYNC, "")
                    : replica.being(
                            StatusType.FAILED,
                            "Replication failed: Secret name " + secret.name() + " already exists in region "
                                    + replica.region() + ".");
        } catch (SecretsManagerException | AwsError refusal) {
            return replica.being(StatusType.FAILED, "Replication failed: " + refusal.getMessage());
        }
    }

    private boolean copy(Secret secret, Secret.Replica replica, boolean over) {
        Optional<Secret> before = secrets.at(secret.account(), replica.region(), secret.name())
                .filter(present -> present.follows() && present.arn().equals(secret.arnIn(replica.region())));
        Secret copy = secret.replica(replica, before, clock.millis());
        Map<String, byte[]> added = new HashMap<>();
        for (Secret.Version version : secret.versions()) {
            boolean there = before.flatMap(present -> present.version(version.id()))
                            .filter(present ->
                                    present.hasValue() && present.kmsKeyId().equals(replica.kmsKeyId()))
                            .isPresent()
                    && secrets.value(copy, version.id()).isPresent();
            if (version.hasValue() && !there) {
                SecretValues.Value value = in(
                        secret,
                        secret.region(),
                        () -> values.decrypted(
                                secret,
                                version,
                                secrets.value(secret, version.id()).orElseThrow(StoredSecrets::missing)));
                added.put(
                        version.id(), in(secret, replica.region(), () -> values.encrypted(copy, version.id(), value)));
            }
        }
        boolean stored = secrets.copy(copy, added, over);
        if (stored) {
            NavigableMap<String, String> all = SecretTags.of(tags, secret);
            SecretTags.asOwner(secret).run(() -> {
                tags.removeAll(copy.arn());
                if (!all.isEmpty()) {
                    tags.add(copy.arn(), all);
                }
            });
        }
        return stored;
    }

    /** What KMS gives the caller, through this service, in a region; where that is a stranger, the secret's account. */
    private static <T> T in(Secret secret, String region, Supplier<T> body) {
        CallContext call = CallContext.current();
        CallContext.Builder builder = call.toBuilder().region(region).callingService(Optional.of(SERVICE));
        if (!call.account().equals(secret.account())) {
            builder.account(secret.account()).principal(Principal.root(secret.account(), Optional.empty()));
        }
        return builder.build().call(body::get);
    }

    RemoveRegionsFromReplicationResponse remove(RemoveRegionsFromReplicationRequest request) {
        Secret secret = secrets.primary(request.secretId());
        Secret changed = secrets.update(
                secret,
                present -> present.replicatedTo(present.replicas().stream()
                        .filter(replica -> !request.removeReplicaRegions().contains(replica.region()))
                        .toList()));
        for (String region : request.removeReplicaRegions()) {
            secrets.at(secret.account(), region, secret.name())
                    .filter(copy -> copy.arn().equals(secret.arnIn(region)))
                    .filter(copy -> secrets.delete(copy, Secret::follows))
                    .ifPresent(copy -> SecretTags.asOwner(secret).run(() -> tags.removeAll(copy.arn())));
        }
        return RemoveRegionsFromReplicationResponse.builder()
                .arn(secret.arn())
                .replicationStatus(status(changed))
                .build();
    }

    StopReplicationToReplicaResponse stop(StopReplicationToReplicaRequest request) {
        Secret replica = secrets.live(request.secretId());
        if (!replica.follows()) {
            throw StoredSecrets.invalidRequest(
                    "Operation not permitted on a primary secret. The secret " + replica.name() + " is not a replica.");
        }
        return StopReplicationToReplicaResponse.builder()
                .arn(secrets.promote(replica).arn())
                .build();
    }

    /** How the copies of a secret are. */
    static List<ReplicationStatusType> status(Secret secret) {
        return secret.replicas().stream()
                .map(replica -> ReplicationStatusType.builder()
                        .region(replica.region())
                        .kmsKeyId(replica.kmsKeyId().isEmpty() ? "alias/aws/secretsmanager" : replica.kmsKeyId())
                        .status(replica.status())
                        .statusMessage(replica.message().isEmpty() ? null : replica.message())
                        .build())
                .toList();
    }
}
