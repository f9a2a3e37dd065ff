package dev.outcrop.services.kms;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.ImportState;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsRequest;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsResponse;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandResponse;
import software.amazon.awssdk.services.kms.model.RotationType;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/**
 * Replaces the material of symmetric keys, by a schedule or on demand. What was encrypted before decrypts as before, since
 * ciphertexts name their material and none is thrown away.
 *
 * <p>Source: "Rotate AWS KMS keys" of the AWS KMS developer guide.
 */
final class Rotations {
    static final int DEFAULT_DAYS = 365;
    private static final int MOST_ON_DEMAND = 25;

    private final KmsKeys keys;
    private final Materials materials;
    private final KeyUse use;
    private final InstantSource clock;

    Rotations(KmsKeys keys, Materials materials, KeyUse use, InstantSource clock) {
        this.keys = keys;
        this.materials = materials;
        this.use = use;
        this.clock = clock;
    }

    static KmsKey.Rotation every(int days, Instant from) {
        return new KmsKey.Rotation(days, from.plus(Duration.ofDays(days)).toEpochMilli());
    }

    void enable(EnableKeyRotationRequest request) {
        KmsKey key = automatic(request.keyId(), "EnableKeyRotation");
        int days = Optional.ofNullable(request.rotationPeriodInDays()).orElse(DEFAULT_DAYS);
        keys.update(key, present -> present.rotating(every(days, clock.instant())));
    }

    void disable(DisableKeyRotationRequest request) {
        KmsKey key = automatic(request.keyId(), "DisableKeyRotation");
        keys.update(key, present -> present.rotating(KmsKey.Rotation.NONE));
    }

    private KmsKey automatic(String name, String operation) {
        KmsKey key = symmetric(use.owned(keys.identified(name), operation));
        if (key.origin() != OriginType.AWS_KMS) {
            throw unsupportedOrigin(key);
        }
        return use.usable(leading(key));
    }

    private static KmsKey symmetric(KmsKey key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KeyUse.unsupported(
                    key.arn() + " key spec is " + key.spec() + " which is not valid for this operation.");
        }
        return key;
    }

    private static UnsupportedOperationException unsupportedOrigin(KmsKey key) {
        return KeyUse.unsupported(key.arn() + " origin is " + key.origin() + " which is not valid for this operation.");
    }

    /** Replicas rotate with their primary key. */
    private static KmsKey leading(KmsKey key) {
        if (!key.leads()) {
            throw KeyUse.unsupported(key.arn() + " is a multi-Region replica key, which rotates with its primary key.");
        }
        return key;
    }

    GetKeyRotationStatusResponse status(String name) {
        KmsKey key = keys.identified(name);
        boolean rotates =
                key.spec() == KeySpec.SYMMETRIC_DEFAULT && key.rotation().periodInDays() > 0;
        GetKeyRotationStatusResponse.Builder status =
                GetKeyRotationStatusResponse.builder().keyId(key.arn()).keyRotationEnabled(rotates);
        if (rotates) {
            status.rotationPeriodInDays(key.rotation().periodInDays())
                    .nextRotationDate(Instant.ofEpochMilli(key.rotation().nextAt()));
        }
        return status.build();
    }

    RotateKeyOnDemandResponse onDemand(String name) {
        KmsKey key = use.usable(leading(symmetric(use.owned(keys.identified(name), "RotateKeyOnDemand"))));
        if (!key.keyStoreId().isEmpty()) {
            throw unsupportedOrigin(key);
        }
        rotate(key, RotationType.ON_DEMAND, present -> {
            long before = present.materials().stream()
                    .filter(material -> material.rotationType().equals(RotationType.ON_DEMAND.toString()))
                    .count();
            if (before >= MOST_ON_DEMAND) {
                throw LimitExceededException.builder()
                        .message("The key " + present.arn() + " was rotated on demand " + MOST_ON_DEMAND
                                + " times, which is the most that is allowed.")
                        .build();
            }
            return use.usable(present);
        });
        return RotateKeyOnDemandResponse.builder().keyId(key.arn()).build();
    }

    /** Rotates a key whose time has come. */
    void rotateIfDue(KmsKey key) {
        if (isDue(key)) {
            rotate(key, RotationType.AUTOMATIC, present -> present);
        }
    }

    private boolean isDue(KmsKey key) {
        return key.rotation().periodInDays() > 0
                && key.rotation().nextAt() <= clock.millis()
                && !key.awaitsDeletion()
                && key.leads()
                && key.enabled();
    }

    private void rotate(KmsKey key, RotationType type, UnaryOperator<KmsKey> check) {
        Optional<KmsKey.Material> generated = key.origin() == OriginType.AWS_KMS
                ? Optional.of(materials.made(key.id(), KeySpecs.generate(key.spec())))
                : Optional.empty();
        keys.update(key, found -> {
            if (type == RotationType.AUTOMATIC && !isDue(found)) {
                return found; // Another server was faster.
            }
            KmsKey present = check.apply(found);
            KmsKey.Material next = generated
                    .or(() -> present.materials().stream()
                            .filter(material -> material.state() == KeyMaterialState.PENDING_ROTATION)
                            .findFirst())
                    .orElseThrow(() ->
                            KeyUse.invalidState(present.arn() + " has no key material that is pending rotation."));
            List<KmsKey.Material> generations = new ArrayList<>();
            for (KmsKey.Material material : present.materials()) {
                if (!material.id().equals(next.id())) {
                    generations.add(material.in(KeyMaterialState.NON_CURRENT));
                }
            }
            Instant now = clock.instant();
            generations.add(next.rotated(now.toEpochMilli(), type));
            KmsKey rotated = present.of(generations);
            return type == RotationType.AUTOMATIC
                    ? rotated.rotating(every(present.rotation().periodInDays(), now))
                    : rotated;
        });
    }

    /** The rotations of a key, newest first; with its other materials where they are asked for. */
    ListKeyRotationsResponse list(ListKeyRotationsRequest request) {
        KmsKey key = symmetric(use.ofAccount(keys.identified(request.keyId()), "ListKeyRotations"));
        boolean all = request.includeKeyMaterial() == IncludeKeyMaterial.ALL_KEY_MATERIAL;
        Instant now = clock.instant();
        List<RotationsListEntry> entries = new ArrayList<>();
        for (KmsKey.Material material : key.materials().reversed()) {
            if (all || material.rotatedAt() > 0) {
                entries.add(entry(key, material, now));
            }
        }
        Pages.Slice<RotationsListEntry> slice = Pages.of(entries, request.limit(), request.marker());
        return ListKeyRotationsResponse.builder()
                .rotations(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    private static RotationsListEntry entry(KmsKey key, KmsKey.Material material, Instant now) {
        RotationsListEntry.Builder entry = RotationsListEntry.builder()
                .keyId(key.id())
                .keyMaterialId(material.id())
                .keyMaterialState(material.state());
        if (material.rotatedAt() > 0) {
            entry.rotationDate(Instant.ofEpochMilli(material.rotatedAt())).rotationType(material.rotationType());
        }
        if (key.origin() == OriginType.EXTERNAL) {
            entry.importState(material.isPresent(now) ? ImportState.IMPORTED : ImportState.PENDING_IMPORT)
                    .expirationModel(
                            material.validTo() > 0
                                    ? ExpirationModelType.KEY_MATERIAL_EXPIRES
                                    : ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
            if (!material.description().isEmpty()) {
                entry.keyMaterialDescription(material.description());
            }
            if (material.validTo() > 0) {
                entry.validTo(Instant.ofEpochMilli(material.validTo()));
            }
        }
        return entry.build();
    }
}
