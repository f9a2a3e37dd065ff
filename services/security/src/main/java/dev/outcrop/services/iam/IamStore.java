package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.storage.Records;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.SSHPublicKey;
import software.amazon.awssdk.services.iam.model.ServerCertificate;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.SigningCertificate;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What IAM keeps of the call's account. */
final class IamStore {
    /** The types of records that decisions depend on. */
    static final Set<String> DECISIVE = Set.of(
            "iam:user",
            "iam:group",
            "iam:role",
            "iam:role-rights",
            "iam:policy",
            "iam:access-key",
            "iam:service-credential",
            "outcrop:tags");

    static final int MOST_USERS = 5000;
    static final int MOST_GROUPS = 300;
    static final int MOST_ROLES = 1000;
    static final int MOST_PROFILES = 1000;
    static final int MOST_POLICIES = 1500;
    static final int MOST_SERVER_CERTIFICATES = 20;

    final Entities<UserDetail> users;
    final Entities<GroupDetail> groups;
    final Entities<Role> roles;
    final Entities<InstanceProfile> profiles;
    final Entities<ManagedPolicyDetail> policies;
    /** What a role may, by its id; absent until it is first given something. */
    final Resources<RoleDetail> roleRights;
    /** By access key id, secrets encrypted. */
    final Resources<AccessKey> accessKeys;
    /** By user id. */
    final IamRecords<Login> logins;
    /** By serial number. */
    final IamRecords<MfaDevice> mfaDevices;
    /** By ARN. */
    final Resources<GetOpenIdConnectProviderResponse> openIdProviders;
    /** By ARN. */
    final IamRecords<SamlProviders.SamlProvider> samlProviders;
    /** By the key's id. */
    final Resources<SSHPublicKey> sshKeys;
    /** By the certificate's id. */
    final Resources<SigningCertificate> signingCertificates;

    /** By the task's id. */
    final IamRecords<ServiceLinkedRoles.Deletion> deletions;
    /** One an account at most, with {@link #ONLY} as its id. */
    final IamRecords<CredentialReports.Report> reports;
    /** By the job's id. */
    final IamRecords<LastAccess.Job> lastAccessJobs;

    final Entities<ServerCertificate> serverCertificates;
    /** Private keys of server certificates by the certificates' ids, encrypted. */
    final IamRecords<EncryptedKey> serverKeys;
    /** By id, their passwords encrypted. */
    final Resources<ServiceSpecificCredential> serviceCredentials;
    /** One an account at most, with {@link #ONLY} as its id. */
    final Resources<PasswordPolicy> passwordPolicies;
    /** One an account at most, with {@link #ONLY} as its id. */
    final Resources<CreateAccountAliasRequest> aliases;

    /** Tags of what has none in its own record. */
    final ResourceTags tags;

    static final String ONLY = "account";

    /** @param base64 a key under the master key */
    record EncryptedKey(String base64) {}

