package dev.outcrop.services.iam;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsRequest;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetAccountSummaryRequest;
import software.amazon.awssdk.services.iam.model.GetAccountSummaryResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ListAccountAliasesRequest;
import software.amazon.awssdk.services.iam.model.ListAccountAliasesResponse;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What is to be said of an account as a whole. */
final class Account {
    private final IamStore store;

    Account(IamStore store) {
        this.store = store;
    }

    CreateAccountAliasResponse createAccountAlias(CreateAccountAliasRequest request) {
        store.aliases.put(
                IamStore.ONLY,
                CreateAccountAliasRequest.builder()
                        .accountAlias(request.accountAlias())
                        .build());
        return CreateAccountAliasResponse.builder().build();
    }

    ListAccountAliasesResponse listAccountAliases(ListAccountAliasesRequest request) {
        return ListAccountAliasesResponse.builder()
                .accountAliases(store.aliases.find(IamStore.ONLY).map(CreateAccountAliasRequest::accountAlias).stream()
                        .toList())
                .isTruncated(false)
                .build();
    }

    DeleteAccountAliasResponse deleteAccountAlias(DeleteAccountAliasRequest request) {
        boolean present = store.aliases
                .find(IamStore.ONLY)
                .filter(alias -> alias.accountAlias().equals(request.accountAlias()))
                .isPresent();
        if (!present) {
            throw IamErrors.noSuchEntity("The account alias with name " + request.accountAlias() + " cannot be found.");
        }
        store.aliases.delete(IamStore.ONLY);
        return DeleteAccountAliasResponse.builder().build();
    }

