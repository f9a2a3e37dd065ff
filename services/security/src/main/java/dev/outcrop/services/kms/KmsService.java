package dev.outcrop.services.kms;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.CreateAliasResponse;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreNotFoundException;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DeleteAliasRequest;
import software.amazon.awssdk.services.kms.model.DeleteAliasResponse;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.DisableKeyRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyResponse;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.EnableKeyRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyResponse;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateMacRequest;
import software.amazon.awssdk.services.kms.model.GenerateMacResponse;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusRequest;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.GetParametersForImportRequest;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.GetPublicKeyRequest;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListAliasesRequest;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.ListGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListGrantsResponse;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesRequest;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesResponse;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsRequest;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsResponse;
import software.amazon.awssdk.services.kms.model.ListKeysRequest;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.ListResourceTagsRequest;
import software.amazon.awssdk.services.kms.model.ListResourceTagsResponse;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsResponse;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;
import software.amazon.awssdk.services.kms.model.RetireGrantResponse;
import software.amazon.awssdk.services.kms.model.RevokeGrantRequest;
import software.amazon.awssdk.services.kms.model.RevokeGrantResponse;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandRequest;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandResponse;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagResourceRequest;
import software.amazon.awssdk.services.kms.model.TagResourceResponse;
import software.amazon.awssdk.services.kms.model.UntagResourceRequest;
import software.amazon.awssdk.services.kms.model.UntagResourceResponse;
import software.amazon.awssdk.services.kms.model.UpdateAliasRequest;
import software.amazon.awssdk.services.kms.model.UpdateAliasResponse;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionResponse;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacResponse;
import software.amazon.awssdk.services.kms.model.VerifyRequest;
import software.amazon.awssdk.services.kms.model.VerifyResponse;

/** AWS Key Management Service: keys that never leave it, and what is done with them. */
public final class KmsService implements KmsClient, ProtectedResources {
    private static final Duration CHORE_INTERVAL = Duration.ofMinutes(10);
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_TAGS = 50;

    private final Records records;
    private final KmsKeys keys;
    private final KeyUse use;
    private final Pages pages;
    private final Aliases aliases;
    private final Grants grants;
    private final Encryption encryption;
    private final Signing signing;
    private final KeyPolicies policies;
    private final Rotations rotations;
    private final Imports imports;
    private final Tags tags;
    private final InstantSource clock;

    /**
     * The service over what is stored.
     *
     * @param secrets the master key, under which all material is kept
     * @param tags    where the tags of all resources are
     */
    public KmsService(Records records, Secrets secrets, Tags tags, Ids ids, InstantSource clock) {
        this.records = records;
        this.clock = clock;
        this.tags = tags;
        use = new KeyUse(clock);
        pages = new Pages(records, new PageTokens(secrets));
        keys = new KmsKeys(records, secrets, ids, clock);
        aliases = new Aliases(records, keys, use, clock);
        grants = new Grants(records, secrets, keys, use, pages, ids, clock);
        encryption = new Encryption(keys, use);
        signing = new Signing(keys, use);
        policies = new KeyPolicies(keys, use);
        rotations = new Rotations(keys, use, clock);
        imports = new Imports(keys, use, clock);
    }

    /** Rotates, deletes and forgets what is due. */
    public Chore chore() {
        return new Chore("kms", CHORE_INTERVAL, this::doWhatIsDue);
    }

