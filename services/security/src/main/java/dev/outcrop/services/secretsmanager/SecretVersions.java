package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;

/**
 * The versions of a secret's value and their staging labels.
 *
 * <p>Source: "What's in a Secrets Manager secret?" of the AWS Secrets Manager user guide.
 */
final class SecretVersions {
    private static final Set<String> REENCRYPTED = Set.of(Secret.CURRENT, Secret.PENDING, Secret.PREVIOUS);

    private final StoredSecrets secrets;
    private final SecretValues values;
    private final Replication replication;
    private final Ids ids;
    private final InstantSource clock;

    SecretVersions(StoredSecrets secrets, SecretValues values, Replication replication, Ids ids, InstantSource clock) {
        this.secrets = secrets;
        this.values = values;
        this.replication = replication;
        this.ids = ids;
        this.clock = clock;
    }

    GetSecretValueResponse get(GetSecretValueRequest request) {
        return get(
                request.secretId(),
                Optional.ofNullable(request.versionId()),
                Optional.ofNullable(request.versionStage()));
    }

    /** The value of the version that has an id and a stage, as far as they are given, else of the current one. */
    GetSecretValueResponse get(String name, Optional<String> versionId, Optional<String> stage) {
        Secret secret = secrets.live(name);
        String wantedStage = stage.orElse(Secret.CURRENT);
        Optional<Secret.Version> found = versionId.map(secret::version).orElseGet(() -> secret.staged(wantedStage));
        if (versionId.isPresent()
                && stage.isPresent()
                && found.filter(version -> !version.stages().contains(wantedStage))
                        .isPresent()) {
            throw StoredSecrets.invalidRequest(
                    "You provided a VersionStage that is not associated to the provided VersionId.");
        }
        Secret.Version version = found.filter(Secret.Version::hasValue)
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Secrets Manager can't find the specified secret value for "
                                + versionId.map(id -> "VersionId: " + id).orElse("staging label: " + wantedStage))
                        .build());
        SecretValues.Value value = value(secret, version).orElseThrow(StoredSecrets::missing);
        noteAccess(secret, version);
        return GetSecretValueResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(version.id())
                .versionStages(version.stages().isEmpty() ? null : version.stages())
                .createdDate(Instant.ofEpochMilli(version.createdAt()))
                .secretString(value.text().orElse(null))
                .secretBinary(value.blob().orElse(null))
                .build();
    }

    private Optional<SecretValues.Value> value(Secret secret, Secret.Version version) {
        return secrets.value(secret, version.id()).map(stored -> values.decrypted(secret, version, stored));
    }

    /** Only the day is told, so it is written once a day. */
    private void noteAccess(Secret secret, Secret.Version version) {
        long today = clock.instant().truncatedTo(ChronoUnit.DAYS).toEpochMilli();
        if (secret.accessedOn() != today || version.accessedOn() != today) {
            secrets.update(secret, present -> present.accessed(version.id(), today));
        }
    }

    PutSecretValueResponse put(PutSecretValueRequest request) {
        Secret secret = secrets.primary(request.secretId());
        SecretValues.Value value = SecretRequests.value(request.secretString(), request.secretBinary())
                .orElseThrow(
                        () -> StoredSecrets.invalidRequest("You must provide either SecretString or SecretBinary."));
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        List<String> stages = request.hasVersionStages() ? request.versionStages() : List.of(Secret.CURRENT);
        Secret changed = put(secret, token, value, stages, present -> present, Map.of());
        return PutSecretValueResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(token)
                .versionStages(
                        changed.version(token).map(Secret.Version::stages).orElse(stages))
                .build();
    }

    /**
     * Adds a version; a token that is known is fine as long as its value is the same.
     *
     * @param also   what changes at the same time
     * @param beside encrypted values of other versions that change at the same time
     */
    Secret put(
            Secret secret,
            String token,
            SecretValues.Value value,
            List<String> stages,
            UnaryOperator<Secret> also,
            Map<String, byte[]> beside) {
        boolean known = secret.version(token).filter(Secret.Version::hasValue).isPresent();
        if (known && !isSame(secret, token, value)) {
            throw ResourceExistsException.builder()
                    .message("You can't use ClientRequestToken " + token
                            + " because that value is already in use for a version of secret " + secret.arn() + ".")
                    .build();
        }
        if (known) {
            return replication.update(secret, also, beside);
        }
        Secret described = also.apply(secret);
        Map<String, byte[]> encrypted = new HashMap<>(beside);
        encrypted.put(token, values.encrypted(described, token, value));
        try {
            return replication.update(
                    secret, present -> with(present, also, token, stages, described.kmsKeyId()), encrypted);
        } catch (TokenTaken raced) {
            return put(secrets.primary(secret.arn()), token, value, stages, also, beside);
        }
    }

    /** Another call with the same token was faster: what its value was decides. */
    private static final class TokenTaken extends RuntimeException {}

    private Secret with(
            Secret present, UnaryOperator<Secret> also, String token, List<String> stages, String kmsKeyId) {
        long now = clock.millis();
        if (present.version(token).filter(Secret.Version::hasValue).isPresent()) {
            throw new TokenTaken();
        }
        Secret live = also.apply(StoredSecrets.live(present));
        Secret added = live.version(token).isPresent()
                ? live.changing(token, version -> version.valued(kmsKeyId), now)
                : live.adding(new Secret.Version(token, List.of(), now, 0, kmsKeyId, true), now);
        boolean first = live.staged(Secret.CURRENT).isEmpty() && !stages.contains(Secret.CURRENT);
        List<String> given = first
                ? Stream.concat(stages.stream(), Stream.of(Secret.CURRENT)).toList()
                : stages;
        Secret staged = added.moving(given, token, now);
        return given.contains(Secret.CURRENT) ? SecretRotation.restarted(staged, clock.instant()) : staged;
    }

    /** Whether a version has a value. */
    boolean isSame(Secret secret, String versionId, SecretValues.Value value) {
        return secret.version(versionId)
                .flatMap(version -> value(secret, version))
                .filter(value::equals)
                .isPresent();
    }

    /**
     * The values that stand under AWS's own stages, encrypted under another key; none where KMS does not let the caller,
     * since those of before can still be read then.
     */
    Map<String, byte[]> reencrypted(Secret secret, String kmsKeyId) {
        Secret changed = secret.described(secret.description(), kmsKeyId, secret.type(), secret.changedAt());
        Map<String, byte[]> encrypted = new HashMap<>();
        try {
            for (Secret.Version version : secret.versions()) {
                boolean wanted = version.hasValue() && version.stages().stream().anyMatch(REENCRYPTED::contains);
                if (wanted) {
                    value(secret, version)
                            .ifPresent(value ->
                                    encrypted.put(version.id(), values.encrypted(changed, version.id(), value)));
                }
            }
        } catch (AwsError refusal) {
            return Map.of();
        }
        return encrypted;
    }

    UpdateSecretVersionStageResponse move(UpdateSecretVersionStageRequest request) {
        Secret secret = secrets.primary(request.secretId());
        replication.update(secret, present -> moved(present, request, clock.millis()), Map.of());
        return UpdateSecretVersionStageResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    private static Secret moved(Secret secret, UpdateSecretVersionStageRequest request, long now) {
        String stage = request.versionStage();
        Optional<String> holder = secret.staged(stage).map(Secret.Version::id);
        Optional<String> from = Optional.ofNullable(request.removeFromVersionId());
        Optional<String> to = Optional.ofNullable(request.moveToVersionId());
        if (to.isPresent() && secret.version(to.get()).isEmpty()) {
            throw missingVersion(to.get());
        }
        if (from.isPresent() && secret.version(from.get()).isEmpty()) {
            throw missingVersion(from.get());
        }
        if (from.isEmpty() && holder.filter(id -> !id.equals(to.orElse(null))).isPresent()) {
            throw SecretRequests.invalidParameter("The parameter RemoveFromVersionId can't be empty. Staging label "
                    + stage + " is currently attached to version " + holder.get()
                    + ", so you must explicitly reference that version in RemoveFromVersionId.");
        }
        if (from.isPresent() && !from.equals(holder)) {
            throw SecretRequests.invalidParameter(
                    "The staging label " + stage + " is not attached to version " + from.get() + ".");
        }
        if (to.isEmpty() && stage.equals(Secret.CURRENT)) {
            throw SecretRequests.invalidParameter("You can only move staging label AWSCURRENT to a different secret"
                    + " version. It can’t be completely removed.");
        }
        return to.map(id -> secret.moving(List.of(stage), id, now)).orElseGet(() -> secret.without(stage, now));
    }

    private static ResourceNotFoundException missingVersion(String id) {
        return ResourceNotFoundException.builder()
                .message("Secrets Manager can't find the specified secret value for VersionId: " + id)
                .build();
    }
}
