package dev.outcrop.services.iam;

import dev.outcrop.kernel.Ids;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.iam.model.CreateGroupRequest;
import software.amazon.awssdk.services.iam.model.CreateGroupResponse;
import software.amazon.awssdk.services.iam.model.DeleteGroupRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupResponse;
import software.amazon.awssdk.services.iam.model.GetGroupRequest;
import software.amazon.awssdk.services.iam.model.GetGroupResponse;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ListGroupsRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsResponse;
import software.amazon.awssdk.services.iam.model.UpdateGroupRequest;
import software.amazon.awssdk.services.iam.model.UpdateGroupResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** Groups of users, and what they may. */
final class Groups {
    static final int LARGEST_INLINE = 5120;

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    Groups(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    CreateGroupResponse createGroup(CreateGroupRequest request) {
        String path = Entities.path(request.path());
        GroupDetail group = store.groups.insert(GroupDetail.builder()
                .groupName(request.groupName())
                .path(path)
                .groupId("AGPA" + ids.uppercase(17))
                .arn(Entities.arn("group", path, request.groupName()))
                .createDate(clock.instant())
                .build());
        return CreateGroupResponse.builder().group(shown(group)).build();
    }

    GetGroupResponse getGroup(GetGroupRequest request) {
        GroupDetail group = store.groups.get(request.groupName());
        Listed<UserDetail> page =
                Listed.page(members(group), UserDetail::userName, request.marker(), request.maxItems());
        return GetGroupResponse.builder()
                .group(shown(group))
                .users(page.items().stream().map(Users::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private List<UserDetail> members(GroupDetail group) {
        return store.users.all().stream()
                .filter(user -> user.groupList().contains(group.groupName()))
                .toList();
    }

    ListGroupsResponse listGroups(ListGroupsRequest request) {
        Listed<GroupDetail> page = Listed.page(
                store.groups.all(GroupDetail::path, request.pathPrefix()),
                GroupDetail::groupName,
                request.marker(),
                request.maxItems());
        return ListGroupsResponse.builder()
                .groups(page.items().stream().map(Groups::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateGroupResponse updateGroup(UpdateGroupRequest request) {
        GroupDetail before = store.groups.get(request.groupName());
        List<UserDetail> members = members(before);
        GroupDetail after = store.groups.change(request.groupName(), group -> {
            String path = request.newPath() == null ? group.path() : request.newPath();
            String name = request.newGroupName() == null ? group.groupName() : request.newGroupName();
            return group.toBuilder()
                    .path(path)
                    .groupName(name)
                    .arn(Entities.arn("group", path, name))
                    .build();
        });
        members.forEach(member -> store.users.change(
                member.userName(),
                user -> user.toBuilder()
                        .groupList(user.groupList().stream()
                                .map(name -> name.equals(before.groupName()) ? after.groupName() : name)
                                .toList())
                        .build()));
        return UpdateGroupResponse.builder().build();
    }

    DeleteGroupResponse deleteGroup(DeleteGroupRequest request) {
        GroupDetail group = store.groups.get(request.groupName());
        IdentityPolicies.checkEmpty(owner(group.groupName()));
        if (!members(group).isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must remove users from group first.");
        }
        store.groups.delete(group);
        return DeleteGroupResponse.builder().build();
    }

    static Group shown(GroupDetail group) {
        return Group.builder()
                .path(group.path())
                .groupName(group.groupName())
                .groupId(group.groupId())
                .arn(group.arn())
                .createDate(group.createDate())
                .build();
    }

    /** The group as an owner of policies. */
    IdentityPolicies.Owner owner(String name) {
        return new IdentityPolicies.Owner(
                "group",
                name,
                LARGEST_INLINE,
                () -> rightsOf(store.groups.get(name)),
                change -> store.groups.change(name, group -> {
                    IdentityPolicies.Rights rights = change.apply(rightsOf(group));
                    return group.toBuilder()
                            .groupPolicyList(rights.inline())
                            .attachedManagedPolicies(rights.attached())
                            .build();
                }));
    }

    private static IdentityPolicies.Rights rightsOf(GroupDetail group) {
        return new IdentityPolicies.Rights(group.groupPolicyList(), group.attachedManagedPolicies());
    }
}
