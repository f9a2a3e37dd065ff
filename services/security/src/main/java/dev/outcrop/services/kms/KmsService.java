package dev.outcrop.services.kms;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.ConnectCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.ConnectCustomKeyStoreResponse;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.CreateAliasResponse;
import software.amazon.awssdk.services.kms.model.CreateCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.CreateCustomKeyStoreResponse;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DeleteAliasRequest;
import software.amazon.awssdk.services.kms.model.DeleteAliasResponse;
import software.amazon.awssdk.services.kms.model.DeleteCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.DeleteCustomKeyStoreResponse;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.DescribeCustomKeyStoresRequest;
import software.amazon.awssdk.services.kms.model.DescribeCustomKeyStoresResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.DisableKeyRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyResponse;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.DisconnectCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.DisconnectCustomKeyStoreResponse;
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
import software.amazon.awssdk.services.kms.model.PutKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;
import software.amazon.awssdk.services.kms.model.ReplicateKeyRequest;
import software.amazon.awssdk.services.kms.model.ReplicateKeyResponse;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;
import software.amazon.awssdk.services.kms.model.RetireGrantResponse;
import software.amazon.awssdk.services.kms.model.RevokeGrantRequest;
import software.amazon.awssdk.services.kms.model.RevokeGrantResponse;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandRequest;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandResponse;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.TagResourceRequest;
import software.amazon.awssdk.services.kms.model.TagResourceResponse;
import software.amazon.awssdk.services.kms.model.UntagResourceRequest;
import software.amazon.awssdk.services.kms.model.UntagResourceResponse;
import software.amazon.awssdk.services.kms.model.UpdateAliasRequest;
import software.amazon.awssdk.services.kms.model.UpdateAliasResponse;
import software.amazon.awssdk.services.kms.model.UpdateCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.UpdateCustomKeyStoreResponse;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionResponse;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionRequest;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionResponse;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacResponse;
import software.amazon.awssdk.services.kms.model.VerifyRequest;
import software.amazon.awssdk.services.kms.model.VerifyResponse;

/** AWS Key Management Service: keys that never leave it, and what is done with them. */
public final class KmsService implements KmsClient, ProtectedResources {
    private final KeyLifecycle lifecycle;
    private final Aliases aliases;
    private final Grants grants;
    private final Encryption encryption;
    private final Signing signing;
    private final KeyPolicies policies;
    private final Rotations rotations;
    private final Imports imports;
    private final MultiRegionKeys multiRegion;
    private final KeyTags tags;
    private final KeyAccess access;
    private final CustomKeyStores stores;
    private final HsmClusters clusters;

    /**
     * The service over what is stored.
     *
     * @param secrets the master key, under which all material is kept
     * @param allTags where the tags of all resources are
     */
    public KmsService(Records records, Secrets secrets, Tags allTags, Ids ids, InstantSource clock) {
        this(records, secrets, allTags, ids, clock, Map.of());
    }

    /**
     * The same, with custom key stores.
     *
     * @param modules the PKCS #11 modules that stand for clusters of AWS CloudHSM, by the clusters' ids
     */
    public KmsService(
            Records records,
            Secrets secrets,
            Tags allTags,
            Ids ids,
            InstantSource clock,
            Map<String, Pkcs11Token.Module> modules) {
        clusters = new HsmClusters(modules);
        stores = new CustomKeyStores(records, secrets, clusters, ids, clock);
        KeyUse use = new KeyUse(clock);
        Pages pages = new Pages(records, new PageTokens(secrets));
        Materials materials = new Materials(secrets, ids);
        KmsKeys keys = new KmsKeys(records, materials, ids, clock);
        aliases = new Aliases(records, keys, use, pages, clock);
        grants = new Grants(records, secrets, keys, use, pages, ids, clock);
        encryption = new Encryption(keys, materials, use, stores);
        signing = new Signing(keys, materials, use);
        policies = new KeyPolicies(keys, use);
        rotations = new Rotations(keys, materials, use, clock);
        imports = new Imports(keys, materials, use, clock);
        multiRegion = new MultiRegionKeys(keys, use, allTags, clock);
        tags = new KeyTags(keys, use, allTags);
        lifecycle = new KeyLifecycle(records, keys, use, pages, allTags, rotations, imports, stores, clock);
        access = new KeyAccess(keys, grants, pages, allTags);
    }

    /** Rotates, deletes and forgets what is due. */
    public Chore chore() {
        return lifecycle.chore();
    }

    /** Tells CloudWatch when imported material expires. */
    public Chore metrics(ServiceMetrics metrics) {
        return lifecycle.metrics(metrics);
    }

    @Override
    public CancelKeyDeletionResponse cancelKeyDeletion(CancelKeyDeletionRequest request) {
        return lifecycle.cancelDeletion(request);
    }

