package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.CancelRotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CancelRotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationRequest;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsResponse;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.StopReplicationToReplicaRequest;
import software.amazon.awssdk.services.secretsmanager.model.StopReplicationToReplicaResponse;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyResponse;

/** AWS Secrets Manager: secrets with versions, encrypted under KMS keys. */
public final class SecretsManagerService implements SecretsManagerClient, ProtectedResources {
    private final RandomPasswords passwords = new RandomPasswords();
    private final SecretLifecycle lifecycle;
    private final SecretVersions versions;
    private final SecretLists lists;
    private final SecretPolicies policies;
    private final SecretRotation rotation;
    private final Replication replication;
    private final SecretTags tags;
    private final SecretAccess access;

    /**
     * The service over what is stored.
     *
     * @param masterKey hides what page tokens say
     * @param allTags   where the tags of all resources are
     * @param clients   reach KMS, and Lambda for rotation
     * @param jobs      run rotations
     */
    public SecretsManagerService(
            Records records,
            Secrets masterKey,
            Tags allTags,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        StoredSecrets secrets = new StoredSecrets(records, clock);
        SecretValues values = new SecretValues(() -> clients.get().of(KmsClient.class));
        replication = new Replication(secrets, values, allTags, clock);
        versions = new SecretVersions(secrets, values, replication, ids, clock);
        RotationEvents events = new RotationEvents(new ServiceEvents(records, clock), ids, clock);
        rotation = new SecretRotation(secrets, replication, events, clients, jobs, ids, clock);
        tags = new SecretTags(secrets, replication, allTags);
        lists = new SecretLists(records, secrets, versions, tags, new PageTokens(masterKey));
        policies = new SecretPolicies(secrets, replication);
        lifecycle = new SecretLifecycle(records, secrets, values, versions, replication, rotation, allTags, ids, clock);
        access = new SecretAccess(secrets, tags);
    }

    /** Its long work, by kind. */
    public Map<String, Work> work() {
        return Map.of(SecretRotation.KIND, rotation);
    }

    /** Removes secrets whose recovery window is over, begins rotations that are due, and brings copies up to date. */
    public Chore chore() {
        return lifecycle.chore();
    }

    /** Tells CloudWatch how many secrets there are. */
    public Chore metrics(ServiceMetrics metrics) {
        return lifecycle.metrics(metrics);
    }

    @Override
    public BatchGetSecretValueResponse batchGetSecretValue(BatchGetSecretValueRequest request) {
        return lists.batch(request);
    }

    @Override
    public CancelRotateSecretResponse cancelRotateSecret(CancelRotateSecretRequest request) {
        return rotation.cancel(request);
    }

    @Override
    public CreateSecretResponse createSecret(CreateSecretRequest request) {
        return lifecycle.create(request);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        return policies.delete(request);
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
        return lifecycle.delete(request);
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
        return lists.describe(request);
    }

    @Override
    public GetRandomPasswordResponse getRandomPassword(GetRandomPasswordRequest request) {
        return GetRandomPasswordResponse.builder()
                .randomPassword(passwords.password(request))
                .build();
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        return versions.get(request);
    }

    @Override
    public ListSecretVersionIdsResponse listSecretVersionIds(ListSecretVersionIdsRequest request) {
        return lists.versions(request);
    }

    @Override
    public ListSecretsResponse listSecrets(ListSecretsRequest request) {
        return lists.list(request);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
        return versions.put(request);
    }

    @Override
    public RemoveRegionsFromReplicationResponse removeRegionsFromReplication(
            RemoveRegionsFromReplicationRequest request) {
        return replication.remove(request);
    }

    @Override
    public ReplicateSecretToRegionsResponse replicateSecretToRegions(ReplicateSecretToRegionsRequest request) {
        return replication.replicate(request);
    }

    @Override
    public RestoreSecretResponse restoreSecret(RestoreSecretRequest request) {
        return lifecycle.restore(request);
    }

    @Override
    public RotateSecretResponse rotateSecret(RotateSecretRequest request) {
        return rotation.rotate(request);
    }

    @Override
    public StopReplicationToReplicaResponse stopReplicationToReplica(StopReplicationToReplicaRequest request) {
        return replication.stop(request);
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
    public UpdateSecretResponse updateSecret(UpdateSecretRequest request) {
        return lifecycle.update(request);
    }

    @Override
    public UpdateSecretVersionStageResponse updateSecretVersionStage(UpdateSecretVersionStageRequest request) {
        return versions.move(request);
    }

    @Override
    public ValidateResourcePolicyResponse validateResourcePolicy(ValidateResourcePolicyRequest request) {
        return policies.validate(request);
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
    public Optional<List<String>> condition(String key, String arn) {
        return access.condition(key, arn);
    }

    @Override
    public Optional<String> policy(String arn) {
        return access.policy(arn);
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
