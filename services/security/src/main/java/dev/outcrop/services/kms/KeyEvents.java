package dev.outcrop.services.kms;

import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.storage.RecordTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What happens to keys without anybody's call, told to the event bus of the key's account in the transaction in which it
 * happens.
 *
 * <p>Source: "Monitor KMS keys with Amazon EventBridge" of the AWS KMS developer guide.
 */
final class KeyEvents {
    private static final String SOURCE = "aws.kms";

    private final ServiceEvents events;
    private final InstantSource clock;

    KeyEvents(ServiceEvents events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Tells of a rotation, or of material that has expired, if that is what a change was. */
    void changed(RecordTransaction transaction, KmsKey before, KmsKey after) {
        Optional<KmsKey.Material> previous = last(before);
        Optional<KmsKey.Material> current = last(after);
        if (previous.isPresent()
                && current.isPresent()
                && current.get().rotatedAt() > previous.get().rotatedAt()) {
            tell(transaction, after, "KMS CMK Rotation", () -> """
                    {"key-id":"%s","key-origin":"%s","rotation-type":"%s","previous-key-material-id":"%s",\
                    "current-key-material-id":"%s"}""".formatted(
                            after.id(),
                            after.origin(),
                            current.get().rotationType(),
                            previous.get().id(),
                            current.get().id()));
        }
        for (KmsKey.Material material : before.materials()) {
            if (hasExpired(material) && isForgotten(after, material.id())) {
                tell(transaction, after, "KMS Imported Key Material Expiration", () -> keyId(after));
            }
        }
    }

    private static Optional<KmsKey.Material> last(KmsKey key) {
        return key.materials().isEmpty()
                ? Optional.empty()
                : Optional.of(key.materials().getLast());
    }

    private boolean hasExpired(KmsKey.Material material) {
        return material.encrypted().length > 0
                && material.validTo() > 0
                && !Instant.ofEpochMilli(material.validTo()).isAfter(clock.instant());
    }

    private static boolean isForgotten(KmsKey key, String materialId) {
        return key.materials().stream()
                .anyMatch(material -> material.id().equals(materialId) && material.encrypted().length == 0);
    }

    /** Tells that a key is gone. */
    void deleted(RecordTransaction transaction, KmsKey key) {
        tell(transaction, key, "KMS CMK Deletion", () -> keyId(key));
    }

    private static String keyId(KmsKey key) {
        return "{\"key-id\":\"" + key.id() + "\"}";
    }

    private void tell(RecordTransaction transaction, KmsKey key, String what, Supplier<String> detail) {
        ServiceEvents.Origin origin = new ServiceEvents.Origin(key.account(), key.region(), SOURCE);
        events.publish(transaction, origin, what, List.of(key.arn()), detail);
    }
}