    @Override
    public ConnectCustomKeyStoreResponse connectCustomKeyStore(ConnectCustomKeyStoreRequest request) {
        stores.connect(request);
        return ConnectCustomKeyStoreResponse.builder().build();
    }

    @Override
    public CreateAliasResponse createAlias(CreateAliasRequest request) {
        aliases.create(request);
        return CreateAliasResponse.builder().build();
    }

    @Override
    public CreateCustomKeyStoreResponse createCustomKeyStore(CreateCustomKeyStoreRequest request) {
        return stores.create(request);
    }

    @Override
    public CreateGrantResponse createGrant(CreateGrantRequest request) {
        return grants.create(request);
    }

    @Override
    public CreateKeyResponse createKey(CreateKeyRequest request) {
        return lifecycle.create(request);
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
    public DeleteCustomKeyStoreResponse deleteCustomKeyStore(DeleteCustomKeyStoreRequest request) {
        stores.delete(request);
        return DeleteCustomKeyStoreResponse.builder().build();
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
    public DescribeCustomKeyStoresResponse describeCustomKeyStores(DescribeCustomKeyStoresRequest request) {
        return stores.describe(request);
    }

    @Override
    public DescribeKeyResponse describeKey(DescribeKeyRequest request) {
        return lifecycle.describe(request);
    }

    @Override
    public DisableKeyResponse disableKey(DisableKeyRequest request) {
        lifecycle.enable(request.keyId(), false, "DisableKey");
        return DisableKeyResponse.builder().build();
    }

    @Override
    public DisableKeyRotationResponse disableKeyRotation(DisableKeyRotationRequest request) {
        rotations.disable(request);
        return DisableKeyRotationResponse.builder().build();
    }

    @Override
    public DisconnectCustomKeyStoreResponse disconnectCustomKeyStore(DisconnectCustomKeyStoreRequest request) {
        stores.disconnect(request);
        return DisconnectCustomKeyStoreResponse.builder().build();
    }

    @Override
    public EnableKeyResponse enableKey(EnableKeyRequest request) {
        lifecycle.enable(request.keyId(), true, "EnableKey");
        return EnableKeyResponse.builder().build();
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
        return encryption.random(request);
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
        return aliases.list(request);
    }

    @Override
    public ListGrantsResponse listGrants(ListGrantsRequest request) {
        return grants.list(request);
    }

    @Override
    public ListKeyPoliciesResponse listKeyPolicies(ListKeyPoliciesRequest request) {
        return policies.list(request);
    }

    @Override
    public ListKeyRotationsResponse listKeyRotations(ListKeyRotationsRequest request) {
        return rotations.list(request);
    }

    @Override
    public ListKeysResponse listKeys(ListKeysRequest request) {
        return lifecycle.list(request);
    }

    @Override
    public ListResourceTagsResponse listResourceTags(ListResourceTagsRequest request) {
        return tags.list(request);
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
    public ReplicateKeyResponse replicateKey(ReplicateKeyRequest request) {
        return multiRegion.replicate(request);
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
        return lifecycle.scheduleDeletion(request);
    }

    @Override
    public SignResponse sign(SignRequest request) {
        return signing.sign(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(request);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(request);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateAliasResponse updateAlias(UpdateAliasRequest request) {
        aliases.update(request);
        return UpdateAliasResponse.builder().build();
    }

    @Override
    public UpdateCustomKeyStoreResponse updateCustomKeyStore(UpdateCustomKeyStoreRequest request) {
        stores.update(request);
        return UpdateCustomKeyStoreResponse.builder().build();
    }

    @Override
    public UpdateKeyDescriptionResponse updateKeyDescription(UpdateKeyDescriptionRequest request) {
        lifecycle.describe(request);
        return UpdateKeyDescriptionResponse.builder().build();
    }

    @Override
    public UpdatePrimaryRegionResponse updatePrimaryRegion(UpdatePrimaryRegionRequest request) {
        multiRegion.updatePrimary(request);
        return UpdatePrimaryRegionResponse.builder().build();
    }

    @Override
    public VerifyResponse verify(VerifyRequest request) {
        return signing.verify(request);
    }

    @Override
    public VerifyMacResponse verifyMac(VerifyMacRequest request) {
        return signing.verifyMac(request);
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return access.resources(operation, request, named);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return access.tags(arn);
    }

    @Override
    public Optional<List<String>> condition(String key, Access asked, SdkRequest request) {
        return access.condition(key, asked, request);
    }

    @Override
    public Optional<String> policy(String arn) {
        return access.policy(arn);
    }

    @Override
    public boolean grants(Principal principal, Access asked, SdkRequest request) {
        return access.grants(principal, asked, request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        clusters.close();
    }
}