    /** Goes through all keys once. */
    void doWhatIsDue(BooleanSupplier ending) {
        Optional<RecordQuery.Cursor> place = Optional.empty();
        List<StoredRecord> batch;
        do {
            batch = records.list(new RecordQuery(
                    KmsKeys.KEY,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    place,
                    1000));
            for (StoredRecord record : batch) {
                if (ending.getAsBoolean()) {
                    return;
                }
                KmsKey key = KmsKeys.read(record);
                CallContext.builder()
                        .account(key.account())
                        .region(key.region())
                        .principal(Principal.service("kms.amazonaws.com", key.account()))
                        .requestId(UUID.randomUUID().toString())
                        .build()
                        .run(() -> doWhatIsDue(key));
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
        } while (batch.size() == 1000);
    }

    private void doWhatIsDue(KmsKey key) {
        if (key.deletionAt() > 0) {
            if (keys.deleteIfDue(key)) {
                tags.removeAll(key.arn());
            }
        } else {
            rotations.rotateIfDue(key);
            imports.forgetExpired(key);
        }
    }

    @Override
    public CancelKeyDeletionResponse cancelKeyDeletion(CancelKeyDeletionRequest request) {
        KmsKey key = use.owned(keys.identified(request.keyId()), "CancelKeyDeletion");
        keys.update(key, present -> {
            if (present.deletionAt() == 0) {
                throw KeyUse.invalidState(key.arn() + " is not pending deletion.");
            }
            return present.deletedAt(0, 0);
        });
        return CancelKeyDeletionResponse.builder().keyId(key.arn()).build();
    }

    @Override
    public CreateAliasResponse createAlias(CreateAliasRequest request) {
        aliases.create(request);
        return CreateAliasResponse.builder().build();
    }

    @Override
    public CreateGrantResponse createGrant(CreateGrantRequest request) {
        return grants.create(request);
    }

    @Override
    public CreateKeyResponse createKey(CreateKeyRequest request) {
        KeySpec spec = KeyRequests.spec(request);
        KeyUsageType usage = KeyRequests.usage(request, spec);
        KeyRequests.checkOrigin(request, spec);
        KeyRequests.checkTags(request.tags());
        String policy = Optional.ofNullable(request.policy())
                .map(given -> KeyPolicies.checked(given, request.bypassPolicyLockoutSafetyCheck()))
                .orElseGet(KeyPolicies::byDefault);
        KmsKey key = keys.create(request, spec, usage, policy, made -> {
            if (!request.tags().isEmpty()) {
                tags.add(made.arn(), KeyRequests.byKey(request.tags()));
            }
        });
        return CreateKeyResponse.builder()
                .keyMetadata(key.metadata(clock.instant()))
                .build();
    }

    @Override
    public DecryptResponse decrypt(DecryptRequest request) {
        return encryption.decrypt(request);
    }

    @Override
    public DeleteAliasResponse deleteAlias(DeleteAliasRequest request) {
        aliases.delete(request.aliasName());
        return DeleteAliasResponse.builder().build();
    }

    @Override
    public DeleteImportedKeyMaterialResponse deleteImportedKeyMaterial(DeleteImportedKeyMaterialRequest request) {
        return imports.deleteMaterial(request);
    }

    @Override
    public DeriveSharedSecretResponse deriveSharedSecret(DeriveSharedSecretRequest request) {
        return signing.sharedSecret(request);
    }

    @Override
    public DescribeKeyResponse describeKey(DescribeKeyRequest request) {
        return DescribeKeyResponse.builder()
                .keyMetadata(keys.named(request.keyId()).metadata(clock.instant()))
                .build();
    }

    @Override
    public DisableKeyResponse disableKey(DisableKeyRequest request) {
        enable(request.keyId(), false, "DisableKey");
        return DisableKeyResponse.builder().build();
    }

    @Override
    public DisableKeyRotationResponse disableKeyRotation(DisableKeyRotationRequest request) {
        rotations.disable(request);
        return DisableKeyRotationResponse.builder().build();
    }

    @Override
    public EnableKeyResponse enableKey(EnableKeyRequest request) {
        enable(request.keyId(), true, "EnableKey");
        return EnableKeyResponse.builder().build();
    }

    private void enable(String name, boolean enabled, String operation) {
        KmsKey key = use.owned(keys.identified(name), operation);
        keys.update(key, present -> {
            if (present.state(clock.instant()) == KeyState.PENDING_IMPORT) {
                throw KeyUse.invalidState(key.arn() + " is pending import.");
            }
            return use.kept(present).enabled(enabled);
        });
    }

    @Override
    public EnableKeyRotationResponse enableKeyRotation(EnableKeyRotationRequest request) {
        rotations.enable(request);
        return EnableKeyRotationResponse.builder().build();
    }

    @Override
    public EncryptResponse encrypt(EncryptRequest request) {
        return encryption.encrypt(request);
    }

    @Override
    public GenerateDataKeyResponse generateDataKey(GenerateDataKeyRequest request) {
        return encryption.dataKey(request);
    }

    @Override
    public GenerateDataKeyPairResponse generateDataKeyPair(GenerateDataKeyPairRequest request) {
        return encryption.dataKeyPair(request);
    }

    @Override
    public GenerateDataKeyPairWithoutPlaintextResponse generateDataKeyPairWithoutPlaintext(
            GenerateDataKeyPairWithoutPlaintextRequest request) {
        return encryption.dataKeyPair(request);
    }

    @Override
    public GenerateDataKeyWithoutPlaintextResponse generateDataKeyWithoutPlaintext(
            GenerateDataKeyWithoutPlaintextRequest request) {
        return encryption.dataKey(request);
    }

    @Override
    public GenerateMacResponse generateMac(GenerateMacRequest request) {
        return signing.mac(request);
    }

    @Override
    public GenerateRandomResponse generateRandom(GenerateRandomRequest request) {
        KeyUse.checkRecipient(request.recipient(), "GenerateRandom");
        if (request.customKeyStoreId() != null) {
            throw CustomKeyStoreNotFoundException.builder()
                    .message("Custom key store " + request.customKeyStoreId() + " does not exist.")
                    .build();
        }
        if (request.numberOfBytes() == null) {
            throw AwsError.validation("NumberOfBytes is required.");
        }
        return GenerateRandomResponse.builder()
                .plaintext(SdkBytes.fromByteArray(KeySpecs.random(request.numberOfBytes())))
                .build();
    }

    @Override
    public GetKeyPolicyResponse getKeyPolicy(GetKeyPolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public GetKeyRotationStatusResponse getKeyRotationStatus(GetKeyRotationStatusRequest request) {
        return rotations.status(request.keyId());
    }

    @Override
    public GetParametersForImportResponse getParametersForImport(GetParametersForImportRequest request) {
        return imports.parameters(request);
    }

    @Override
    public GetPublicKeyResponse getPublicKey(GetPublicKeyRequest request) {
        return signing.publicKey(request.keyId());
    }

    @Override
    public ImportKeyMaterialResponse importKeyMaterial(ImportKeyMaterialRequest request) {
        return imports.importMaterial(request);
    }

    @Override
    public ListAliasesResponse listAliases(ListAliasesRequest request) {
        Optional<String> key = Optional.ofNullable(request.keyId())
                .map(name -> keys.identified(name).id());
        Pages.Slice<AliasListEntry> slice = pages.of(
                KmsKeys.ALIAS,
                key,
                record -> StoredShapes.read(record.body(), AliasListEntry::builder),
                alias -> true,
                request.limit(),
                50,
                request.marker());
        return ListAliasesResponse.builder()
                .aliases(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    @Override
    public ListGrantsResponse listGrants(ListGrantsRequest request) {
        return grants.list(request);
    }

    @Override
    public ListKeyPoliciesResponse listKeyPolicies(ListKeyPoliciesRequest request) {
        keys.identified(request.keyId());
        return ListKeyPoliciesResponse.builder()
                .policyNames(KeyPolicies.NAME)
                .truncated(false)
                .build();
    }

    @Override
    public ListKeyRotationsResponse listKeyRotations(ListKeyRotationsRequest request) {
        KmsKey key = keys.identified(request.keyId());
        Pages.Slice<RotationsListEntry> slice = Pages.of(
                rotations.of(key, request.includeKeyMaterial() == IncludeKeyMaterial.ALL_KEY_MATERIAL),
                request.limit(),
                request.marker());
        return ListKeyRotationsResponse.builder()
                .rotations(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    @Override
    public ListKeysResponse listKeys(ListKeysRequest request) {
        Pages.Slice<KeyListEntry> slice = pages.of(
                KmsKeys.KEY,
                Optional.empty(),
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

    @Override
    public ListResourceTagsResponse listResourceTags(ListResourceTagsRequest request) {
        KmsKey key = keys.identified(request.keyId());
        List<Tag> all = tags.of(key.arn()).entrySet().stream()
                .map(tag -> Tag.builder()
                        .tagKey(tag.getKey())
                        .tagValue(tag.getValue())
                        .build())
                .toList();
        Pages.Slice<Tag> slice =
                Pages.of(all, Optional.ofNullable(request.limit()).orElse(USUAL_TAGS), request.marker());
        return ListResourceTagsResponse.builder()
                .tags(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    @Override
    public ListRetirableGrantsResponse listRetirableGrants(ListRetirableGrantsRequest request) {
        return grants.listRetirable(request);
    }

    @Override
    public PutKeyPolicyResponse putKeyPolicy(PutKeyPolicyRequest request) {
        policies.put(request);
        return PutKeyPolicyResponse.builder().build();
    }

    @Override
    public ReEncryptResponse reEncrypt(ReEncryptRequest request) {
        return encryption.reEncrypt(request);
    }

    @Override
    public RetireGrantResponse retireGrant(RetireGrantRequest request) {
        grants.retire(request);
        return RetireGrantResponse.builder().build();
    }

    @Override
    public RevokeGrantResponse revokeGrant(RevokeGrantRequest request) {
        grants.revoke(request);
        return RevokeGrantResponse.builder().build();
    }

    @Override
    public RotateKeyOnDemandResponse rotateKeyOnDemand(RotateKeyOnDemandRequest request) {
        return rotations.onDemand(request.keyId());
    }

    @Override
    public ScheduleKeyDeletionResponse scheduleKeyDeletion(ScheduleKeyDeletionRequest request) {
        KmsKey key = use.owned(keys.identified(request.keyId()), "ScheduleKeyDeletion");
        int days = KeyRequests.pendingWindow(request.pendingWindowInDays());
        long at = clock.instant().plus(Duration.ofDays(days)).toEpochMilli();
        keys.update(key, present -> use.kept(present).deletedAt(at, days));
        return ScheduleKeyDeletionResponse.builder()
                .keyId(key.arn())
                .deletionDate(Instant.ofEpochMilli(at))
                .keyState(KeyState.PENDING_DELETION)
                .pendingWindowInDays(days)
                .build();
    }

    @Override
    public SignResponse sign(SignRequest request) {
        return signing.sign(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "TagResource");
        KeyRequests.checkTags(request.tags());
        Map<String, String> added = KeyRequests.byKey(request.tags());
        Set<String> names = new HashSet<>(tags.of(key.arn()).keySet());
        names.addAll(added.keySet());
        if (names.size() > Tags.MOST) {
            throw LimitExceededException.builder()
                    .message("A key may have " + Tags.MOST + " tags, but would have " + names.size() + ".")
                    .build();
        }
        tags.add(key.arn(), added);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "UntagResource");
        tags.remove(key.arn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateAliasResponse updateAlias(UpdateAliasRequest request) {
        aliases.update(request);
        return UpdateAliasResponse.builder().build();
    }

    @Override
    public UpdateKeyDescriptionResponse updateKeyDescription(UpdateKeyDescriptionRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "UpdateKeyDescription");
        keys.update(key, present -> use.kept(present).described(request.description()));
        return UpdateKeyDescriptionResponse.builder().build();
    }

    @Override
    public VerifyResponse verify(VerifyRequest request) {
        return signing.verify(request);
    }

    @Override
    public VerifyMacResponse verifyMac(VerifyMacRequest request) {
        return signing.verifyMac(request);
    }

    /** Keys instead of the aliases that name them, and the key of a ciphertext; aliases only where they are changed. */
    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        if (operation.endsWith("Alias")) {
            return named;
        }
        return named.stream().map(arn -> keyArn(request, arn)).toList();
    }

    private String keyArn(SdkRequest request, String arn) {
        int alias = arn.indexOf(":alias/");
        if (alias >= 0) {
            return keys.alias(arn.substring(alias + 1))
                    .map(entry -> Ids.arn("kms", "key/" + entry.targetKeyId()))
                    .orElse(arn);
        }
        Optional<SdkBytes> blob = switch (request) {
            case DecryptRequest decrypt -> Optional.ofNullable(decrypt.ciphertextBlob());
            case ReEncryptRequest reEncrypt -> Optional.ofNullable(reEncrypt.ciphertextBlob());
            default -> Optional.empty();
        };
        if (!arn.endsWith("/*") || blob.isEmpty()) {
            return arn;
        }
        return SymmetricCiphertext.read(blob.get().asByteArray())
                .map(ciphertext -> "arn:aws:kms:" + CallContext.current().region() + ":" + ciphertext.account()
                        + ":key/" + ciphertext.keyId())
                .orElse(arn);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.of(arn);
    }

    @Override
    public Optional<List<String>> condition(String key, String arn) {
        CallContext call = CallContext.current();
        return switch (key) {
            case "kms:calleraccount" -> Optional.of(List.of(call.principal().account()));
            case "kms:viaservice" -> call.callingService().map(KeyPolicies::via).map(List::of);
            case "kms:keyspec" -> of(arn).map(known -> List.of(known.spec().toString()));
            case "kms:keyusage" -> of(arn).map(known -> List.of(known.usage().toString()));
            case "kms:keyorigin" -> of(arn).map(known -> List.of(known.origin().toString()));
            case "kms:multiregion" -> of(arn).map(known -> List.of(Boolean.toString(known.multiRegion())));
            case "kms:multiregionkeytype" ->
                of(arn).filter(KmsKey::multiRegion).map(_ -> List.of(MultiRegionKeyType.PRIMARY.toString()));
            case "kms:resourcealiases" -> of(arn).map(this::aliasesOf).filter(names -> !names.isEmpty());
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<String> policy(String arn) {
        return of(arn).map(KmsKey::policy);
    }

    @Override
    public boolean grants(Principal principal, Access access, ConditionContext conditions) {
        return of(access.resource())
                .map(key -> grants.allow(key, principal, access.action(), conditions))
                .orElse(false);
    }

    private List<String> aliasesOf(KmsKey key) {
        return pages.of(
                        KmsKeys.ALIAS,
                        Optional.of(key.id()),
                        record -> record.key().id(),
                        alias -> true,
                        null,
                        USUAL_PAGE,
                        null)
                .items();
    }

    private Optional<KmsKey> of(String arn) {
        int id = arn.indexOf(":key/");
        return id < 0 ? Optional.empty() : keys.find(arn.substring(id + ":key/".length()));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
