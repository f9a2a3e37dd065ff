package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.policies.PolicyDocument;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
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
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationRequest;
import software.amazon.awssdk.services.secretsmanager.model.RemoveRegionsFromReplicationResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ReplicateSecretToRegionsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.SortOrderType;
import software.amazon.awssdk.services.secretsmanager.model.StatusType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
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
import software.amazon.awssdk.services.secretsmanager.model.ValidationErrorsEntry;

/** AWS Secrets Manager: secrets with versions, encrypted under KMS keys. */
public final class SecretsManagerService implements SecretsManagerClient, ProtectedResources {
    private static final Duration CHORE_INTERVAL = Duration.ofMinutes(5);
    private static final int SLICE = 1000;
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_BATCH = 20;

    private final Records records;
    private final StoredSecrets secrets;
    private final SecretValues values;
    private final SecretRotation rotation;
    private final RandomPasswords passwords = new RandomPasswords();
    private final PageTokens pageTokens;
    private final Tags tags;
    private final Ids ids;
    private final InstantSource clock;

    /**
     * The service over what is stored.
     *
     * @param masterKey hides what page tokens say
     * @param clients   reach KMS, and Lambda for rotation
     * @param jobs      run rotations
     */
    public SecretsManagerService(
            Records records,
            Secrets masterKey,
            Tags tags,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.tags = tags;
        this.ids = ids;
        this.clock = clock;
        pageTokens = new PageTokens(masterKey);
        secrets = new StoredSecrets(records, clock);
        values = new SecretValues(() -> clients.get().of(KmsClient.class));
        rotation = new SecretRotation(secrets, clients, jobs, ids, clock);
    }

    /** Its long work, by kind. */
    public Map<String, Work> work() {
        return Map.of(SecretRotation.KIND, rotation);
    }

    /** Removes secrets whose recovery window is over, and begins rotations that are due. */
    public Chore chore() {
        return new Chore("secretsmanager", CHORE_INTERVAL, this::doWhatIsDue);
    }

