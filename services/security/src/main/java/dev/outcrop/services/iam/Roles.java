package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.policy.PolicyUse;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfileTagsRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfileTagsResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListRoleTagsRequest;
import software.amazon.awssdk.services.iam.model.ListRoleTagsResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.TagInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.TagRoleRequest;
import software.amazon.awssdk.services.iam.model.TagRoleResponse;
import software.amazon.awssdk.services.iam.model.UntagInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.UntagInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.UntagRoleRequest;
import software.amazon.awssdk.services.iam.model.UntagRoleResponse;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleResponse;

/** Roles, who may assume them and what they may; and instance profiles, which hold one. */
final class Roles {
    private static final int LARGEST_INLINE = 10_240;
    private static final int LARGEST_TRUST = 2048;
    private static final int DEFAULT_DURATION = 3600;

    private final IamStore store;
    private final IdentityPolicies policies;
    private final Ids ids;
    private final InstantSource clock;

    Roles(IamStore store, IdentityPolicies policies, Ids ids, InstantSource clock) {
        this.store = store;
        this.policies = policies;
        this.ids = ids;
        this.clock = clock;
    }

    CreateRoleResponse createRole(CreateRoleRequest request) {
        checkTrust(request.assumeRolePolicyDocument());
        String path = Entities.path(request.path());
        if (path.startsWith("/aws-service-role/") || path.startsWith("/aws-reserved/")) {
            throw IamErrors.invalid("The path " + path + " is reserved for AWS.");
        }
        Role role = store.roles.insert(Role.builder()
                .roleName(request.roleName())
                .path(path)
                .roleId("AROA" + ids.uppercase(17))
                .arn(Entities.arn("role", path, request.roleName()))
                .createDate(clock.instant())
                .assumeRolePolicyDocument(request.assumeRolePolicyDocument())
                .description(request.description())
                .maxSessionDuration(
                        request.maxSessionDuration() == null ? DEFAULT_DURATION : request.maxSessionDuration())
                .permissionsBoundary(Users.boundary(store, request.permissionsBoundary()))
                .tags(EntityTags.of(request.tags()))
                .build());
        return CreateRoleResponse.builder().role(shown(role)).build();
    }

    private void checkTrust(String document) {
        policies.check(document, PolicyUse.TRUST);
        if (IdentityPolicies.size(document) > LARGEST_TRUST) {
            throw IamErrors.limit("ACLSizePerRole", LARGEST_TRUST);
        }
    }

    GetRoleResponse getRole(GetRoleRequest request) {
        return GetRoleResponse.builder()
                .role(shown(store.roles.get(request.roleName())))
                .build();
    }

