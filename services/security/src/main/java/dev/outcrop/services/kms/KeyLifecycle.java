package dev.outcrop.services.kms;

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
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.ListKeysRequest;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;

/**
 * Keys from the day that they are made to the day that they are gone.
 *
 * <p>Source: "Key states of AWS KMS keys" and "Deleting AWS KMS keys" of the AWS KMS developer guide.
 */
final class KeyLifecycle {
    private static final Duration CHORE_INTERVAL = Duration.ofMinutes(10);
    private static final int USUAL_PAGE = 100;

    private final Records records;
    private final KmsKeys keys;
    private final KeyUse use;
    private final Pages pages;
    private final Tags tags;
    private final Rotations rotations;
    private final Imports imports;
    private final CustomKeyStores stores;
    private final InstantSource clock;

    KeyLifecycle(
            Records records,
            KmsKeys keys,
            KeyUse use,
            Pages pages,
            Tags tags,
            Rotations rotations,
            Imports imports,
            CustomKeyStores stores,
            InstantSource clock) {
        this.records = records;
        this.keys = keys;
        this.use = use;
        this.pages = pages;
        this.tags = tags;
        this.rotations = rotations;
        this.imports = imports;
        this.stores = stores;
        this.clock = clock;
    }

    CreateKeyResponse create(CreateKeyRequest request) {
        KeySpec spec = KeyRequests.spec(request);
        KeyUsageType usage = KeyRequests.usage(request, spec);
        KeyRequests.checkOrigin(request, spec);
        KeyRequests.checkTags(request.tags());
        String policy = Optional.ofNullable(request.policy())
                .map(given -> KeyPolicies.checked(given, request.bypassPolicyLockoutSafetyCheck()))
                .orElseGet(KeyPolicies::byDefault);
        KmsKey key = keys.create(request, spec, usage, policy, made -> {
            if (!made.keyStoreId().isEmpty()) {
                stores.createKey(made);
            }
            if (!request.tags().isEmpty()) {
                tags.add(made.arn(), KeyRequests.byKey(request.tags()));
            }
        });
        return CreateKeyResponse.builder().keyMetadata(metadata(key)).build();
    }

    private KeyMetadata metadata(KmsKey key) {
        KeyMetadata metadata = key.metadata(clock.instant());
        if (key.keyStoreId().isEmpty()) {
            return metadata;
        }
        boolean lost = metadata.keyState() == KeyState.ENABLED && !stores.isAvailable(key);
        return metadata.toBuilder()
                .cloudHsmClusterId(stores.cluster(key).orElse(null))
                .keyState(lost ? KeyState.UNAVAILABLE : metadata.keyState())
                .enabled(metadata.enabled() && !lost)
                .build();
    }

    DescribeKeyResponse describe(DescribeKeyRequest request) {
        return DescribeKeyResponse.builder()
                .keyMetadata(metadata(keys.named(request.keyId())))
                .build();
    }

    ListKeysResponse list(ListKeysRequest request) {
        Pages.Slice<KeyListEntry> slice = pages.of(
                Pages.Source.own(KmsKeys.KEY),
                record -> KeyListEntry.builder()
                        .keyId(record.key().id())
                        .keyArn(Ids.arn("kms", "key/" + record.key().id()))
                        .build(),
                key -> true,
                request.limit(),
                USUAL_PAGE,
                request.marker());
        return ListKeysResponse.builder()
                .keys(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    void describe(UpdateKeyDescriptionRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "UpdateKeyDescription");
        keys.update(key, present -> use.kept(present).described(request.description()));
    }

    /** Enables or disables a key. */
    void enable(String name, boolean enabled, String operation) {
        KmsKey key = use.owned(keys.identified(name), operation);
        keys.update(key, present -> {
            if (present.state(clock.instant()) == KeyState.PENDING_IMPORT) {
                throw KeyUse.invalidState(key.arn() + " is pending import.");
            }
            return use.kept(present).enabled(enabled);
        });
    }

    /** Of a primary key with replicas the waiting period begins when the last of those is gone. */
    ScheduleKeyDeletionResponse scheduleDeletion(ScheduleKeyDeletionRequest request) {
        KmsKey key = use.owned(keys.identified(request.keyId()), "ScheduleKeyDeletion");
        int days = KeyRequests.pendingWindow(request.pendingWindowInDays());
        long at = clock.instant().plus(Duration.ofDays(days)).toEpochMilli();
        KmsKey scheduled = keys.update(key, present -> {
            boolean waits =
                    present.leads() && !present.related().replicaRegions().isEmpty();
            return use.kept(present).deletedAt(waits ? 0 : at, days);
        });
        return ScheduleKeyDeletionResponse.builder()
                .keyId(key.arn())
                .deletionDate(scheduled.deletionAt() > 0 ? Instant.ofEpochMilli(at) : null)
                .keyState(scheduled.state(clock.instant()))
                .pendingWindowInDays(days)
                .build();
    }

    CancelKeyDeletionResponse cancelDeletion(CancelKeyDeletionRequest request) {
        KmsKey key = use.owned(keys.identified(request.keyId()), "CancelKeyDeletion");
        keys.update(key, present -> {
            if (!present.awaitsDeletion()) {
                throw KeyUse.invalidState(key.arn() + " is not pending deletion.");
            }
            return present.deletedAt(0, 0);
        });
        return CancelKeyDeletionResponse.builder().keyId(key.arn()).build();
    }

    /** Rotates, deletes and forgets what is due. */
    Chore chore() {
        return new Chore("kms", CHORE_INTERVAL, this::doWhatIsDue);
    }

    /** Tells CloudWatch when imported material expires. */
    Chore metrics(ServiceMetrics metrics) {
        return new KeyMetrics(records, metrics, clock).chore();
    }

    /** Goes through all keys once. */
    void doWhatIsDue(BooleanSupplier ending) {
        records.all(KmsKeys.KEY, Optional.empty())
                .takeWhile(_ -> !ending.getAsBoolean())
                .map(KmsKeys::read)
                .forEach(key -> CallContext.builder()
                        .account(key.account())
                        .region(key.region())
                        .principal(Principal.service("kms.amazonaws.com", key.account()))
                        .requestId(UUID.randomUUID().toString())
                        .build()
                        .run(() -> doWhatIsDue(key)));
    }

    private void doWhatIsDue(KmsKey key) {
        if (key.awaitsDeletion()) {
            if (keys.deleteIfDue(key)) {
                tags.removeAll(key.arn());
                stores.connection(key).ifPresent(module -> module.delete(key.label()));
            }
        } else {
            rotations.rotateIfDue(key);
            imports.forgetExpired(key);
        }
    }
}