    IamStore(ResourceStore store, Records records) {
        users = new Entities<>(
                "user",
                store.resources("iam:user", UserDetail::builder),
                UserDetail::userId,
                UserDetail::userName,
                "UsersPerAccount",
                MOST_USERS);
        groups = new Entities<>(
                "group",
                store.resources("iam:group", GroupDetail::builder),
                GroupDetail::groupId,
                GroupDetail::groupName,
                "GroupsPerAccount",
                MOST_GROUPS);
        roles = new Entities<>(
                "role",
                store.resources("iam:role", Role::builder),
                Role::roleId,
                Role::roleName,
                "RolesPerAccount",
                MOST_ROLES);
        profiles = new Entities<>(
                "instance profile",
                store.resources("iam:instance-profile", InstanceProfile::builder),
                InstanceProfile::instanceProfileId,
                InstanceProfile::instanceProfileName,
                "InstanceProfilesPerAccount",
                MOST_PROFILES);
        policies = new Entities<>(
                "policy",
                store.resources("iam:policy", ManagedPolicyDetail::builder),
                ManagedPolicyDetail::policyId,
                ManagedPolicyDetail::policyName,
                "PoliciesPerAccount",
                MOST_POLICIES);
        roleRights = store.resources("iam:role-rights", RoleDetail::builder).global();
        accessKeys =
                store.resources("iam:access-key", AccessKey::builder).global().under(AccessKey::userName);
        logins = new IamRecords<>("iam:login", Login.class, records);
        mfaDevices = new IamRecords<>("iam:mfa-device", MfaDevice.class, records);
        openIdProviders = store.resources("iam:oidc-provider", GetOpenIdConnectProviderResponse::builder)
                .global();
        samlProviders = new IamRecords<>("iam:saml-provider", SamlProviders.SamlProvider.class, records);
        sshKeys = store.resources("iam:ssh-key", SSHPublicKey::builder).global();
        signingCertificates = store.resources("iam:signing-certificate", SigningCertificate::builder)
                .global();
        serverCertificates = new Entities<>(
                "server certificate",
                store.resources("iam:server-certificate", ServerCertificate::builder),
                certificate -> certificate.serverCertificateMetadata().serverCertificateId(),
                certificate -> certificate.serverCertificateMetadata().serverCertificateName(),
                "ServerCertificatesPerAccount",
                MOST_SERVER_CERTIFICATES);
        deletions = new IamRecords<>("iam:role-deletion", ServiceLinkedRoles.Deletion.class, records);
        reports = new IamRecords<>("iam:credential-report", CredentialReports.Report.class, records);
        lastAccessJobs = new IamRecords<>("iam:last-access-job", LastAccess.Job.class, records);
        serverKeys = new IamRecords<>("iam:server-key", EncryptedKey.class, records);
        serviceCredentials = store.resources("iam:service-credential", ServiceSpecificCredential::builder)
                .global();
        passwordPolicies =
                store.resources("iam:password-policy", PasswordPolicy::builder).global();
        aliases = store.resources("iam:account-alias", CreateAccountAliasRequest::builder)
                .global();
        tags = new ResourceTags(store.tags());
    }

    /** What a role may. */
    RoleDetail rights(Role role) {
        return roleRights
                .find(role.roleId())
                .orElseGet(() -> RoleDetail.builder().build());
    }

    /**
     * The managed policy with {@code arn}, the account's own or AWS's.
     *
     * @throws AwsError {@code NoSuchEntity} if there is none
     */
    ManagedPolicyDetail policy(String arn) {
        return findPolicy(arn)
                .orElseThrow(() -> IamErrors.noSuchEntity("Policy " + arn + " does not exist or is not attachable."));
    }

    Optional<ManagedPolicyDetail> findPolicy(String arn) {
        Optional<ManagedPolicyDetail> aws = AwsManagedPolicies.find(arn);
        if (aws.isPresent()) {
            return aws;
        }
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        try {
            return Optional.of(policies.get(name)).filter(policy -> policy.arn().equals(arn));
        } catch (AwsError missing) {
            return Optional.empty();
        }
    }

    /** The instance profiles that hold a role. */
    List<InstanceProfile> profilesOf(String roleName) {
        return profiles.all().stream()
                .filter(profile -> profile.roles().stream()
                        .anyMatch(role -> role.roleName().equals(roleName)))
                .toList();
    }

    /** The access keys of a user. */
    List<AccessKey> keysOf(String userName) {
        return accessKeys.list().where(key -> key.userName().equals(userName)).all();
    }

    /** The document of a policy's default version. */
    static String document(ManagedPolicyDetail policy) {
        return policy.policyVersionList().stream()
                .filter(version -> version.versionId().equals(policy.defaultVersionId()))
                .findFirst()
                .orElseThrow()
                .document();
    }

    /** What {@code body} gives when it is asked about {@code account}, whoever calls. */
    static <T> T in(String account, Supplier<T> body) {
        if (CallContext.isBound() && CallContext.current().account().equals(account)) {
            return body.get();
        }
        return CallContext.builder()
                .principal(Principal.root(account, Optional.empty()))
                .requestId("iam")
                .build()
                .call(body::get);
    }

    /** The groups that a user belongs to. */
    List<GroupDetail> groupsOf(UserDetail user) {
        return user.groupList().stream()
                .flatMap(name -> {
                    try {
                        return Stream.of(groups.get(name));
                    } catch (AwsError gone) {
                        return Stream.empty();
                    }
                })
                .toList();
    }
}
