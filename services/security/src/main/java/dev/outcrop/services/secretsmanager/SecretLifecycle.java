package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretResponse;

/** Secrets from the day that they are made to the day that they are gone. */
final class SecretLifecycle {
    private static final Duration CHORE_INTERVAL = Duration.ofMinutes(5);

    private final Records records;
    private final StoredSecrets secrets;
    private final SecretValues values;
    private final SecretVersions versions;
    private final Replication replication;
    private final SecretRotation rotation;
    private final Tags tags;
    private final Ids ids;
    private final InstantSource clock;

    SecretLifecycle(
            Records records,
            StoredSecrets secrets,
            SecretValues values,
            SecretVersions versions,
            Replication replication,
            SecretRotation rotation,
            Tags tags,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.values = values;
        this.versions = versions;
        this.replication = replication;
        this.rotation = rotation;
        this.tags = tags;
        this.ids = ids;
        this.clock = clock;
    }

    CreateSecretResponse create(CreateSecretRequest request) {
        SecretRequests.checkName(request.name());
        Optional<SecretValues.Value> value = SecretRequests.value(request.secretString(), request.secretBinary());
        Map<String, String> given = SecretRequests.byKey(request.tags());
        List<Secret.Replica> replicas = Replication.wanted(request.addReplicaRegions());
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        Optional<Secret> present = secrets.byName(request.name());
        if (present.isPresent()) {
            return repeated(present.get(), token, value);
        }
        CallContext call = CallContext.current();
        long now = clock.millis();
        String arn = Ids.arn("secretsmanager", "secret:" + request.name() + "-" + ids.lowercase(6));
        Secret empty = Secret.made(call.account(), call.region(), request.name(), arn, now)
                .described(
                        Optional.ofNullable(request.description()).orElse(""),
                        Optional.ofNullable(request.kmsKeyId()).orElse(""),
                        Optional.ofNullable(request.type()).orElse(""),
                        now);
        Optional<byte[]> encrypted = value.map(plain -> values.encrypted(empty, token, plain));
        Secret secret = value.isEmpty()
                ? empty
                : empty.adding(new Secret.Version(token, List.of(Secret.CURRENT), now, 0, empty.kmsKeyId(), true), now);
        if (!given.isEmpty()) {
            tags.add(arn, given);
        }
        secrets.insert(secret, encrypted);
        Secret replicated = replicas.isEmpty()
                ? secret
                : replication.begin(secret, replicas, Boolean.TRUE.equals(request.forceOverwriteReplicaSecret()));
        return CreateSecretResponse.builder()
                .arn(arn)
                .name(secret.name())
                .versionId(value.isEmpty() ? null : token)
                .replicationStatus(replicas.isEmpty() ? null : Replication.status(replicated))
                .build();
    }

    /** The same request again gets the same answer. */
    private CreateSecretResponse repeated(Secret present, String token, Optional<SecretValues.Value> value) {
        if (present.awaitsDeletion()) {
            throw StoredSecrets.invalidRequest(
                    "You can't create this secret because a secret with this name is already scheduled for deletion.");
        }
        if (value.isEmpty() || present.version(token).isEmpty() || !versions.isSame(present, token, value.get())) {
            throw ResourceExistsException.builder()
                    .message("The operation failed because the secret " + present.name() + " already exists.")
                    .build();
        }
        return CreateSecretResponse.builder()
                .arn(present.arn())
                .name(present.name())
                .versionId(token)
                .build();
    }

    UpdateSecretResponse update(UpdateSecretRequest request) {
        Secret secret = secrets.primary(request.secretId());
        Optional<SecretValues.Value> value = SecretRequests.value(request.secretString(), request.secretBinary());
        long now = clock.millis();
        String key = Optional.ofNullable(request.kmsKeyId()).orElse(secret.kmsKeyId());
        Map<String, byte[]> moved = key.equals(secret.kmsKeyId()) ? Map.of() : versions.reencrypted(secret, key);
        UnaryOperator<Secret> change = present -> {
            Secret described = present.described(
                    Optional.ofNullable(request.description()).orElse(present.description()),
                    key,
                    Optional.ofNullable(request.type()).orElse(present.type()),
                    now);
            for (String version : moved.keySet()) {
                described = described.changing(version, old -> old.under(key), now);
            }
            return described;
        };
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        if (value.isPresent()) {
            versions.put(secret, token, value.get(), List.of(Secret.CURRENT), change, moved);
        } else {
            replication.update(secret, change, moved);
        }
        return UpdateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(value.isPresent() ? token : null)
                .build();
    }

    DeleteSecretResponse delete(DeleteSecretRequest request) {
        long days = SecretRequests.recoveryWindow(request);
        boolean force = days == 0;
        Optional<Secret> found = secrets.find(request.secretId());
        if (force && found.isEmpty()) {
            // Deleting by force is done once it is gone, whoever did it.
            return DeleteSecretResponse.builder()
                    .name(request.secretId())
                    .deletionDate(clock.instant())
                    .build();
        }
        Secret secret = StoredSecrets.primary(found.orElseThrow(StoredSecrets::missing));
        if (!force) {
            StoredSecrets.live(secret);
        }
        if (!secret.replicas().isEmpty()) {
            throw StoredSecrets.invalidRequest(
                    "You can't delete secret " + secret.name() + " that still has replica regions.");
        }
        Instant now = clock.instant();
        Instant gone = now.plus(Duration.ofDays(days));
        if (!force) {
            secrets.update(
                    secret, present -> StoredSecrets.live(present).deleted(now.toEpochMilli(), gone.toEpochMilli()));
        } else if (secrets.delete(secret, present -> present.arn().equals(secret.arn()))) {
            forgetTags(secret);
        }
        return DeleteSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .deletionDate(gone)
                .build();
    }

    private void forgetTags(Secret secret) {
        SecretTags.asOwner(secret).run(() -> tags.removeAll(secret.arn()));
    }

    RestoreSecretResponse restore(RestoreSecretRequest request) {
        Secret secret = secrets.named(request.secretId());
        secrets.update(secret, present -> present.deleted(0, 0));
        return RestoreSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    /** Removes secrets whose recovery window is over, begins rotations that are due, and brings copies up to date. */
    Chore chore() {
        return new Chore("secretsmanager", CHORE_INTERVAL, this::doWhatIsDue);
    }

    /** Tells CloudWatch how many secrets there are. */
    Chore metrics(ServiceMetrics metrics) {
        return new SecretMetrics(records, metrics).chore();
    }

    private void doWhatIsDue(BooleanSupplier ending) {
        records.all(StoredSecrets.SECRET, Optional.empty())
                .takeWhile(_ -> !ending.getAsBoolean())
                .map(StoredSecrets::read)
                .forEach(secret -> CallContext.builder()
                        .account(secret.account())
                        .region(secret.region())
                        .principal(Principal.service("secretsmanager.amazonaws.com", secret.account()))
                        .requestId(UUID.randomUUID().toString())
                        .callingService(Optional.of("secretsmanager"))
                        .build()
                        .run(() -> doWhatIsDue(secret)));
    }

    private void doWhatIsDue(Secret secret) {
        long now = clock.millis();
        if (!secret.awaitsDeletion()) {
            rotation.rotateIfDue(secret);
            replication.repair(secret);
        } else if (secrets.delete(secret, present -> present.awaitsDeletion() && present.purgeAt() <= now)) {
            forgetTags(secret);
        }
    }
}
