package dev.outcrop.services.kms;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.RotationType;

/**
 * A KMS key as it is stored.
 *
 * @param spec                what kind of key it is, by the SDK's name
 * @param usage               what it is good for, by the SDK's name
 * @param origin              where its material came from, by the SDK's name
 * @param description         what its owner says of it
 * @param policy              its key policy, a JSON document
 * @param enabled             whether it was left enabled
 * @param deletionAt          when it will be deleted, in milliseconds; 0 if it will not
 * @param pendingWindowInDays how long was asked for between the request to delete it and its deletion
 * @param rotation            how its material is replaced
 * @param materials           its materials, oldest first; none before the first import
 */
record KmsKey(
        String account,
        String region,
        String id,
        KeySpec spec,
        KeyUsageType usage,
        OriginType origin,
        boolean awsManaged,
        boolean multiRegion,
        long createdAt,
        String description,
        String policy,
        boolean enabled,
        long deletionAt,
        int pendingWindowInDays,
        Rotation rotation,
        List<Material> materials) {
    KmsKey {
        materials = List.copyOf(materials);
    }

    /**
     * Automatic rotation.
     *
     * @param periodInDays 0 where there is none
     * @param nextAt       when it happens next, in milliseconds
     */
    record Rotation(int periodInDays, long nextAt) {
        static final Rotation NONE = new Rotation(0, 0);
    }

    /**
     * One generation of a key's material.
     *
     * @param id          64 hexadecimal digits
     * @param encrypted   the material under the master key; empty once it was deleted or has expired
     * @param fingerprint of an imported one, by which it is known again; encrypted as well
     * @param publicKey   X.509, of an asymmetric key, else empty
     * @param state       by the SDK's name
     * @param rotatedAt   when it became the current one by rotation, in milliseconds; 0 if it did not
     * @param rotationType by the SDK's name, or the empty string
     * @param validTo     when an imported one expires, in milliseconds; 0 if it does not
     */
    record Material(
            String id,
            byte[] encrypted,
            byte[] fingerprint,
            byte[] publicKey,
            KeyMaterialState state,
            long rotatedAt,
            String rotationType,
            long validTo,
            String description) {
        Material in(KeyMaterialState newState) {
            return new Material(
                    id, encrypted, fingerprint, publicKey, newState, rotatedAt, rotationType, validTo, description);
        }

        Material rotated(long at, RotationType type) {
            return new Material(
                    id,
                    encrypted,
                    fingerprint,
                    publicKey,
                    KeyMaterialState.CURRENT,
                    at,
                    type.toString(),
                    validTo,
                    description);
        }

        Material deleted() {
            return new Material(
                    id, new byte[0], fingerprint, publicKey, state, rotatedAt, rotationType, 0, description);
        }

        /** Whether there is something to work with at {@code now}. */
        boolean isPresent(Instant now) {
            return encrypted.length > 0 && (validTo == 0 || now.toEpochMilli() < validTo);
        }
    }

    /** Such as {@code arn:aws:kms:us-east-1:000000000000:key/…}. */
    String arn() {
        return "arn:aws:kms:" + region + ":" + account + ":key/" + id;
    }

    /** Where it stands; an imported key waits for its material as long as any of it is missing. */
    KeyState state(Instant now) {
        if (deletionAt > 0) {
            return KeyState.PENDING_DELETION;
        }
        if (current().isEmpty()
                || materials.stream()
                        .anyMatch(material ->
                                material.state() != KeyMaterialState.PENDING_ROTATION && !material.isPresent(now))) {
            return KeyState.PENDING_IMPORT;
        }
        return enabled ? KeyState.ENABLED : KeyState.DISABLED;
    }

    /** The material that encrypts and signs. */
    Optional<Material> current() {
        return materials.stream()
                .filter(material -> material.state() == KeyMaterialState.CURRENT)
                .findFirst();
    }

    Optional<Material> material(String materialId) {
        return materials.stream()
                .filter(material -> material.id().equals(materialId))
                .findFirst();
    }

    KmsKey described(String newDescription) {
        return with(newDescription, policy, enabled, deletionAt, pendingWindowInDays, rotation, materials);
    }

    KmsKey governedBy(String newPolicy) {
        return with(description, newPolicy, enabled, deletionAt, pendingWindowInDays, rotation, materials);
    }

    KmsKey enabled(boolean nowEnabled) {
        return with(description, policy, nowEnabled, deletionAt, pendingWindowInDays, rotation, materials);
    }

    KmsKey deletedAt(long at, int days) {
        return with(description, policy, false, at, days, rotation, materials);
    }

    KmsKey rotating(Rotation newRotation) {
        return with(description, policy, enabled, deletionAt, pendingWindowInDays, newRotation, materials);
    }

    KmsKey of(List<Material> newMaterials) {
        return with(description, policy, enabled, deletionAt, pendingWindowInDays, rotation, newMaterials);
    }

    /** The key with one of its materials replaced by another of the same id. */
    KmsKey replacing(Material material) {
        return of(materials.stream()
                .map(present -> present.id().equals(material.id()) ? material : present)
                .toList());
    }

    private KmsKey with(
            String newDescription,
            String newPolicy,
            boolean nowEnabled,
            long newDeletionAt,
            int days,
            Rotation newRotation,
            List<Material> newMaterials) {
        return new KmsKey(
                account,
                region,
                id,
                spec,
                usage,
                origin,
                awsManaged,
                multiRegion,
                createdAt,
                newDescription,
                newPolicy,
                nowEnabled,
                newDeletionAt,
                days,
                newRotation,
                newMaterials);
    }

    /** The key as DescribeKey shows it. */
    @SuppressWarnings("deprecation") // Older clients know the key spec by its former name.
    KeyMetadata metadata(Instant now) {
        KeyState state = state(now);
        KeyMetadata.Builder metadata = KeyMetadata.builder()
                .awsAccountId(account)
                .keyId(id)
                .arn(arn())
                .creationDate(Instant.ofEpochMilli(createdAt))
                .enabled(state == KeyState.ENABLED)
                .description(description)
                .keyUsage(usage)
                .keyState(state)
                .origin(origin)
                .keyManager(awsManaged ? KeyManagerType.AWS : KeyManagerType.CUSTOMER)
                .keySpec(spec)
                .customerMasterKeySpec(spec.toString())
                .multiRegion(multiRegion);
        if (state == KeyState.PENDING_DELETION && multiRegion) {
            metadata.pendingDeletionWindowInDays(pendingWindowInDays);
        }
        if (state == KeyState.PENDING_DELETION) {
            metadata.deletionDate(Instant.ofEpochMilli(deletionAt));
        }
        if (multiRegion) {
            metadata.multiRegionConfiguration(configuration -> configuration
                    .multiRegionKeyType(MultiRegionKeyType.PRIMARY)
                    .primaryKey(primary -> primary.arn(arn()).region(region))
                    .replicaKeys(List.of()));
        }
        KeySpecs.Algorithms algorithms = KeySpecs.algorithms(spec, usage);
        if (!algorithms.encryption().isEmpty()) {
            metadata.encryptionAlgorithms(algorithms.encryption());
        }
        if (!algorithms.signing().isEmpty()) {
            metadata.signingAlgorithms(algorithms.signing());
        }
        if (!algorithms.mac().isEmpty()) {
            metadata.macAlgorithms(algorithms.mac());
        }
        if (!algorithms.agreement().isEmpty()) {
            metadata.keyAgreementAlgorithms(algorithms.agreement());
        }
        current().ifPresent(material -> {
            if (spec == KeySpec.SYMMETRIC_DEFAULT) {
                metadata.currentKeyMaterialId(material.id());
            }
            if (origin == OriginType.EXTERNAL && material.isPresent(now)) {
                metadata.expirationModel(
                        material.validTo() > 0
                                ? ExpirationModelType.KEY_MATERIAL_EXPIRES
                                : ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
                if (material.validTo() > 0) {
                    metadata.validTo(Instant.ofEpochMilli(material.validTo()));
                }
            }
        });
        return metadata.build();
    }
}