    GetAccountSummaryResponse getAccountSummary(GetAccountSummaryRequest request) {
        List<ManagedPolicyDetail> policies = store.policies.all();
        List<MfaDevice> devices = store.mfaDevices.all();
        Map<SummaryKeyType, Integer> summary = new EnumMap<>(SummaryKeyType.class);
        summary.put(SummaryKeyType.USERS, store.users.all().size());
        summary.put(SummaryKeyType.USERS_QUOTA, IamStore.MOST_USERS);
        summary.put(SummaryKeyType.GROUPS, store.groups.all().size());
        summary.put(SummaryKeyType.GROUPS_QUOTA, IamStore.MOST_GROUPS);
        summary.put(SummaryKeyType.ROLES, store.roles.all().size());
        summary.put(SummaryKeyType.ROLES_QUOTA, IamStore.MOST_ROLES);
        summary.put(SummaryKeyType.INSTANCE_PROFILES, store.profiles.all().size());
        summary.put(SummaryKeyType.INSTANCE_PROFILES_QUOTA, IamStore.MOST_PROFILES);
        summary.put(
                SummaryKeyType.SERVER_CERTIFICATES,
                store.serverCertificates.all().size());
        summary.put(SummaryKeyType.SERVER_CERTIFICATES_QUOTA, IamStore.MOST_SERVER_CERTIFICATES);
        summary.put(
                SummaryKeyType.PROVIDERS,
                store.openIdProviders.list().all().size()
                        + store.samlProviders.all().size());
        summary.put(SummaryKeyType.MFA_DEVICES, devices.size());
        summary.put(SummaryKeyType.MFA_DEVICES_IN_USE, (int)
                devices.stream().filter(device -> !device.userId().isEmpty()).count());
        summary.put(SummaryKeyType.ACCOUNT_MFA_ENABLED, 0);
        summary.put(SummaryKeyType.ACCOUNT_SIGNING_CERTIFICATES_PRESENT, 0);
        summary.put(SummaryKeyType.USER_POLICY_SIZE_QUOTA, Users.LARGEST_INLINE);
        summary.put(SummaryKeyType.GROUP_POLICY_SIZE_QUOTA, Groups.LARGEST_INLINE);
        summary.put(SummaryKeyType.ROLE_POLICY_SIZE_QUOTA, Roles.LARGEST_INLINE);
        summary.put(SummaryKeyType.ASSUME_ROLE_POLICY_SIZE_QUOTA, Roles.LARGEST_TRUST);
        summary.put(SummaryKeyType.GROUPS_PER_USER_QUOTA, Users.MOST_GROUPS);
        summary.put(SummaryKeyType.ACCESS_KEYS_PER_USER_QUOTA, UserAccessKeys.MOST_KEYS);
        summary.put(SummaryKeyType.SIGNING_CERTIFICATES_PER_USER_QUOTA, SigningCertificates.MOST_OF_A_USER);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_USER_QUOTA, IdentityPolicies.MOST_ATTACHED);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_GROUP_QUOTA, IdentityPolicies.MOST_ATTACHED);
        summary.put(SummaryKeyType.ATTACHED_POLICIES_PER_ROLE_QUOTA, IdentityPolicies.MOST_ATTACHED);
        summary.put(SummaryKeyType.POLICIES, policies.size());
        summary.put(SummaryKeyType.POLICIES_QUOTA, IamStore.MOST_POLICIES);
        summary.put(SummaryKeyType.POLICY_SIZE_QUOTA, ManagedPolicies.LARGEST);
        summary.put(
                SummaryKeyType.POLICY_VERSIONS_IN_USE,
                policies.stream()
                        .mapToInt(policy -> policy.policyVersionList().size())
                        .sum());
        summary.put(SummaryKeyType.POLICY_VERSIONS_IN_USE_QUOTA, 10_000);
        summary.put(SummaryKeyType.VERSIONS_PER_POLICY_QUOTA, ManagedPolicies.MOST_VERSIONS);
        return GetAccountSummaryResponse.builder().summaryMap(summary).build();
    }

    /** All of the account in one answer, page by page over users, groups, roles and policies in this order. */
    GetAccountAuthorizationDetailsResponse getAccountAuthorizationDetails(
            GetAccountAuthorizationDetailsRequest request) {
        List<EntityType> wanted = request.filter().isEmpty() ? List.of(EntityType.values()) : request.filter();
        List<Detail> all = new ArrayList<>();
        if (wanted.contains(EntityType.USER)) {
            store.users.all().forEach(user -> all.add(new Detail("1" + user.userName(), user)));
        }
        if (wanted.contains(EntityType.GROUP)) {
            store.groups.all().forEach(group -> all.add(new Detail("2" + group.groupName(), group)));
        }
        if (wanted.contains(EntityType.ROLE)) {
            store.roles.all().forEach(role -> all.add(new Detail("3" + role.roleName(), role)));
        }
        if (wanted.contains(EntityType.LOCAL_MANAGED_POLICY)) {
            store.policies.all().forEach(policy -> all.add(new Detail("4" + policy.policyName(), policy)));
        }
        if (wanted.contains(EntityType.AWS_MANAGED_POLICY)) {
            AwsManagedPolicies.all().forEach(policy -> all.add(new Detail("5" + policy.policyName(), policy)));
        }
        Listed<Detail> page = Listed.page(all, Detail::name, request.marker(), request.maxItems());
        List<UserDetail> users = new ArrayList<>();
        List<GroupDetail> groups = new ArrayList<>();
        List<RoleDetail> roles = new ArrayList<>();
        List<ManagedPolicyDetail> policies = new ArrayList<>();
        for (Detail detail : page.items()) {
            switch (detail.entity()) {
                case UserDetail user ->
                    users.add(user.toBuilder()
                            .userPolicyList(encoded(user.userPolicyList()))
                            .build());
                case GroupDetail group ->
                    groups.add(group.toBuilder()
                            .groupPolicyList(encoded(group.groupPolicyList()))
                            .build());
                case Role role -> roles.add(detail(role));
                case ManagedPolicyDetail policy -> policies.add(encoded(policy));
                default -> throw new IllegalStateException("no entity: " + detail);
            }
        }
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(users)
                .groupDetailList(groups)
                .roleDetailList(roles)
                .policies(policies)
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private record Detail(String name, Object entity) {}

    private RoleDetail detail(Role role) {
        RoleDetail rights = store.rights(role);
        return RoleDetail.builder()
                .roleName(role.roleName())
                .roleId(role.roleId())
                .path(role.path())
                .arn(role.arn())
                .createDate(role.createDate())
                .assumeRolePolicyDocument(IdentityPolicies.encoded(role.assumeRolePolicyDocument()))
                .permissionsBoundary(role.permissionsBoundary())
                .tags(role.tags())
                .rolePolicyList(encoded(rights.rolePolicyList()))
                .attachedManagedPolicies(rights.attachedManagedPolicies())
                .instanceProfileList(store.profilesOf(role.roleName()))
                .build();
    }

    private static List<PolicyDetail> encoded(List<PolicyDetail> policies) {
        return policies.stream()
                .map(policy -> policy.toBuilder()
                        .policyDocument(IdentityPolicies.encoded(policy.policyDocument()))
                        .build())
                .toList();
    }

    private static ManagedPolicyDetail encoded(ManagedPolicyDetail policy) {
        return policy.toBuilder()
                .policyVersionList(policy.policyVersionList().stream()
                        .map(version -> version.toBuilder()
                                .document(IdentityPolicies.encoded(version.document()))
                                .build())
                        .toList())
                .build();
    }
}
