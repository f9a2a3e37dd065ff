package dev.outcrop.services.iam;

import dev.outcrop.kernel.Ids;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.iam.model.AttachGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreateGroupRequest;
import software.amazon.awssdk.services.iam.model.CreateGroupResponse;
import software.amazon.awssdk.services.iam.model.DeleteGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteGroupRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupResponse;
import software.amazon.awssdk.services.iam.model.DetachGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetGroupRequest;
import software.amazon.awssdk.services.iam.model.GetGroupResponse;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ListAttachedGroupPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedGroupPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListGroupPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListGroupPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListGroupsRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsResponse;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PutGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.PutGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateGroupRequest;
import software.amazon.awssdk.services.iam.model.UpdateGroupResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** Groups of users, and what they may. */
final class Groups {
    private static final int LARGEST_INLINE = 5120;

    private final IamStore store;
    private final IdentityPolicies policies;
    private final Ids ids;
    private final InstantSource clock;

    Groups(IamStore store, IdentityPolicies policies, Ids ids, InstantSource clock) {
        this.store = store;
        this.policies = policies;
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
        return new IdentityPolicies.Owner() {
            @Override
            public String kind() {
                return "group";
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public IdentityPolicies.Rights rights() {
                GroupDetail group = store.groups.get(name);
                return new IdentityPolicies.Rights(group.groupPolicyList(), group.attachedManagedPolicies());
            }

            @Override
            public void change(UnaryOperator<IdentityPolicies.Rights> change) {
                store.groups.change(name, group -> {
                    IdentityPolicies.Rights rights = change.apply(
                            new IdentityPolicies.Rights(group.groupPolicyList(), group.attachedManagedPolicies()));
                    return group.toBuilder()
                            .groupPolicyList(rights.inline())
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

    AttachGroupPolicyResponse attachGroupPolicy(AttachGroupPolicyRequest request) {
        policies.attach(owner(request.groupName()), request.policyArn());
        return AttachGroupPolicyResponse.builder().build();
    }

    DetachGroupPolicyResponse detachGroupPolicy(DetachGroupPolicyRequest request) {
        policies.detach(owner(request.groupName()), request.policyArn());
        return DetachGroupPolicyResponse.builder().build();
    }

    ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(ListAttachedGroupPoliciesRequest request) {
        Listed<AttachedPolicy> page = policies.attached(
                owner(request.groupName()), request.pathPrefix(), request.marker(), request.maxItems());
        return ListAttachedGroupPoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    PutGroupPolicyResponse putGroupPolicy(PutGroupPolicyRequest request) {
        policies.put(owner(request.groupName()), request.policyName(), request.policyDocument());
        return PutGroupPolicyResponse.builder().build();
    }

    GetGroupPolicyResponse getGroupPolicy(GetGroupPolicyRequest request) {
        PolicyDetail policy = policies.get(owner(request.groupName()), request.policyName());
        return GetGroupPolicyResponse.builder()
                .groupName(request.groupName())
                .policyName(policy.policyName())
                .policyDocument(IdentityPolicies.encoded(policy.policyDocument()))
                .build();
    }

    DeleteGroupPolicyResponse deleteGroupPolicy(DeleteGroupPolicyRequest request) {
        policies.delete(owner(request.groupName()), request.policyName());
        return DeleteGroupPolicyResponse.builder().build();
    }

    ListGroupPoliciesResponse listGroupPolicies(ListGroupPoliciesRequest request) {
        Listed<String> page = policies.names(owner(request.groupName()), request.marker(), request.maxItems());
        return ListGroupPoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }
}
