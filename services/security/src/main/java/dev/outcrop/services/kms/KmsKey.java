package dev.outcrop.services.kms;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
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
 * @param related             of a multi-Region key where the others of its set are
 * @param keyStoreId          the custom key store that it is in, or the empty string
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
        List<Material> materials,
        Related related,
        String keyStoreId) {
    KmsKey {
        materials = List.copyOf(materials);
        // Keys of older data folders do not say it.
        related = related == null ? new Related(region, List.of()) : related;
        keyStoreId = keyStoreId == null ? "" : keyStoreId;
    }

    /**
     * The set that a multi-Region key belongs to, itself included. Every key of a set has the same one.
     *
     * @param primaryRegion  where the key is that the others follow; of a single-Region key its own Region
     * @param replicaRegions where the others are
     */
    record Related(String primaryRegion, List<String> replicaRegions) {
        Related {
            replicaRegions = List.copyOf(replicaRegions);
        }

        Related with(String newRegion) {
            return new Related(
                    primaryRegion,
                    Stream.concat(replicaRegions.stream(), Stream.of(newRegion)).toList());
        }

        Related without(String goneRegion) {
            return new Related(
                    primaryRegion,
                    replicaRegions.stream()
                            .filter(region -> !region.equals(goneRegion))
                            .toList());
        }

        /** The same keys with another of them as the primary one. */
        Related led(String newPrimary) {
            return new Related(newPrimary, without(newPrimary).with(primaryRegion).replicaRegions);
        }
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
        return arnIn(region);
    }

    private String arnIn(String anyRegion) {
        return "arn:aws:kms:" + anyRegion + ":" + account + ":key/" + id;
    }

    /** What its key is called in the module of its custom key store. */
    String label() {
        return "outcrop " + id;
    }

    /** Where it stands; an imported key waits for its material as long as any of it is missing. */
    KeyState state(Instant now) {
        if (deletionAt > 0) {
            return KeyState.PENDING_DELETION;
        }
        if (pendingWindowInDays > 0) {
            return KeyState.PENDING_REPLICA_DELETION;
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
        Copy copy = new Copy(this);
        copy.description = newDescription;
        return copy.key();
    }

    KmsKey governedBy(String newPolicy) {
        Copy copy = new Copy(this);
        copy.policy = newPolicy;
        return copy.key();
    }

    KmsKey enabled(boolean nowEnabled) {
        Copy copy = new Copy(this);
        copy.enabled = nowEnabled;
        return copy.key();
    }

    /**
     * Marks for deletion, or no longer.
     *
     * @param at   in milliseconds; 0 where the waiting period has not begun
     * @param days the waiting period; 0 if it shall stay
     */
    KmsKey deletedAt(long at, int days) {
        Copy copy = new Copy(this);
        copy.enabled = false;
        copy.deletionAt = at;
        copy.pendingWindowInDays = days;
        return copy.key();
    }

    KmsKey rotating(Rotation newRotation) {
        Copy copy = new Copy(this);
        copy.rotation = newRotation;
        return copy.key();
    }

    KmsKey of(List<Material> newMaterials) {
        Copy copy = new Copy(this);
        copy.materials = newMaterials;
        return copy.key();
    }

    KmsKey relatedTo(Related newRelated) {
        Copy copy = new Copy(this);
        copy.related = newRelated;
        return copy.key();
    }

    /** The key with one of its materials replaced by another of the same id. */
    KmsKey replacing(Material material) {
        return of(materials.stream()
                .map(present -> present.id().equals(material.id()) ? material : present)
                .toList());
    }

    /** Whether it is the one that the others of its set follow, or has no others. */
    boolean leads() {
        return related.primaryRegion().equals(region);
    }

    /** Whether its owner wants it gone. */
    boolean awaitsDeletion() {
        return deletionAt > 0 || pendingWindowInDays > 0;
    }

    /**
     * A replica in {@code newRegion}. Imported material has to be imported there, too; all other is shared.
     *
     * @param now in milliseconds
     */
    KmsKey replica(String newRegion, String newDescription, String newPolicy, long now) {
        Copy copy = new Copy(this);
        copy.region = newRegion;
        copy.createdAt = now;
        copy.description = newDescription;
        copy.policy = newPolicy;
        copy.enabled = true;
        if (origin == OriginType.EXTERNAL) {
            copy.materials = materials.stream().map(Material::deleted).toList();
        }
        return copy.key();
    }

    /** A replica with what it shares with its primary key as that one has it now. */
    KmsKey following(KmsKey primary) {
        Copy copy = new Copy(this);
        copy.related = primary.related;
        copy.rotation = primary.rotation;
        if (origin != OriginType.EXTERNAL) {
            copy.materials = primary.materials;
        }
        return copy.key();
    }

    /** A key in the making that differs in a little from another one. */
    private static final class Copy {
        private final KmsKey original;
        private String region;
        private long createdAt;
        private String description;
        private String policy;
        private boolean enabled;
        private long deletionAt;
        private int pendingWindowInDays;
        private Rotation rotation;
        private List<Material> materials;
        private Related related;

        Copy(KmsKey original) {
            this.original = original;
            region = original.region;
            createdAt = original.createdAt;
            description = original.description;
            policy = original.policy;
            enabled = original.enabled;
            deletionAt = original.deletionAt;
            pendingWindowInDays = original.pendingWindowInDays;
            rotation = original.rotation;
            materials = original.materials;
            related = original.related;
        }

        KmsKey key() {
            return new KmsKey(
                    original.account,
                    region,
                    original.id,
                    original.spec,
                    original.usage,
                    original.origin,
                    original.awsManaged,
                    original.multiRegion,
                    createdAt,
                    description,
                    policy,
                    enabled,
                    deletionAt,
                    pendingWindowInDays,
                    rotation,
                    materials,
                    related,
                    original.keyStoreId);
        }
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
        if (!keyStoreId.isEmpty()) {
            metadata.customKeyStoreId(keyStoreId);
        }
        if (state == KeyState.PENDING_REPLICA_DELETION) {
            metadata.pendingDeletionWindowInDays(pendingWindowInDays);
        }
        if (state == KeyState.PENDING_DELETION) {
            metadata.deletionDate(Instant.ofEpochMilli(deletionAt));
        }
        if (multiRegion) {
            metadata.multiRegionConfiguration(configuration -> configuration
                    .multiRegionKeyType(leads() ? MultiRegionKeyType.PRIMARY : MultiRegionKeyType.REPLICA)
                    .primaryKey(member(related.primaryRegion()))
                    .replicaKeys(
                            related.replicaRegions().stream().map(this::member).toList()));
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

    private MultiRegionKey member(String anyRegion) {
        return MultiRegionKey.builder().arn(arnIn(anyRegion)).region(anyRegion).build();
    }
}
