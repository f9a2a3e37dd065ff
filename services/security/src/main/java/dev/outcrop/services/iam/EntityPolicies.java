package dev.outcrop.services.iam;

import dev.outcrop.shapes.Shapes;
import software.amazon.awssdk.services.iam.model.AttachGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.DeleteGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.DetachGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DetachUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedGroupPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedGroupPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedUserPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedUserPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListGroupPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListGroupPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListUserPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListUserPoliciesResponse;
import software.amazon.awssdk.services.iam.model.PutGroupPolicyRequest;
import software.amazon.awssdk.services.iam.model.PutGroupPolicyResponse;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.PutUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.PutUserPolicyResponse;

/** The operations on policies in and on users, groups and roles: the same seven for each. */
final class EntityPolicies {
    private final IdentityPolicies policies;
    private final Users users;
    private final Groups groups;
    private final Roles roles;

    EntityPolicies(IdentityPolicies policies, Users users, Groups groups, Roles roles) {
        this.policies = policies;
        this.users = users;
        this.groups = groups;
        this.roles = roles;
    }

    AttachUserPolicyResponse attachUserPolicy(AttachUserPolicyRequest request) {
        policies.attach(users.owner(request.userName()), request.policyArn());
        return AttachUserPolicyResponse.builder().build();
    }

    AttachGroupPolicyResponse attachGroupPolicy(AttachGroupPolicyRequest request) {
        policies.attach(groups.owner(request.groupName()), request.policyArn());
        return AttachGroupPolicyResponse.builder().build();
    }

    AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest request) {
        policies.attach(roles.owner(request.roleName()), request.policyArn());
        return AttachRolePolicyResponse.builder().build();
    }

    DetachUserPolicyResponse detachUserPolicy(DetachUserPolicyRequest request) {
        policies.detach(users.owner(request.userName()), request.policyArn());
        return DetachUserPolicyResponse.builder().build();
    }

    DetachGroupPolicyResponse detachGroupPolicy(DetachGroupPolicyRequest request) {
        policies.detach(groups.owner(request.groupName()), request.policyArn());
        return DetachGroupPolicyResponse.builder().build();
    }

    DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest request) {
        policies.detach(roles.owner(request.roleName()), request.policyArn());
        return DetachRolePolicyResponse.builder().build();
    }

    ListAttachedUserPoliciesResponse listAttachedUserPolicies(ListAttachedUserPoliciesRequest request) {
        return attached(users.owner(request.userName()), request.pathPrefix(), request.marker(), request.maxItems());
    }

    ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(ListAttachedGroupPoliciesRequest request) {
        IdentityPolicies.Owner owner = groups.owner(request.groupName());
        return Shapes.copy(
                        attached(owner, request.pathPrefix(), request.marker(), request.maxItems()),
                        ListAttachedGroupPoliciesResponse.builder())
                .build();
    }

    ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest request) {
        IdentityPolicies.Owner owner = roles.owner(request.roleName());
        return Shapes.copy(
                        attached(owner, request.pathPrefix(), request.marker(), request.maxItems()),
                        ListAttachedRolePoliciesResponse.builder())
                .build();
    }

    private ListAttachedUserPoliciesResponse attached(
            IdentityPolicies.Owner owner, String pathPrefix, String marker, Integer most) {
        Listed<AttachedPolicy> page = policies.attached(owner, pathPrefix, marker, most);
        return ListAttachedUserPoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    PutUserPolicyResponse putUserPolicy(PutUserPolicyRequest request) {
        policies.put(users.owner(request.userName()), request.policyName(), request.policyDocument());
        return PutUserPolicyResponse.builder().build();
    }

    PutGroupPolicyResponse putGroupPolicy(PutGroupPolicyRequest request) {
        policies.put(groups.owner(request.groupName()), request.policyName(), request.policyDocument());
        return PutGroupPolicyResponse.builder().build();
    }

    PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest request) {
        policies.put(roles.owner(request.roleName()), request.policyName(), request.policyDocument());
        return PutRolePolicyResponse.builder().build();
    }

    GetUserPolicyResponse getUserPolicy(GetUserPolicyRequest request) {
        return Shapes.copy(
                        policies.shown(users.owner(request.userName()), request.policyName()),
                        GetUserPolicyResponse.builder().userName(request.userName()))
                .build();
    }

    GetGroupPolicyResponse getGroupPolicy(GetGroupPolicyRequest request) {
        return Shapes.copy(
                        policies.shown(groups.owner(request.groupName()), request.policyName()),
                        GetGroupPolicyResponse.builder().groupName(request.groupName()))
                .build();
    }

    GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest request) {
        return Shapes.copy(
                        policies.shown(roles.owner(request.roleName()), request.policyName()),
                        GetRolePolicyResponse.builder().roleName(request.roleName()))
                .build();
    }

    DeleteUserPolicyResponse deleteUserPolicy(DeleteUserPolicyRequest request) {
        policies.delete(users.owner(request.userName()), request.policyName());
        return DeleteUserPolicyResponse.builder().build();
    }

    DeleteGroupPolicyResponse deleteGroupPolicy(DeleteGroupPolicyRequest request) {
        policies.delete(groups.owner(request.groupName()), request.policyName());
        return DeleteGroupPolicyResponse.builder().build();
    }

    DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest request) {
        policies.delete(roles.owner(request.roleName()), request.policyName());
        return DeleteRolePolicyResponse.builder().build();
    }

    ListUserPoliciesResponse listUserPolicies(ListUserPoliciesRequest request) {
        return names(users.owner(request.userName()), request.marker(), request.maxItems());
    }

    ListGroupPoliciesResponse listGroupPolicies(ListGroupPoliciesRequest request) {
        return Shapes.copy(
                        names(groups.owner(request.groupName()), request.marker(), request.maxItems()),
                        ListGroupPoliciesResponse.builder())
                .build();
    }

    ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest request) {
        return Shapes.copy(
                        names(roles.owner(request.roleName()), request.marker(), request.maxItems()),
                        ListRolePoliciesResponse.builder())
                .build();
    }

    private ListUserPoliciesResponse names(IdentityPolicies.Owner owner, String marker, Integer most) {
        Listed<String> page = policies.names(owner, marker, most);
        return ListUserPoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }
}
