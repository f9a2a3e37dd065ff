package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.services.iam.model.AddUserToGroupRequest;
import software.amazon.awssdk.services.iam.model.AddUserToGroupResponse;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.CreateUserResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserPermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserPermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserResponse;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.GetUserResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserResponse;
import software.amazon.awssdk.services.iam.model.ListUserTagsRequest;
import software.amazon.awssdk.services.iam.model.ListUserTagsResponse;
import software.amazon.awssdk.services.iam.model.ListUsersRequest;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.PermissionsBoundaryAttachmentType;
import software.amazon.awssdk.services.iam.model.PutUserPermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.PutUserPermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupRequest;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagUserRequest;
import software.amazon.awssdk.services.iam.model.TagUserResponse;
import software.amazon.awssdk.services.iam.model.UntagUserRequest;
import software.amazon.awssdk.services.iam.model.UntagUserResponse;
import software.amazon.awssdk.services.iam.model.UpdateUserRequest;
import software.amazon.awssdk.services.iam.model.UpdateUserResponse;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** Users: what they are, what they may, and which groups they belong to. */
final class Users {
    static final int LARGEST_INLINE = 2048;
    static final int MOST_GROUPS = 10;

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    Users(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    CreateUserResponse createUser(CreateUserRequest request) {
        String path = Entities.path(request.path());
        UserDetail user = store.users.insert(UserDetail.builder()
                .userName(request.userName())
                .path(path)
                .userId("AIDA" + ids.uppercase(17))
                .arn(Entities.arn("user", path, request.userName()))
                .createDate(clock.instant())
                .groupList(List.of())
                .permissionsBoundary(boundary(store, request.permissionsBoundary()))
                .tags(EntityTags.of(request.tags()))
                .build());
        return CreateUserResponse.builder().user(shown(user)).build();
    }

    GetUserResponse getUser(GetUserRequest request) {
        Principal caller = CallContext.current().principal();
        if (request.userName() == null && caller.kind() == Principal.Kind.ROOT) {
            return GetUserResponse.builder()
                    .user(user -> user.path("/")
                            .userId(caller.account())
                            .arn(caller.arn())
                            .createDate(clock.instant()))
                    .build();
        }
        return GetUserResponse.builder()
                .user(shown(store.users.get(nameOrCaller(request.userName()))))
                .build();
    }

    ListUsersResponse listUsers(ListUsersRequest request) {
        Listed<UserDetail> page = Listed.page(
                store.users.all(UserDetail::path, request.pathPrefix()),
                UserDetail::userName,
                request.marker(),
                request.maxItems());
        return ListUsersResponse.builder()
                .users(page.items().stream()
                        .map(user -> shown(user).toBuilder()
                                .tags((Collection<Tag>) null)
                                .permissionsBoundary((AttachedPermissionsBoundary) null)
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateUserResponse updateUser(UpdateUserRequest request) {
        UserDetail before = store.users.get(request.userName());
        UserDetail after = store.users.change(request.userName(), user -> {
            String path = request.newPath() == null ? user.path() : request.newPath();
            String name = request.newUserName() == null ? user.userName() : request.newUserName();
            return user.toBuilder()
                    .path(path)
                    .userName(name)
                    .arn(Entities.arn("user", path, name))
                    .build();
        });
        if (!before.userName().equals(after.userName())) {
            renameCredentials(before.userName(), after.userName());
        }
        return UpdateUserResponse.builder().build();
    }

    private void renameCredentials(String before, String after) {
        store.keysOf(before)
                .forEach(key -> store.accessKeys.update(
                        key.accessKeyId(),
                        present -> present.toBuilder().userName(after).build()));
        store.sshKeys
                .list()
                .where(key -> key.userName().equals(before))
                .all()
                .forEach(key -> store.sshKeys.update(
                        key.sshPublicKeyId(),
                        present -> present.toBuilder().userName(after).build()));
        store.signingCertificates
                .list()
                .where(certificate -> certificate.userName().equals(before))
                .all()
                .forEach(certificate -> store.signingCertificates.update(
                        certificate.certificateId(),
                        present -> present.toBuilder().userName(after).build()));
        store.serviceCredentials
                .list()
                .where(credential -> credential.userName().equals(before))
                .all()
                .forEach(credential -> store.serviceCredentials.update(
                        credential.serviceSpecificCredentialId(),
                        present -> present.toBuilder().userName(after).build()));
    }

    DeleteUserResponse deleteUser(DeleteUserRequest request) {
        UserDetail user = store.users.get(request.userName());
        IdentityPolicies.checkEmpty(owner(user.userName()));
        if (!user.groupList().isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must remove users from group first.");
        }
        if (!store.keysOf(user.userName()).isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must delete access keys first.");
        }
        if (store.logins.find(user.userId()).isPresent()) {
            throw IamErrors.conflict("Cannot delete entity, must delete login profile first.");
        }
        String name = user.userName();
        if (store.mfaDevices.all().stream().anyMatch(device -> device.userId().equals(user.userId()))) {
            throw IamErrors.conflict("Cannot delete entity, must delete MFA device first.");
        }
        if (!store.signingCertificates
                .list()
                .where(certificate -> certificate.userName().equals(name))
                .all()
                .isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must delete signing certificates first.");
        }
        if (!store.sshKeys
                .list()
                .where(key -> key.userName().equals(name))
                .all()
                .isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must delete SSH public keys first.");
        }
        if (!store.serviceCredentials
                .list()
                .where(credential -> credential.userName().equals(name))
                .all()
                .isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must delete service specific credentials first.");
        }
        store.users.delete(user);
        return DeleteUserResponse.builder().build();
    }

    PutUserPermissionsBoundaryResponse putUserPermissionsBoundary(PutUserPermissionsBoundaryRequest request) {
        AttachedPermissionsBoundary boundary = boundary(store, request.permissionsBoundary());
        store.users.change(
                request.userName(),
                user -> user.toBuilder().permissionsBoundary(boundary).build());
        return PutUserPermissionsBoundaryResponse.builder().build();
    }

    DeleteUserPermissionsBoundaryResponse deleteUserPermissionsBoundary(DeleteUserPermissionsBoundaryRequest request) {
        store.users.change(request.userName(), user -> {
            if (user.permissionsBoundary() == null) {
                throw IamErrors.noSuchEntity("User " + user.userName() + " does not have a permissions boundary.");
            }
            return user.toBuilder()
                    .permissionsBoundary((AttachedPermissionsBoundary) null)
                    .build();
        });
        return DeleteUserPermissionsBoundaryResponse.builder().build();
    }

    /** The boundary that a request names, null where it names none. */
    static AttachedPermissionsBoundary boundary(IamStore store, String arn) {
        if (arn == null) {
            return null;
        }
        return AttachedPermissionsBoundary.builder()
                .permissionsBoundaryArn(store.policy(arn).arn())
                .permissionsBoundaryType(PermissionsBoundaryAttachmentType.PERMISSIONS_BOUNDARY_POLICY)
                .build();
    }

    TagUserResponse tagUser(TagUserRequest request) {
        store.users.change(
                request.userName(),
                user -> user.toBuilder()
                        .tags(EntityTags.with(user.tags(), request.tags()))
                        .build());
        return TagUserResponse.builder().build();
    }

    UntagUserResponse untagUser(UntagUserRequest request) {
        store.users.change(
                request.userName(),
                user -> user.toBuilder()
                        .tags(EntityTags.without(user.tags(), request.tagKeys()))
                        .build());
        return UntagUserResponse.builder().build();
    }

    ListUserTagsResponse listUserTags(ListUserTagsRequest request) {
        Listed<Tag> page =
                Listed.page(store.users.get(request.userName()).tags(), Tag::key, request.marker(), request.maxItems());
        return ListUserTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    AddUserToGroupResponse addUserToGroup(AddUserToGroupRequest request) {
        String group = store.groups.get(request.groupName()).groupName();
        store.users.change(request.userName(), user -> {
            if (user.groupList().contains(group)) {
                return user;
            }
            if (user.groupList().size() >= MOST_GROUPS) {
                throw IamErrors.limit("GroupsPerUser", MOST_GROUPS);
            }
            List<String> groups = new ArrayList<>(user.groupList());
            groups.add(group);
            return user.toBuilder().groupList(groups).build();
        });
        return AddUserToGroupResponse.builder().build();
    }

    RemoveUserFromGroupResponse removeUserFromGroup(RemoveUserFromGroupRequest request) {
        String group = store.groups.get(request.groupName()).groupName();
        store.users.change(request.userName(), user -> {
            if (!user.groupList().contains(group)) {
                throw IamErrors.noSuchEntity(
                        "The user with name " + user.userName() + " is not in group " + group + ".");
            }
            return user.toBuilder()
                    .groupList(user.groupList().stream()
                            .filter(name -> !name.equals(group))
                            .toList())
                    .build();
        });
        return RemoveUserFromGroupResponse.builder().build();
    }

    ListGroupsForUserResponse listGroupsForUser(ListGroupsForUserRequest request) {
        Listed<GroupDetail> page = Listed.page(
                store.groupsOf(store.users.get(request.userName())),
                GroupDetail::groupName,
                request.marker(),
                request.maxItems());
        return ListGroupsForUserResponse.builder()
                .groups(page.items().stream().map(Groups::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    /** The name in a request, or that of the user who calls. */
    static String nameOrCaller(String given) {
        if (given != null) {
            return given;
        }
        Principal caller = CallContext.current().principal();
        if (caller.kind() != Principal.Kind.USER) {
            throw new AwsError("ValidationError", 400, "Must specify userName when calling with non-User credentials");
        }
        return caller.arn().substring(caller.arn().lastIndexOf('/') + 1);
    }

    static User shown(UserDetail user) {
        return User.builder()
                .path(user.path())
                .userName(user.userName())
                .userId(user.userId())
                .arn(user.arn())
                .createDate(user.createDate())
                .permissionsBoundary(user.permissionsBoundary())
                .tags(user.tags().isEmpty() ? null : user.tags())
                .build();
    }

    /** The user as an owner of policies. */
    IdentityPolicies.Owner owner(String name) {
        return new IdentityPolicies.Owner(
                "user",
                name,
                LARGEST_INLINE,
                () -> rightsOf(store.users.get(name)),
                change -> store.users.change(name, user -> {
                    IdentityPolicies.Rights rights = change.apply(rightsOf(user));
                    return user.toBuilder()
                            .userPolicyList(rights.inline())
                            .attachedManagedPolicies(rights.attached())
                            .build();
                }));
    }

    private static IdentityPolicies.Rights rightsOf(UserDetail user) {
        return new IdentityPolicies.Rights(user.userPolicyList(), user.attachedManagedPolicies());
    }
}
