package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.policy.PolicyUse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreatePolicyRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyResponse;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.DeletePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeletePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeletePolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.DeletePolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.GetPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyRequest;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyResponse;
import software.amazon.awssdk.services.iam.model.ListPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListPolicyTagsRequest;
import software.amazon.awssdk.services.iam.model.ListPolicyTagsResponse;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsRequest;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsResponse;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyGroup;
import software.amazon.awssdk.services.iam.model.PolicyRole;
import software.amazon.awssdk.services.iam.model.PolicyScopeType;
import software.amazon.awssdk.services.iam.model.PolicyUsageType;
import software.amazon.awssdk.services.iam.model.PolicyUser;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.SetDefaultPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.SetDefaultPolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagPolicyRequest;
import software.amazon.awssdk.services.iam.model.TagPolicyResponse;
import software.amazon.awssdk.services.iam.model.UntagPolicyRequest;
import software.amazon.awssdk.services.iam.model.UntagPolicyResponse;

/** Managed policies of the account, with their versions, and those of AWS. */
final class ManagedPolicies {
    static final int LARGEST = 6144;
    static final int MOST_VERSIONS = 5;

    private final IamStore store;
    private final IdentityPolicies policies;
    private final Ids ids;
    private final InstantSource clock;

    ManagedPolicies(IamStore store, IdentityPolicies policies, Ids ids, InstantSource clock) {
        this.store = store;
        this.policies = policies;
        this.ids = ids;
        this.clock = clock;
    }

    CreatePolicyResponse createPolicy(CreatePolicyRequest request) {
        check(request.policyDocument());
        String path = Entities.path(request.path());
        String arn = Entities.arn("policy", path, request.policyName());
        List<Tag> tags = EntityTags.of(request.tags());
        Instant now = clock.instant();
        ManagedPolicyDetail policy = store.policies.insert(ManagedPolicyDetail.builder()
                .policyName(request.policyName())
                .path(path)
                .policyId("ANPA" + ids.uppercase(17))
                .arn(arn)
                .description(request.description())
                .isAttachable(true)
                .createDate(now)
                .updateDate(now)
                .defaultVersionId("v1")
                .policyVersionList(version("v1", request.policyDocument(), true, now))
                .build());
        store.tags.add(arn, tags);
        return CreatePolicyResponse.builder()
                .policy(shown(policy, Map.of()).toBuilder()
                        .description(null)
                        .tags(tags.isEmpty() ? null : tags)
                        .build())
                .build();
    }

    private void check(String document) {
        policies.check(document, PolicyUse.IDENTITY);
        if (IdentityPolicies.size(document) > LARGEST) {
            throw IamErrors.limit("PolicySize", LARGEST);
        }
    }

    private static PolicyVersion version(String id, String document, boolean isDefault, Instant now) {
        return PolicyVersion.builder()
                .versionId(id)
                .document(document)
                .isDefaultVersion(isDefault)
                .createDate(now)
                .build();
    }

    GetPolicyResponse getPolicy(GetPolicyRequest request) {
        ManagedPolicyDetail policy = get(request.policyArn());
        List<Tag> tags = store.tags.of(policy.arn());
        return GetPolicyResponse.builder()
                .policy(shown(policy, attachments()).toBuilder().tags(tags).build())
                .build();
    }