    ListRolesResponse listRoles(ListRolesRequest request) {
        Listed<Role> page = Listed.page(
                store.roles.all(Role::path, request.pathPrefix()),
                Role::roleName,
                request.marker(),
                request.maxItems());
        return ListRolesResponse.builder()
                .roles(page.items().stream()
                        .map(role -> shown(role).toBuilder()
                                .tags((Collection<Tag>) null)
                                .permissionsBoundary((AttachedPermissionsBoundary) null)
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateRoleResponse updateRole(UpdateRoleRequest request) {
        store.roles.change(
                request.roleName(),
                role -> role.toBuilder()
                        .description(request.description() == null ? role.description() : request.description())
                        .maxSessionDuration(
                                request.maxSessionDuration() == null
                                        ? role.maxSessionDuration()
                                        : request.maxSessionDuration())
                        .build());
        return UpdateRoleResponse.builder().build();
    }

    UpdateRoleDescriptionResponse updateRoleDescription(UpdateRoleDescriptionRequest request) {
        Role role = store.roles.change(
                request.roleName(),
                present ->
                        present.toBuilder().description(request.description()).build());
        return UpdateRoleDescriptionResponse.builder().role(shown(role)).build();
    }

    UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(UpdateAssumeRolePolicyRequest request) {
        checkTrust(request.policyDocument());
        store.roles.change(
                request.roleName(),
                role -> role.toBuilder()
                        .assumeRolePolicyDocument(request.policyDocument())
                        .build());
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    DeleteRoleResponse deleteRole(DeleteRoleRequest request) {
        Role role = store.roles.get(request.roleName());
        IdentityPolicies.checkEmpty(owner(role.roleName()));
        if (profilesOf(role.roleName()).findAny().isPresent()) {
            throw IamErrors.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        store.roles.delete(role);
        store.roleRights.delete(role.roleId());
        return DeleteRoleResponse.builder().build();
    }

    PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest request) {
        AttachedPermissionsBoundary boundary = Users.boundary(store, request.permissionsBoundary());
        store.roles.change(
                request.roleName(),
                role -> role.toBuilder().permissionsBoundary(boundary).build());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest request) {
        store.roles.change(request.roleName(), role -> {
            if (role.permissionsBoundary() == null) {
                throw IamErrors.noSuchEntity("Role " + role.roleName() + " does not have a permissions boundary.");
            }
            return role.toBuilder()
                    .permissionsBoundary((AttachedPermissionsBoundary) null)
                    .build();
        });
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    TagRoleResponse tagRole(TagRoleRequest request) {
        store.roles.change(
                request.roleName(),
                role -> role.toBuilder()
                        .tags(EntityTags.with(role.tags(), request.tags()))
                        .build());
        return TagRoleResponse.builder().build();
    }

    UntagRoleResponse untagRole(UntagRoleRequest request) {
        store.roles.change(
                request.roleName(),
                role -> role.toBuilder()
                        .tags(EntityTags.without(role.tags(), request.tagKeys()))
                        .build());
        return UntagRoleResponse.builder().build();
    }

    ListRoleTagsResponse listRoleTags(ListRoleTagsRequest request) {
        Listed<Tag> page =
                Listed.page(store.roles.get(request.roleName()).tags(), Tag::key, request.marker(), request.maxItems());
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    CreateInstanceProfileResponse createInstanceProfile(CreateInstanceProfileRequest request) {
        String path = Entities.path(request.path());
        InstanceProfile profile = store.profiles.insert(InstanceProfile.builder()
                .instanceProfileName(request.instanceProfileName())
                .path(path)
                .instanceProfileId("AIPA" + ids.uppercase(17))
                .arn(Entities.arn("instance-profile", path, request.instanceProfileName()))
                .createDate(clock.instant())
                .roles(List.of())
                .tags(EntityTags.of(request.tags()))
                .build());
        return CreateInstanceProfileResponse.builder().instanceProfile(profile).build();
    }

    GetInstanceProfileResponse getInstanceProfile(GetInstanceProfileRequest request) {
        return GetInstanceProfileResponse.builder()
                .instanceProfile(shown(store.profiles.get(request.instanceProfileName())))
                .build();
    }

    ListInstanceProfilesResponse listInstanceProfiles(ListInstanceProfilesRequest request) {
        Listed<InstanceProfile> page = Listed.page(
                store.profiles.all(InstanceProfile::path, request.pathPrefix()),
                InstanceProfile::instanceProfileName,
                request.marker(),
                request.maxItems());
        return ListInstanceProfilesResponse.builder()
                .instanceProfiles(page.items().stream().map(this::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(ListInstanceProfilesForRoleRequest request) {
        Role role = store.roles.get(request.roleName());
        Listed<InstanceProfile> page = Listed.page(
                profilesOf(role.roleName()).toList(),
                InstanceProfile::instanceProfileName,
                request.marker(),
                request.maxItems());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(page.items().stream().map(this::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private Stream<InstanceProfile> profilesOf(String roleName) {
        return store.profiles.all().stream()
                .filter(profile -> profile.roles().stream()
                        .anyMatch(role -> role.roleName().equals(roleName)));
    }

    AddRoleToInstanceProfileResponse addRoleToInstanceProfile(AddRoleToInstanceProfileRequest request) {
        Role role = store.roles.get(request.roleName());
        store.profiles.change(request.instanceProfileName(), profile -> {
            if (!profile.roles().isEmpty()) {
                throw IamErrors.limit("InstanceSessionsPerInstanceProfile", 1);
            }
            return profile.toBuilder()
                    .roles(Role.builder().roleName(role.roleName()).build())
                    .build();
        });
        return AddRoleToInstanceProfileResponse.builder().build();
    }

    RemoveRoleFromInstanceProfileResponse removeRoleFromInstanceProfile(RemoveRoleFromInstanceProfileRequest request) {
        store.profiles.change(request.instanceProfileName(), profile -> {
            if (profile.roles().stream().noneMatch(role -> role.roleName().equals(request.roleName()))) {
                throw IamErrors.missing("role", request.roleName());
            }
            return profile.toBuilder().roles(List.<Role>of()).build();
        });
        return RemoveRoleFromInstanceProfileResponse.builder().build();
    }

    DeleteInstanceProfileResponse deleteInstanceProfile(DeleteInstanceProfileRequest request) {
        InstanceProfile profile = store.profiles.get(request.instanceProfileName());
        if (!profile.roles().isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        store.profiles.delete(profile);
        return DeleteInstanceProfileResponse.builder().build();
    }

    TagInstanceProfileResponse tagInstanceProfile(TagInstanceProfileRequest request) {
        store.profiles.change(
                request.instanceProfileName(),
                profile -> profile.toBuilder()
                        .tags(EntityTags.with(profile.tags(), request.tags()))
                        .build());
        return TagInstanceProfileResponse.builder().build();
    }

    UntagInstanceProfileResponse untagInstanceProfile(UntagInstanceProfileRequest request) {
        store.profiles.change(
                request.instanceProfileName(),
                profile -> profile.toBuilder()
                        .tags(EntityTags.without(profile.tags(), request.tagKeys()))
                        .build());
        return UntagInstanceProfileResponse.builder().build();
    }

    ListInstanceProfileTagsResponse listInstanceProfileTags(ListInstanceProfileTagsRequest request) {
        Listed<Tag> page = Listed.page(
                store.profiles.get(request.instanceProfileName()).tags(),
                Tag::key,
                request.marker(),
                request.maxItems());
        return ListInstanceProfileTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    /** The profile with its role as it is now. */
    private InstanceProfile shown(InstanceProfile profile) {
        return profile.toBuilder()
                .roles(profile.roles().stream()
                        .map(role -> shown(store.roles.get(role.roleName())))
                        .toList())
                .build();
    }

    static Role shown(Role role) {
        return role.toBuilder()
                .assumeRolePolicyDocument(IdentityPolicies.encoded(role.assumeRolePolicyDocument()))
                .tags(role.tags().isEmpty() ? null : role.tags())
                .build();
    }

    /** The role as an owner of policies. */
    IdentityPolicies.Owner owner(String name) {
        return new IdentityPolicies.Owner() {
            @Override
            public String kind() {
                return "role";
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public IdentityPolicies.Rights rights() {
                return rightsOf(store.rights(store.roles.get(name)));
            }

            @Override
            public void change(UnaryOperator<IdentityPolicies.Rights> change) {
                String id = store.roles.get(name).roleId();
                if (store.roleRights.find(id).isEmpty()) {
                    begin(id);
                }
                store.roleRights.update(id, present -> {
                    IdentityPolicies.Rights rights = change.apply(rightsOf(present));
                    return present.toBuilder()
                            .rolePolicyList(rights.inline())
                            .attachedManagedPolicies(rights.attached())
                            .build();
                });
            }

            @Override
            public int largestInline() {
                return LARGEST_INLINE;
            }
        };
    }

    private void begin(String id) {
        try {
            store.roleRights.insert(
                    id,
                    RoleDetail.builder()
                            .roleId(id)
                            .arn(CallContext.current().account())
                            .build());
        } catch (AwsError another) {
            if (!another.code().equals("ConflictException")) {
                throw another;
            }
        }
    }

    private static IdentityPolicies.Rights rightsOf(RoleDetail rights) {
        return new IdentityPolicies.Rights(rights.rolePolicyList(), rights.attachedManagedPolicies());
    }

    AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest request) {
        policies.attach(owner(request.roleName()), request.policyArn());
        return AttachRolePolicyResponse.builder().build();
    }

    DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest request) {
        policies.detach(owner(request.roleName()), request.policyArn());
        return DetachRolePolicyResponse.builder().build();
    }

    ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest request) {
        Listed<AttachedPolicy> page = policies.attached(
                owner(request.roleName()), request.pathPrefix(), request.marker(), request.maxItems());
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest request) {
        policies.put(owner(request.roleName()), request.policyName(), request.policyDocument());
        return PutRolePolicyResponse.builder().build();
    }

    GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest request) {
        PolicyDetail policy = policies.get(owner(request.roleName()), request.policyName());
        return GetRolePolicyResponse.builder()
                .roleName(request.roleName())
                .policyName(policy.policyName())
                .policyDocument(IdentityPolicies.encoded(policy.policyDocument()))
                .build();
    }

    DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest request) {
        policies.delete(owner(request.roleName()), request.policyName());
        return DeleteRolePolicyResponse.builder().build();
    }

    ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest request) {
        Listed<String> page = policies.names(owner(request.roleName()), request.marker(), request.maxItems());
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }
}