    /** Goes through all secrets once. */
    void doWhatIsDue(BooleanSupplier ending) {
        Optional<RecordQuery.Cursor> place = Optional.empty();
        List<StoredRecord> batch;
        do {
            batch = records.list(new RecordQuery(
                    StoredSecrets.SECRET,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    place,
                    SLICE));
            for (StoredRecord record : batch) {
                if (ending.getAsBoolean()) {
                    return;
                }
                Secret secret = StoredSecrets.read(record);
                CallContext.builder()
                        .account(secret.account())
                        .region(secret.region())
                        .principal(Principal.service("secretsmanager.amazonaws.com", secret.account()))
                        .requestId(UUID.randomUUID().toString())
                        .callingService(Optional.of("secretsmanager"))
                        .build()
                        .run(() -> doWhatIsDue(secret));
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
        } while (batch.size() == SLICE);
    }

    private void doWhatIsDue(Secret secret) {
        long now = clock.millis();
        if (!secret.awaitsDeletion()) {
            rotation.rotateIfDue(secret);
        } else if (secrets.delete(secret, present -> present.awaitsDeletion() && present.purgeAt() <= now)) {
            tags.removeAll(secret.arn());
        }
    }

    @Override
    public BatchGetSecretValueResponse batchGetSecretValue(BatchGetSecretValueRequest request) {
        if (request.hasSecretIdList() == request.hasFilters()) {
            throw SecretRequests.invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        Optional<String> next = Optional.empty();
        List<String> names;
        if (request.hasSecretIdList()) {
            names = request.secretIdList();
        } else {
            Page<Secret> page = page(
                    request.filters(),
                    false,
                    RecordQuery.Order.ID,
                    request.maxResults(),
                    USUAL_BATCH,
                    request.nextToken());
            names = page.items().stream().map(Secret::arn).toList();
            next = page.nextToken();
        }
        List<SecretValueEntry> found = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        for (String name : names) {
            try {
                CallContext.current()
                        .require(
                                "secretsmanager:GetSecretValue",
                                secrets.find(name).map(Secret::arn).orElse(name));
                found.add(Shapes.copy(value(name, Optional.empty(), Optional.empty()), SecretValueEntry.builder())
                        .build());
            } catch (SecretsManagerException failure) {
                String code = failure.getClass().getSimpleName();
                errors.add(error(name, code, failure.getMessage()));
            } catch (AwsError refusal) {
                errors.add(error(name, refusal.code(), refusal.getMessage()));
            }
        }
        return BatchGetSecretValueResponse.builder()
                .secretValues(found)
                .errors(errors)
                .nextToken(next.orElse(null))
                .build();
    }

    private static APIErrorType error(String name, String code, String message) {
        return APIErrorType.builder()
                .secretId(name)
                .errorCode(code)
                .message(message)
                .build();
    }

    @Override
    public CancelRotateSecretResponse cancelRotateSecret(CancelRotateSecretRequest request) {
        return rotation.cancel(request);
    }

    @Override
    public CreateSecretResponse createSecret(CreateSecretRequest request) {
        SecretRequests.checkName(request.name());
        Optional<SecretValues.Value> value = SecretRequests.value(request.secretString(), request.secretBinary());
        Map<String, String> given = SecretRequests.byKey(request.tags());
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        Optional<Secret> present = secrets.byName(request.name());
        if (present.isPresent()) {
            return repeated(present.get(), token, value);
        }
        String arn = Ids.arn("secretsmanager", "secret:" + request.name() + "-" + ids.lowercase(6));
        String key = Optional.ofNullable(request.kmsKeyId()).orElse("");
        CallContext call = CallContext.current();
        long now = clock.millis();
        Optional<byte[]> encrypted = value.map(plain -> values.encrypted(key, arn, token, plain));
        Secret secret = new Secret(
                call.account(),
                call.region(),
                request.name(),
                arn,
                Optional.ofNullable(request.description()).orElse(""),
                key,
                Optional.ofNullable(request.type()).orElse(""),
                now,
                now,
                0,
                0,
                0,
                "",
                Secret.Rotation.NONE,
                value.isEmpty()
                        ? List.of()
                        : List.of(new Secret.Version(token, List.of(Secret.CURRENT), now, 0, key, true)),
                replicas(List.of(), request.addReplicaRegions()));
        if (!given.isEmpty()) {
            tags.add(arn, given);
        }
        secrets.insert(secret, encrypted);
        return CreateSecretResponse.builder()
                .arn(arn)
                .name(secret.name())
                .versionId(value.isEmpty() ? null : token)
                .replicationStatus(request.hasAddReplicaRegions() ? replication(secret) : null)
                .build();
    }

    /** The same request again gets the same answer. */
    private CreateSecretResponse repeated(Secret present, String token, Optional<SecretValues.Value> value) {
        if (present.awaitsDeletion()) {
            throw StoredSecrets.invalidRequest(
                    "You can't create this secret because a secret with this name is already scheduled for deletion.");
        }
        if (value.isEmpty() || present.version(token).isEmpty() || !isSame(present, token, value.get())) {
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

    private boolean isSame(Secret secret, String versionId, SecretValues.Value value) {
        return secrets.value(secret, versionId)
                .map(stored -> values.decrypted(stored, secret.arn(), versionId).equals(value))
                .orElse(false);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        Secret secret = secrets.live(request.secretId());
        secrets.update(secret, present -> present.governedBy(""));
        return DeleteResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
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
        Secret secret = found.orElseThrow(StoredSecrets::missing);
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
            tags.removeAll(secret.arn());
        }
        return DeleteSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .deletionDate(gone)
                .build();
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
        Secret secret = secrets.named(request.secretId());
        DescribeSecretResponse.Builder response =
                Shapes.copy(entry(secret), DescribeSecretResponse.builder()).versionIdsToStages(secret.stages());
        if (!secret.replicas().isEmpty()) {
            response.replicationStatus(replication(secret)).primaryRegion(secret.region());
        }
        return response.build();
    }

    /** What lists show of a secret. */
    private SecretListEntry entry(Secret secret) {
        Secret.Rotation rotates = secret.rotation();
        SecretListEntry.Builder entry = SecretListEntry.builder()
                .arn(secret.arn())
                .name(secret.name())
                .createdDate(Instant.ofEpochMilli(secret.createdAt()))
                .lastChangedDate(Instant.ofEpochMilli(secret.changedAt()))
                .lastAccessedDate(at(secret.accessedOn()))
                .deletedDate(at(secret.deletedAt()))
                .description(text(secret.description()))
                .kmsKeyId(text(secret.kmsKeyId()))
                .type(text(secret.type()))
                .secretVersionsToStages(secret.stages())
                .primaryRegion(secret.replicas().isEmpty() ? null : secret.region())
                .tags(tags.of(secret.arn()).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList());
        if (!rotates.lambdaArn().isEmpty()) {
            entry.rotationEnabled(rotates.enabled())
                    .rotationLambdaARN(rotates.lambdaArn())
                    .rotationRules(
                            rules -> rules.automaticallyAfterDays(rotates.afterDays() == 0 ? null : rotates.afterDays())
                                    .scheduleExpression(text(rotates.expression()))
                                    .duration(text(rotates.duration())))
                    .lastRotatedDate(at(rotates.lastAt()))
                    .nextRotationDate(at(rotates.nextAt()));
        }
        return entry.build();
    }

    private static Instant at(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    private static String text(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public GetRandomPasswordResponse getRandomPassword(GetRandomPasswordRequest request) {
        return GetRandomPasswordResponse.builder()
                .randomPassword(passwords.password(request))
                .build();
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest request) {
        Secret secret = secrets.live(request.secretId());
        return GetResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .resourcePolicy(text(secret.policy()))
                .build();
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        return value(
                request.secretId(),
                Optional.ofNullable(request.versionId()),
                Optional.ofNullable(request.versionStage()));
    }

    private GetSecretValueResponse value(String name, Optional<String> versionId, Optional<String> stage) {
        Secret secret = secrets.live(name);
        String wantedStage = stage.orElse(Secret.CURRENT);
        Optional<Secret.Version> found = versionId.map(secret::version).orElseGet(() -> secret.staged(wantedStage));
        if (versionId.isPresent()
                && stage.isPresent()
                && found.filter(version -> !version.stages().contains(wantedStage))
                        .isPresent()) {
            throw StoredSecrets.invalidRequest(
                    "You provided a VersionStage that is not associated to the provided" + " VersionId.");
        }
        Secret.Version version = found.filter(Secret.Version::hasValue)
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Secrets Manager can't find the specified secret value for "
                                + versionId.map(id -> "VersionId: " + id).orElse("staging label: " + wantedStage))
                        .build());
        byte[] stored = secrets.value(secret, version.id()).orElseThrow(StoredSecrets::missing);
        SecretValues.Value value = values.decrypted(stored, secret.arn(), version.id());
        noteAccess(secret);
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

    /** Only the day is told, so it is written once a day. */
    private void noteAccess(Secret secret) {
        long today = clock.instant().truncatedTo(ChronoUnit.DAYS).toEpochMilli();
        if (secret.accessedOn() != today) {
            secrets.update(secret, present -> present.accessed(today));
        }
    }

    @Override
    public ListSecretVersionIdsResponse listSecretVersionIds(ListSecretVersionIdsRequest request) {
        Secret secret = secrets.named(request.secretId());
        boolean all = Boolean.TRUE.equals(request.includeDeprecated());
        List<SecretVersionsListEntry> versions = secret.versions().stream()
                .filter(version -> all || !version.stages().isEmpty())
                .map(version -> SecretVersionsListEntry.builder()
                        .versionId(version.id())
                        .versionStages(version.stages().isEmpty() ? null : version.stages())
                        .createdDate(Instant.ofEpochMilli(version.createdAt()))
                        .kmsKeyIds(version.kmsKeyId().isEmpty() ? "DefaultEncryptionKey" : version.kmsKeyId())
                        .build())
                .toList();
        int from = request.nextToken() == null ? 0 : offset(request.nextToken(), versions.size());
        int to = Math.min(
                versions.size(),
                from + Optional.ofNullable(request.maxResults()).orElse(USUAL_PAGE));
        return ListSecretVersionIdsResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versions(versions.subList(from, to))
                .nextToken(to < versions.size() ? "o" + to : null)
                .build();
    }

    private static int offset(String token, int size) {
        if (!token.matches("o[0-9]{1,9}") || Integer.parseInt(token.substring(1)) > size) {
            throw invalidToken();
        }
        return Integer.parseInt(token.substring(1));
    }

    private static InvalidNextTokenException invalidToken() {
        return InvalidNextTokenException.builder()
                .message("The NextToken value is invalid.")
                .build();
    }

    @Override
    public ListSecretsResponse listSecrets(ListSecretsRequest request) {
        Page<Secret> page = page(
                request.filters(),
                Boolean.TRUE.equals(request.includePlannedDeletion()),
                request.sortOrder() == SortOrderType.DESC
                        ? RecordQuery.Order.NEWEST_FIRST
                        : RecordQuery.Order.OLDEST_FIRST,
                request.maxResults(),
                USUAL_PAGE,
                request.nextToken());
        return ListSecretsResponse.builder()
                .secretList(page.items().stream().map(this::entry).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private Page<Secret> page(
            List<Filter> filters, boolean deleted, RecordQuery.Order order, Integer limit, int usual, String token) {
        int wanted = limit == null ? usual : limit;
        String list = StoredSecrets.SECRET + " " + order;
        Optional<RecordQuery.Cursor> place = Optional.ofNullable(token).map(given -> place(list, given));
        CallContext call = CallContext.current();
        List<Secret> items = new ArrayList<>();
        while (true) {
            List<StoredRecord> batch = records.list(new RecordQuery(
                    StoredSecrets.SECRET,
                    Optional.of(call.account()),
                    Optional.of(call.region()),
                    Optional.empty(),
                    order,
                    place,
                    SLICE));
            for (StoredRecord record : batch) {
                Secret secret = StoredSecrets.read(record);
                boolean fits = (deleted || !secret.awaitsDeletion())
                        && (filters.isEmpty() || SecretRequests.fits(filters, secret, tags.of(secret.arn())));
                if (fits && items.size() == wanted) {
                    return new Page<>(items, place.map(last -> pageTokens.token(list, last)));
                }
                if (fits) {
                    items.add(secret);
                }
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
            if (batch.size() < SLICE) {
                return new Page<>(items, Optional.empty());
            }
        }
    }

    private RecordQuery.Cursor place(String list, String token) {
        try {
            return pageTokens.place(list, token);
        } catch (AwsError foreign) {
            throw invalidToken();
        }
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        Secret secret = secrets.live(request.secretId());
        PolicyDocument policy = document(request.resourcePolicy());
        if (Boolean.TRUE.equals(request.blockPublicPolicy()) && policy.isPublic()) {
            throw PublicPolicyException.builder()
                    .message("You can't use a policy that grants broad access to the secret when BlockPublicPolicy is"
                            + " true.")
                    .build();
        }
        secrets.update(secret, present -> present.governedBy(request.resourcePolicy()));
        return PutResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    private static PolicyDocument document(String text) {
        try {
            return PolicyDocument.ofResource(text, "secretsmanager");
        } catch (PolicyDocument.MalformedException problem) {
            throw MalformedPolicyDocumentException.builder()
                    .message("This resource policy contains invalid Json: " + problem.getMessage())
                    .build();
        }
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
        Secret secret = secrets.live(request.secretId());
        SecretValues.Value value = SecretRequests.value(request.secretString(), request.secretBinary())
                .orElseThrow(
                        () -> StoredSecrets.invalidRequest("You must provide either SecretString or SecretBinary."));
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        List<String> stages = request.hasVersionStages() ? request.versionStages() : List.of(Secret.CURRENT);
        Secret changed = put(secret, token, value, stages, present -> present);
        return PutSecretValueResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(token)
                .versionStages(
                        changed.version(token).map(Secret.Version::stages).orElse(stages))
                .build();
    }

    /** Adds a version; a token that is known is fine as long as its value is the same. */
    private Secret put(
            Secret secret, String token, SecretValues.Value value, List<String> stages, UnaryOperator<Secret> also) {
        boolean known = secret.version(token).filter(Secret.Version::hasValue).isPresent();
        if (known && !isSame(secret, token, value)) {
            throw ResourceExistsException.builder()
                    .message("You can't use ClientRequestToken " + token
                            + " because that value is already in use for a version of secret " + secret.arn() + ".")
                    .build();
        }
        if (known) {
            return secrets.update(secret, also);
        }
        Secret described = also.apply(secret);
        byte[] encrypted = values.encrypted(described.kmsKeyId(), secret.arn(), token, value);
        long now = clock.millis();
        return secrets.update(
                secret,
                present -> {
                    Secret live = also.apply(StoredSecrets.live(present));
                    Secret with = live.version(token).isPresent()
                            ? live.of(
                                    live.versions().stream()
                                            .map(version -> version.id().equals(token)
                                                    ? version.valued(described.kmsKeyId())
                                                    : version)
                                            .toList(),
                                    now)
                            : live.adding(
                                    new Secret.Version(token, List.of(), now, 0, described.kmsKeyId(), true), now);
                    List<String> given = live.staged(Secret.CURRENT).isEmpty() && !stages.contains(Secret.CURRENT)
                            ? Stream.concat(stages.stream(), Stream.of(Secret.CURRENT))
                                    .toList()
                            : stages;
                    Secret staged = with.moving(given, token, now);
                    checkStages(staged);
                    return staged;
                },
                Map.of(token, encrypted));
    }

    private static void checkStages(Secret secret) {
        int stages = secret.stages().values().stream().mapToInt(List::size).sum();
        if (stages > Secret.MOST_STAGES) {
            throw LimitExceededException.builder()
                    .message("A secret may have " + Secret.MOST_STAGES + " staging labels, but would have " + stages
                            + ".")
                    .build();
        }
    }

    @Override
    public RemoveRegionsFromReplicationResponse removeRegionsFromReplication(
            RemoveRegionsFromReplicationRequest request) {
        Secret secret = secrets.live(request.secretId());
        Secret changed = secrets.update(
                secret,
                present -> present.replicatedTo(present.replicas().stream()
                        .filter(replica -> !request.removeReplicaRegions().contains(replica.region()))
                        .toList()));
        return RemoveRegionsFromReplicationResponse.builder()
                .arn(secret.arn())
                .replicationStatus(replication(changed))
                .build();
    }

    @Override
    public ReplicateSecretToRegionsResponse replicateSecretToRegions(ReplicateSecretToRegionsRequest request) {
        Secret secret = secrets.live(request.secretId());
        Secret changed = secrets.update(
                secret, present -> present.replicatedTo(replicas(present.replicas(), request.addReplicaRegions())));
        return ReplicateSecretToRegionsResponse.builder()
                .arn(secret.arn())
                .replicationStatus(replication(changed))
                .build();
    }

    private static List<Secret.Replica> replicas(List<Secret.Replica> present, List<ReplicaRegionType> added) {
        Map<String, Secret.Replica> byRegion = new LinkedHashMap<>();
        present.forEach(replica -> byRegion.put(replica.region(), replica));
        for (ReplicaRegionType region : added) {
            if (region.region() == null
                    || region.region().equals(CallContext.current().region())) {
                throw SecretRequests.invalidParameter(
                        "Invalid replica region. The replica region can't be the primary region.");
            }
            byRegion.put(
                    region.region(),
                    new Secret.Replica(
                            region.region(),
                            Optional.ofNullable(region.kmsKeyId()).orElse("")));
        }
        return List.copyOf(byRegion.values());
    }

    /** Nothing is copied anywhere yet, and the status says so. */
    private static List<ReplicationStatusType> replication(Secret secret) {
        return secret.replicas().stream()
                .map(replica -> ReplicationStatusType.builder()
                        .region(replica.region())
                        .kmsKeyId(text(replica.kmsKeyId()))
                        .status(StatusType.FAILED)
                        .statusMessage("Outcrop keeps the setting, but does not copy secrets to other Regions yet")
                        .build())
                .toList();
    }

    @Override
    public RestoreSecretResponse restoreSecret(RestoreSecretRequest request) {
        Secret secret = secrets.named(request.secretId());
        secrets.update(secret, present -> present.deleted(0, 0));
        return RestoreSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    @Override
    public RotateSecretResponse rotateSecret(RotateSecretRequest request) {
        return rotation.rotate(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        Secret secret = secrets.live(request.secretId());
        Map<String, String> added = SecretRequests.byKey(request.tags());
        Set<String> names = new HashSet<>(tags.of(secret.arn()).keySet());
        names.addAll(added.keySet());
        if (names.size() > Tags.MOST) {
            throw SecretRequests.invalidParameter("A secret may have " + Tags.MOST + " tags at most.");
        }
        tags.add(secret.arn(), added);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(secrets.live(request.secretId()).arn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateSecretResponse updateSecret(UpdateSecretRequest request) {
        Secret secret = secrets.live(request.secretId());
        Optional<SecretValues.Value> value = SecretRequests.value(request.secretString(), request.secretBinary());
        long now = clock.millis();
        UnaryOperator<Secret> change = present -> present.described(
                Optional.ofNullable(request.description()).orElse(present.description()),
                Optional.ofNullable(request.kmsKeyId()).orElse(present.kmsKeyId()),
                Optional.ofNullable(request.type()).orElse(present.type()),
                now);
        String token = Optional.ofNullable(request.clientRequestToken()).orElseGet(ids::uuid);
        if (value.isPresent()) {
            put(secret, token, value.get(), List.of(Secret.CURRENT), change);
        } else {
            secrets.update(secret, change);
        }
        return UpdateSecretResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versionId(value.isPresent() ? token : null)
                .build();
    }

    @Override
    public UpdateSecretVersionStageResponse updateSecretVersionStage(UpdateSecretVersionStageRequest request) {
        Secret secret = secrets.live(request.secretId());
        long now = clock.millis();
        secrets.update(secret, present -> moved(present, request, now));
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
        Secret changed =
                to.map(id -> secret.moving(List.of(stage), id, now)).orElseGet(() -> secret.without(stage, now));
        checkStages(changed);
        return changed;
    }

    private static ResourceNotFoundException missingVersion(String id) {
        return ResourceNotFoundException.builder()
                .message("Secrets Manager can't find the specified secret value for VersionId: " + id)
                .build();
    }

    @Override
    public ValidateResourcePolicyResponse validateResourcePolicy(ValidateResourcePolicyRequest request) {
        Optional.ofNullable(request.secretId()).ifPresent(secrets::named);
        boolean open = document(request.resourcePolicy()).isPublic();
        List<ValidationErrorsEntry> errors = open
                ? List.of(ValidationErrorsEntry.builder()
                        .checkName("PUBLIC_POLICY")
                        .errorMessage("The policy grants broad access to the secret.")
                        .build())
                : List.of();
        return ValidateResourcePolicyResponse.builder()
                .policyValidationPassed(!open)
                .validationErrors(errors)
                .build();
    }

    /** The whole ARN where the request has a name or a part of it; of a secret that is yet to come the ARN without end. */
    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return named.stream()
                .map(arn -> secrets.find(arn).map(Secret::arn).orElse(arn))
                .toList();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.of(arn);
    }

    @Override
    public Optional<List<String>> condition(String key, String arn) {
        Optional<Secret> secret = secrets.find(arn);
        return switch (key) {
            case "secretsmanager:secretprimaryregion" -> secret.map(known -> List.of(known.region()));
            case "secretsmanager:resource/allowrotationlambdaarn" ->
                secret.map(known -> known.rotation().lambdaArn())
                        .filter(lambda -> !lambda.isEmpty())
                        .map(List::of);
            default ->
                key.startsWith("secretsmanager:resourcetag/")
                        ? secret.flatMap(known -> tag(known, key.substring("secretsmanager:resourcetag/".length())))
                        : Optional.empty();
        };
    }

    private Optional<List<String>> tag(Secret secret, String name) {
        return tags.of(secret.arn()).entrySet().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(tag -> List.of(tag.getValue()));
    }

    @Override
    public Optional<String> policy(String arn) {
        return secrets.find(arn).map(Secret::policy).filter(policy -> !policy.isEmpty());
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
