package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.policy.PolicyUse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListRoleTagsRequest;
import software.amazon.awssdk.services.iam.model.ListRoleTagsResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.RoleLastUsed;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagRoleRequest;
import software.amazon.awssdk.services.iam.model.TagRoleResponse;
import software.amazon.awssdk.services.iam.model.UntagRoleRequest;
import software.amazon.awssdk.services.iam.model.UntagRoleResponse;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleResponse;

/** Roles, who may assume them and what they may. */
final class Roles {
    static final int LARGEST_INLINE = 10_240;
    static final int LARGEST_TRUST = 2048;
    private static final int DEFAULT_DURATION = 3600;

    private final IamStore store;
    private final IdentityPolicies policies;
    private final LastUses uses;
    private final Ids ids;
    private final InstantSource clock;

    Roles(IamStore store, IdentityPolicies policies, LastUses uses, Ids ids, InstantSource clock) {
        this.store = store;
        this.policies = policies;
        this.uses = uses;
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

    /**
     * {@code role} itself, unless only the service that it is linked to may change it.
     *
     * @throws AwsError {@code UnmodifiableEntity} if it is
     */
    private static Role modifiable(Role role) {
        if (ServiceLinkedRoles.isLinked(role)) {
            throw new AwsError(
                    "UnmodifiableEntity",
                    400,
                    "Cannot perform the operation on the protected role '" + role.roleName()
                            + "' - this role is only modifiable by AWS");
        }
        return role;
    }

    private void checkTrust(String document) {
        policies.check(document, PolicyUse.TRUST);
        if (IdentityPolicies.size(document) > LARGEST_TRUST) {
            throw IamErrors.limit("ACLSizePerRole", LARGEST_TRUST);
        }
    }

    GetRoleResponse getRole(GetRoleRequest request) {
        Role role = store.roles.get(request.roleName());
        RoleLastUsed.Builder used = RoleLastUsed.builder();
        uses.ofEntity(role.arn())
                .ifPresent(
                        use -> used.lastUsedDate(Instant.ofEpochMilli(use.at())).region(use.region()));
        return GetRoleResponse.builder()
                .role(shown(role).toBuilder().roleLastUsed(used.build()).build())
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
                role -> modifiable(role).toBuilder()
                        .assumeRolePolicyDocument(request.policyDocument())
                        .build());
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    DeleteRoleResponse deleteRole(DeleteRoleRequest request) {
        Role role = modifiable(store.roles.get(request.roleName()));
        IdentityPolicies.checkEmpty(owner(role.roleName()));
        if (!store.profilesOf(role.roleName()).isEmpty()) {
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
                role -> modifiable(role).toBuilder()
                        .permissionsBoundary(boundary)
                        .build());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest request) {
        store.roles.change(request.roleName(), role -> {
            if (modifiable(role).permissionsBoundary() == null) {
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

    static Role shown(Role role) {
        return role.toBuilder()
                .assumeRolePolicyDocument(IdentityPolicies.encoded(role.assumeRolePolicyDocument()))
                .tags(role.tags().isEmpty() ? null : role.tags())
                .build();
    }

    /** The role as an owner of policies. */
    IdentityPolicies.Owner owner(String name) {
        return new IdentityPolicies.Owner(
                "role",
                name,
                LARGEST_INLINE,
                () -> rightsOf(store.rights(store.roles.get(name))),
                change -> changeRights(name, change));
    }

    private void changeRights(String name, UnaryOperator<IdentityPolicies.Rights> change) {
        Role role = modifiable(store.roles.get(name));
        if (store.roleRights.find(role.roleId()).isEmpty()) {
            begin(role.roleId());
        }
        store.roleRights.update(role.roleId(), present -> {
            IdentityPolicies.Rights rights = change.apply(rightsOf(present));
            return present.toBuilder()
                    .rolePolicyList(rights.inline())
                    .attachedManagedPolicies(rights.attached())
                    .build();
        });
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
}