    ListPoliciesResponse listPolicies(ListPoliciesRequest request) {
        PolicyScopeType scope = request.scope() == null ? PolicyScopeType.ALL : request.scope();
        List<ManagedPolicyDetail> all = new ArrayList<>();
        if (scope != PolicyScopeType.AWS) {
            all.addAll(store.policies.all());
        }
        if (scope != PolicyScopeType.LOCAL) {
            all.addAll(AwsManagedPolicies.all());
        }
        Map<String, Attachments> attachments = attachments();
        boolean boundaries = request.policyUsageFilter() == PolicyUsageType.PERMISSIONS_BOUNDARY;
        all.removeIf(policy -> {
            Attachments own = attachments.getOrDefault(policy.arn(), Attachments.NONE);
            return (request.pathPrefix() != null && !policy.path().startsWith(request.pathPrefix()))
                    || (Boolean.TRUE.equals(request.onlyAttached()) && own.permissions == 0)
                    || (boundaries && own.boundaries == 0);
        });
        Listed<ManagedPolicyDetail> page =
                Listed.page(all, ManagedPolicyDetail::policyName, request.marker(), request.maxItems());
        return ListPoliciesResponse.builder()
                .policies(page.items().stream()
                        .map(policy -> shown(policy, attachments).toBuilder()
                                .description(null)
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    DeletePolicyResponse deletePolicy(DeletePolicyRequest request) {
        ManagedPolicyDetail policy = own(request.policyArn());
        Attachments attachments = attachments().getOrDefault(policy.arn(), Attachments.NONE);
        if (attachments.permissions + attachments.boundaries > 0) {
            throw IamErrors.conflict("Cannot delete a policy attached to entities.");
        }
        if (policy.policyVersionList().size() > 1) {
            throw IamErrors.conflict(
                    "This policy has more than one version. Before you delete a policy, you must delete the policy's"
                            + " versions. The default version is deleted with the policy.");
        }
        store.policies.delete(policy);
        store.tags.removeAll(policy.arn());
        return DeletePolicyResponse.builder().build();
    }

    CreatePolicyVersionResponse createPolicyVersion(CreatePolicyVersionRequest request) {
        check(request.policyDocument());
        boolean asDefault = Boolean.TRUE.equals(request.setAsDefault());
        Instant now = clock.instant();
        ManagedPolicyDetail changed = change(request.policyArn(), policy -> {
            List<PolicyVersion> versions = new ArrayList<>(policy.policyVersionList());
            if (versions.size() >= MOST_VERSIONS) {
                throw IamErrors.limit("A managed policy can have up to " + MOST_VERSIONS
                        + " versions. Before you create a new version, you must delete an existing version.");
            }
            String id = "v" + (newest(versions) + 1);
            versions.add(version(id, request.policyDocument(), asDefault, now));
            return withDefault(policy, versions, asDefault ? id : policy.defaultVersionId(), now);
        });
        PolicyVersion added = changed.policyVersionList().stream()
                .max((one, other) -> Integer.compare(number(one), number(other)))
                .orElseThrow();
        return CreatePolicyVersionResponse.builder()
                .policyVersion(added.toBuilder().document(null).build())
                .build();
    }

    /** Numbers are not used again while a later one is there; the default version never goes before the others. */
    private static int newest(List<PolicyVersion> versions) {
        return versions.stream().mapToInt(ManagedPolicies::number).max().orElse(0);
    }

    private static int number(PolicyVersion version) {
        return Integer.parseInt(version.versionId().substring(1));
    }

    private static ManagedPolicyDetail withDefault(
            ManagedPolicyDetail policy, List<PolicyVersion> versions, String id, Instant now) {
        return policy.toBuilder()
                .defaultVersionId(id)
                .updateDate(now)
                .policyVersionList(versions.stream()
                        .map(version -> version.toBuilder()
                                .isDefaultVersion(version.versionId().equals(id))
                                .build())
                        .toList())
                .build();
    }

    GetPolicyVersionResponse getPolicyVersion(GetPolicyVersionRequest request) {
        PolicyVersion version = version(get(request.policyArn()), request.versionId());
        return GetPolicyVersionResponse.builder()
                .policyVersion(version.toBuilder()
                        .document(IdentityPolicies.encoded(version.document()))
                        .build())
                .build();
    }

    private static PolicyVersion version(ManagedPolicyDetail policy, String id) {
        return policy.policyVersionList().stream()
                .filter(version -> version.versionId().equals(id))
                .findFirst()
                .orElseThrow(() -> IamErrors.noSuchEntity(
                        "Policy " + policy.arn() + " version " + id + " does not exist or is not attachable."));
    }

    ListPolicyVersionsResponse listPolicyVersions(ListPolicyVersionsRequest request) {
        Listed<PolicyVersion> page = Listed.page(
                get(request.policyArn()).policyVersionList(),
                PolicyVersion::versionId,
                request.marker(),
                request.maxItems());
        return ListPolicyVersionsResponse.builder()
                .versions(page.items().stream()
                        .map(version -> version.toBuilder().document(null).build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    SetDefaultPolicyVersionResponse setDefaultPolicyVersion(SetDefaultPolicyVersionRequest request) {
        change(request.policyArn(), policy -> {
            version(policy, request.versionId());
            return withDefault(policy, policy.policyVersionList(), request.versionId(), clock.instant());
        });
        return SetDefaultPolicyVersionResponse.builder().build();
    }

    DeletePolicyVersionResponse deletePolicyVersion(DeletePolicyVersionRequest request) {
        change(request.policyArn(), policy -> {
            PolicyVersion version = version(policy, request.versionId());
            if (version.isDefaultVersion()) {
                throw IamErrors.conflict("Cannot delete the default version of a policy.");
            }
            List<PolicyVersion> left = new ArrayList<>(policy.policyVersionList());
            left.remove(version);
            return policy.toBuilder().policyVersionList(left).build();
        });
        return DeletePolicyVersionResponse.builder().build();
    }

    ListEntitiesForPolicyResponse listEntitiesForPolicy(ListEntitiesForPolicyRequest request) {
        String arn = get(request.policyArn()).arn();
        return ListEntitiesForPolicyResponse.builder()
                .policyUsers(store.users.all().stream()
                        .filter(user -> has(user.attachedManagedPolicies(), arn))
                        .map(user -> PolicyUser.builder()
                                .userName(user.userName())
                                .userId(user.userId())
                                .build())
                        .toList())
                .policyGroups(store.groups.all().stream()
                        .filter(group -> has(group.attachedManagedPolicies(), arn))
                        .map(group -> PolicyGroup.builder()
                                .groupName(group.groupName())
                                .groupId(group.groupId())
                                .build())
                        .toList())
                .policyRoles(store.roles.all().stream()
                        .filter(role -> has(store.rights(role).attachedManagedPolicies(), arn))
                        .map(role -> PolicyRole.builder()
                                .roleName(role.roleName())
                                .roleId(role.roleId())
                                .build())
                        .toList())
                .isTruncated(false)
                .build();
    }

    private static boolean has(List<AttachedPolicy> attached, String arn) {
        return attached.stream().anyMatch(policy -> policy.policyArn().equals(arn));
    }

    TagPolicyResponse tagPolicy(TagPolicyRequest request) {
        store.tags.add(own(request.policyArn()).arn(), request.tags());
        return TagPolicyResponse.builder().build();
    }

    UntagPolicyResponse untagPolicy(UntagPolicyRequest request) {
        store.tags.remove(own(request.policyArn()).arn(), request.tagKeys());
        return UntagPolicyResponse.builder().build();
    }

    ListPolicyTagsResponse listPolicyTags(ListPolicyTagsRequest request) {
        return store.tags.list(get(request.policyArn()).arn(), request.marker(), request.maxItems());
    }

    private ManagedPolicyDetail get(String arn) {
        return store.findPolicy(arn).orElseThrow(() -> IamErrors.noSuchEntity("Policy " + arn + " was not found."));
    }

    private ManagedPolicyDetail own(String arn) {
        ManagedPolicyDetail policy = get(arn);
        if (arn.startsWith("arn:aws:iam::aws:")) {
            throw new AwsError("AccessDenied", 403, "Policies of AWS cannot be changed: " + arn);
        }
        return policy;
    }

    private ManagedPolicyDetail change(String arn, UnaryOperator<ManagedPolicyDetail> change) {
        return store.policies.change(own(arn).policyName(), change);
    }

    /** How often each policy is attached, by ARN. */
    private Map<String, Attachments> attachments() {
        Map<String, Attachments> counts = new HashMap<>();
        store.users.all().forEach(user -> count(counts, user.attachedManagedPolicies(), user.permissionsBoundary()));
        store.groups.all().forEach(group -> count(counts, group.attachedManagedPolicies(), null));
        store.roles
                .all()
                .forEach(role ->
                        count(counts, store.rights(role).attachedManagedPolicies(), role.permissionsBoundary()));
        return counts;
    }

    private static void count(
            Map<String, Attachments> counts, List<AttachedPolicy> attached, AttachedPermissionsBoundary boundary) {
        attached.forEach(policy -> counts.merge(policy.policyArn(), new Attachments(1, 0), Attachments::plus));
        if (boundary != null) {
            counts.merge(boundary.permissionsBoundaryArn(), new Attachments(0, 1), Attachments::plus);
        }
    }

    private record Attachments(int permissions, int boundaries) {
        static final Attachments NONE = new Attachments(0, 0);

        Attachments plus(Attachments other) {
            return new Attachments(permissions + other.permissions, boundaries + other.boundaries);
        }
    }

    private static Policy shown(ManagedPolicyDetail policy, Map<String, Attachments> attachments) {
        Attachments own = attachments.getOrDefault(policy.arn(), Attachments.NONE);
        return Policy.builder()
                .policyName(policy.policyName())
                .policyId(policy.policyId())
                .arn(policy.arn())
                .path(policy.path())
                .defaultVersionId(policy.defaultVersionId())
                .description(policy.description())
                .isAttachable(policy.isAttachable())
                .createDate(policy.createDate())
                .updateDate(policy.updateDate())
                .attachmentCount(own.permissions)
                .permissionsBoundaryUsageCount(own.boundaries)
                .build();
    }
}
