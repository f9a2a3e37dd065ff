package dev.outcrop.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.SecurityHouse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CredentialReportNotPresentException;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.DeletionTaskStatusType;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyResponse;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PasswordPolicyViolationException;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.PolicyGrantingServiceAccess;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.ReportStateType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.ServiceLastAccessed;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;
import software.amazon.awssdk.services.iam.model.User;

class IamServiceTest {
    private static final String READS = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}""";
    private static final String TRUSTS = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"AWS": "123456789012"}}}""";

    @TempDir
    Path path;

    private SecurityHouse house;
    private IamClient iam;

    @BeforeEach
    void setUp() {
        house = new SecurityHouse(path);
        iam = house.asRoot(IamClient.class, house.iam);
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    @Test
    void usersAreMadeChangedListedInPagesAndDeleted() {
        for (String name : List.of("carol", "alice", "bob")) {
            iam.createUser(request -> request.userName(name).path("/staff/"));
        }
        iam.updateUser(request -> request.userName("bob").newUserName("robert").newPath("/"));

        ListUsersResponse first = iam.listUsers(request -> request.maxItems(2));
        ListUsersResponse second = iam.listUsers(request -> request.maxItems(2).marker(first.marker()));

        assertThat(first.users()).extracting(User::userName).containsExactly("alice", "carol");
        assertThat(first.isTruncated()).isTrue();
        assertThat(second.users()).extracting(User::arn).containsExactly("arn:aws:iam::123456789012:user/robert");
        assertThat(second.isTruncated()).isFalse();
        assertThat(iam.listUsers(request -> request.pathPrefix("/staff/")).users())
                .hasSize(2);
        iam.deleteUser(request -> request.userName("robert"));
        assertThatThrownBy(() -> iam.getUser(request -> request.userName("robert")))
                .isInstanceOf(NoSuchEntityException.class)
                .hasMessageContaining("The user with name robert cannot be found.");
    }

    @Test
    void namesThatDifferInCaseOnlyAreTaken() {
        iam.createUser(request -> request.userName("alice"));

        assertThatThrownBy(() -> iam.createUser(request -> request.userName("ALICE")))
                .isInstanceOf(EntityAlreadyExistsException.class)
                .hasMessageContaining("User with name ALICE already exists.");
    }

    @Test
    void anEntityThatHoldsSomethingIsNotDeleted() {
        iam.createUser(request -> request.userName("alice"));
        iam.createGroup(request -> request.groupName("staff"));
        iam.addUserToGroup(request -> request.userName("alice").groupName("staff"));
        iam.createAccessKey(request -> request.userName("alice"));

        assertThatThrownBy(() -> iam.deleteGroup(request -> request.groupName("staff")))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iam.deleteUser(request -> request.userName("alice")))
                .isInstanceOf(DeleteConflictException.class)
                .hasMessageContaining("must remove users from group first");
        iam.removeUserFromGroup(request -> request.userName("alice").groupName("staff"));
        assertThatThrownBy(() -> iam.deleteUser(request -> request.userName("alice")))
                .hasMessageContaining("must delete access keys first");
        assertThat(iam.getGroup(request -> request.groupName("staff")).users()).isEmpty();
    }

    @Test
    void inlineAndAttachedPoliciesAreAlikeForUsersGroupsAndRoles() {
        String arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
        iam.createUser(request -> request.userName("it"));
        iam.createGroup(request -> request.groupName("it"));
        iam.createRole(request -> request.roleName("it").assumeRolePolicyDocument(TRUSTS));

        iam.putUserPolicy(request -> request.userName("it").policyName("reads").policyDocument(READS));
        iam.putGroupPolicy(
                request -> request.groupName("it").policyName("reads").policyDocument(READS));
        iam.putRolePolicy(request -> request.roleName("it").policyName("reads").policyDocument(READS));
        iam.attachUserPolicy(request -> request.userName("it").policyArn(arn));
        iam.attachGroupPolicy(request -> request.groupName("it").policyArn(arn));
        iam.attachRolePolicy(request -> request.roleName("it").policyArn(arn));

        assertThat(List.of(
                        iam.getUserPolicy(request -> request.userName("it").policyName("reads"))
                                .policyDocument(),
                        iam.getGroupPolicy(request -> request.groupName("it").policyName("reads"))
                                .policyDocument(),
                        iam.getRolePolicy(request -> request.roleName("it").policyName("reads"))
                                .policyDocument()))
                .containsOnly(IdentityPolicies.encoded(READS));
        assertThat(iam.listUserPolicies(request -> request.userName("it")).policyNames())
                .containsExactly("reads");
        assertThat(iam.listGroupPolicies(request -> request.groupName("it")).policyNames())
                .containsExactly("reads");
        assertThat(iam.listRolePolicies(request -> request.roleName("it")).policyNames())
                .containsExactly("reads");
        assertThat(List.of(
                        iam.listAttachedUserPolicies(request -> request.userName("it"))
                                .attachedPolicies(),
                        iam.listAttachedGroupPolicies(request -> request.groupName("it"))
                                .attachedPolicies(),
                        iam.listAttachedRolePolicies(request -> request.roleName("it"))
                                .attachedPolicies()))
                .containsOnly(List.of(AttachedPolicy.builder()
                        .policyArn(arn)
                        .policyName("AmazonS3ReadOnlyAccess")
                        .build()));
        ListEntitiesForPolicyResponse entities = iam.listEntitiesForPolicy(request -> request.policyArn(arn));
        assertThat(entities.policyUsers()).hasSize(1);
        assertThat(entities.policyGroups()).hasSize(1);
        assertThat(entities.policyRoles()).hasSize(1);
        iam.detachUserPolicy(request -> request.userName("it").policyArn(arn));
        iam.detachGroupPolicy(request -> request.groupName("it").policyArn(arn));
        iam.detachRolePolicy(request -> request.roleName("it").policyArn(arn));
        iam.deleteUserPolicy(request -> request.userName("it").policyName("reads"));
        iam.deleteGroupPolicy(request -> request.groupName("it").policyName("reads"));
        iam.deleteRolePolicy(request -> request.roleName("it").policyName("reads"));
        iam.deleteUser(request -> request.userName("it"));
        iam.deleteGroup(request -> request.groupName("it"));
        iam.deleteRole(request -> request.roleName("it"));
    }

    @Test
    void quotasAreKept() {
        iam.createUser(request -> request.userName("alice"));
        for (int index = 0; index < 10; index++) {
            String name = "policy" + index;
            iam.createPolicy(request -> request.policyName(name).policyDocument(READS));
            iam.attachUserPolicy(
                    request -> request.userName("alice").policyArn("arn:aws:iam::123456789012:policy/" + name));
        }
        iam.createAccessKey(request -> request.userName("alice"));
        iam.createAccessKey(request -> request.userName("alice"));

        assertThatThrownBy(() -> iam.attachUserPolicy(
                        request -> request.userName("alice").policyArn("arn:aws:iam::aws:policy/ReadOnlyAccess")))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("Cannot exceed quota for PoliciesPerUser: 10");
        assertThatThrownBy(() -> iam.createAccessKey(request -> request.userName("alice")))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("Cannot exceed quota for AccessKeysPerUser: 2");
        assertThatThrownBy(() -> iam.putUserPolicy(request -> request.userName("alice")
                        .policyName("long")
                        .policyDocument(READS.replace("s3:GetObject", "s3:" + "G".repeat(2048)))))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("Maximum policy size of 2048 bytes exceeded for user alice");
    }

    @Test
    void policiesHaveFiveVersionsAndOneDefault() {
        String arn = iam.createPolicy(request -> request.policyName("reads").policyDocument(READS))
                .policy()
                .arn();
        for (int version = 2; version <= 5; version++) {
            iam.createPolicyVersion(
                    request -> request.policyArn(arn).policyDocument(READS).setAsDefault(true));
        }

        assertThatThrownBy(() -> iam.createPolicyVersion(
                        request -> request.policyArn(arn).policyDocument(READS)))
                .isInstanceOf(LimitExceededException.class);
        assertThat(iam.getPolicy(request -> request.policyArn(arn)).policy().defaultVersionId())
                .isEqualTo("v5");
        iam.setDefaultPolicyVersion(request -> request.policyArn(arn).versionId("v1"));
        iam.deletePolicyVersion(request -> request.policyArn(arn).versionId("v5"));
        assertThat(iam.listPolicyVersions(request -> request.policyArn(arn)).versions())
                .extracting(PolicyVersion::versionId)
                .containsExactly("v1", "v2", "v3", "v4");
        assertThatThrownBy(() -> iam.deletePolicyVersion(
                        request -> request.policyArn(arn).versionId("v1")))
                .isInstanceOf(DeleteConflictException.class);
    }

    @Test
    void malformedPoliciesAreRefusedInAwssWords() {
        assertThatThrownBy(() ->
                        iam.createPolicy(request -> request.policyName("no").policyDocument("{\"Statement\": []}")))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining("Syntax errors in policy.");
        assertThatThrownBy(
                        () -> iam.createRole(request -> request.roleName("no").assumeRolePolicyDocument(READS)))
                .isInstanceOf(MalformedPolicyDocumentException.class);
    }

    @Test
    void tagsAreKeptOnEveryKindOfResource() {
        Tag red = Tag.builder().key("Team").value("red").build();
        Tag blue = Tag.builder().key("team").value("blue").build();
        iam.createUser(request -> request.userName("it").tags(red));
        String policy = iam.createPolicy(request ->
                        request.policyName("it").policyDocument(READS).tags(red))
                .policy()
                .arn();
        iam.createInstanceProfile(request -> request.instanceProfileName("it").tags(red));

        iam.tagUser(request -> request.userName("it").tags(blue));
        iam.tagPolicy(request -> request.policyArn(policy).tags(blue));
        iam.untagInstanceProfile(request -> request.instanceProfileName("it").tagKeys("TEAM"));

        assertThat(iam.listUserTags(request -> request.userName("it")).tags()).containsExactly(blue);
        assertThat(iam.listPolicyTags(request -> request.policyArn(policy)).tags())
                .containsExactly(blue);
        assertThat(iam.listInstanceProfileTags(request -> request.instanceProfileName("it"))
                        .tags())
                .isEmpty();
        assertThatThrownBy(() -> iam.tagUser(request -> request.userName("it")
                        .tags(Tag.builder().key("aws:it").value("no").build())))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void boundariesStandAndGo() {
        String arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        iam.createUser(request -> request.userName("it").permissionsBoundary(arn));
        iam.createRole(request -> request.roleName("it").assumeRolePolicyDocument(TRUSTS));
        iam.putRolePermissionsBoundary(request -> request.roleName("it").permissionsBoundary(arn));

        assertThat(iam.getUser(request -> request.userName("it"))
                        .user()
                        .permissionsBoundary()
                        .permissionsBoundaryArn())
                .isEqualTo(arn);
        iam.deleteUserPermissionsBoundary(request -> request.userName("it"));
        iam.deleteRolePermissionsBoundary(request -> request.roleName("it"));
        assertThat(iam.getUser(request -> request.userName("it")).user().permissionsBoundary())
                .isNull();
        assertThatThrownBy(() -> iam.deleteRolePermissionsBoundary(request -> request.roleName("it")))
                .isInstanceOf(NoSuchEntityException.class);
    }

    @Test
    void instanceProfilesHoldOneRole() {
        iam.createInstanceProfile(request -> request.instanceProfileName("it"));
        iam.createRole(request -> request.roleName("it").assumeRolePolicyDocument(TRUSTS));
        iam.addRoleToInstanceProfile(
                request -> request.instanceProfileName("it").roleName("it"));

        assertThat(iam.getInstanceProfile(request -> request.instanceProfileName("it"))
                        .instanceProfile()
                        .roles())
                .extracting(Role::roleName)
                .containsExactly("it");
        assertThat(iam.listInstanceProfilesForRole(request -> request.roleName("it"))
                        .instanceProfiles())
                .hasSize(1);
        assertThatThrownBy(() -> iam.addRoleToInstanceProfile(
                        request -> request.instanceProfileName("it").roleName("it")))
                .isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> iam.deleteRole(request -> request.roleName("it")))
                .isInstanceOf(DeleteConflictException.class);
        iam.removeRoleFromInstanceProfile(
                request -> request.instanceProfileName("it").roleName("it"));
        iam.deleteRole(request -> request.roleName("it"));
        iam.deleteInstanceProfile(request -> request.instanceProfileName("it"));
    }

    @Test
    void serviceLinkedRolesBelongToTheirService() {
        Role role = iam.createServiceLinkedRole(request -> request.awsServiceName("lex.amazonaws.com"))
                .role();

        assertThat(role.arn())
                .isEqualTo(
                        "arn:aws:iam::123456789012:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLexBots");
        assertThatThrownBy(() -> iam.deleteRole(request -> request.roleName(role.roleName())))
                .isInstanceOf(UnmodifiableEntityException.class);
        assertThatThrownBy(() -> iam.putRolePolicy(request ->
                        request.roleName(role.roleName()).policyName("more").policyDocument(READS)))
                .isInstanceOf(UnmodifiableEntityException.class);
        assertThatThrownBy(() -> iam.createServiceLinkedRole(request -> request.awsServiceName("lex.amazonaws.com")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has been taken in this account, please try a different suffix.");
        String task = iam.deleteServiceLinkedRole(request -> request.roleName(role.roleName()))
                .deletionTaskId();
        assertThat(iam.getServiceLinkedRoleDeletionStatus(request -> request.deletionTaskId(task))
                        .status())
                .isEqualTo(DeletionTaskStatusType.SUCCEEDED);
        assertThatThrownBy(() -> iam.getRole(request -> request.roleName(role.roleName())))
                .isInstanceOf(NoSuchEntityException.class);
    }

    @Test
    void passwordsFollowTheAccountsPolicy() {
        iam.createUser(request -> request.userName("alice"));
        iam.updateAccountPasswordPolicy(request -> request.minimumPasswordLength(12)
                .requireNumbers(true)
                .passwordReusePrevention(2)
                .maxPasswordAge(90));

        assertThatThrownBy(() -> iam.createLoginProfile(
                        request -> request.userName("alice").password("Short1")))
                .isInstanceOf(PasswordPolicyViolationException.class)
                .hasMessageContaining("have a minimum length of 12");
        iam.createLoginProfile(request ->
                request.userName("alice").password("first password 1").passwordResetRequired(true));
        assertThat(iam.getLoginProfile(request -> request.userName("alice"))
                        .loginProfile()
                        .passwordResetRequired())
                .isTrue();
        assertThatThrownBy(() -> iam.updateLoginProfile(
                        request -> request.userName("alice").password("first password 1")))
                .isInstanceOf(PasswordPolicyViolationException.class);
        iam.updateLoginProfile(request -> request.userName("alice").password("second password 2"));
        iam.updateLoginProfile(request -> request.userName("alice").password("third password 3"));
        iam.updateLoginProfile(request -> request.userName("alice").password("first password 1"));
        assertThatThrownBy(() -> iam.createLoginProfile(
                        request -> request.userName("alice").password("another password 4")))
                .isInstanceOf(EntityAlreadyExistsException.class);
        iam.deleteLoginProfile(request -> request.userName("alice"));
        iam.deleteAccountPasswordPolicy();
        assertThatThrownBy(() -> iam.getAccountPasswordPolicy()).isInstanceOf(NoSuchEntityException.class);
    }

    @Test
    void aUserChangesItsOwnPassword() {
        iam.createUser(request -> request.userName("alice"));
        iam.putUserPolicy(request -> request.userName("alice").policyName("own").policyDocument("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ChangePassword",
                 "Resource": "arn:aws:iam::*:user/${aws:username}"}}"""));
        iam.createLoginProfile(request -> request.userName("alice").password("First pass 1"));
        String id = iam.createAccessKey(request -> request.userName("alice"))
                .accessKey()
                .accessKeyId();
        Principal alice = house.key(id).orElseThrow().principal();

        assertThatThrownBy(() -> house.as(
                        alice,
                        () -> house.iam.changePassword(
                                request -> request.oldPassword("wrong").newPassword("Second pass 2"))))
                .isInstanceOf(IamException.class)
                .hasMessageContaining("The old password was incorrect.");
        house.as(
                alice,
                () -> house.iam.changePassword(
                        request -> request.oldPassword("First pass 1").newPassword("Second pass 2")));
    }

    @Test
    void theAliasOfAnAccountIsReplacedAndDeleted() {
        iam.createAccountAlias(request -> request.accountAlias("first"));
        iam.createAccountAlias(request -> request.accountAlias("second"));

        assertThat(iam.listAccountAliases().accountAliases()).containsExactly("second");
        assertThatThrownBy(() -> iam.deleteAccountAlias(request -> request.accountAlias("first")))
                .isInstanceOf(NoSuchEntityException.class);
        iam.deleteAccountAlias(request -> request.accountAlias("second"));
        assertThat(iam.listAccountAliases().accountAliases()).isEmpty();
    }

    @Test
    void accessKeysAreSwitchedOffAtOnceAndTellTheirLastUse() {
        iam.createUser(request -> request.userName("alice"));
        String id = iam.createAccessKey(request -> request.userName("alice"))
                .accessKey()
                .accessKeyId();
        Principal alice = house.key(id).orElseThrow().principal();

        assertThatThrownBy(() -> house.as(alice, () -> house.iam.listUsers())).isInstanceOf(IamException.class);

        AccessKeyLastUsed use =
                iam.getAccessKeyLastUsed(request -> request.accessKeyId(id)).accessKeyLastUsed();
        assertThat(use.serviceName()).isEqualTo("iam");
        iam.updateAccessKey(request -> request.userName("alice").accessKeyId(id).status(StatusType.INACTIVE));
        assertThat(house.key(id)).isEmpty();
        iam.deleteAccessKey(request -> request.userName("alice").accessKeyId(id));
        assertThat(iam.listAccessKeys(request -> request.userName("alice")).accessKeyMetadata())
                .isEmpty();
    }

    @Test
    void theSummaryAndTheDetailsTellOfEverything() {
        iam.createUser(request -> request.userName("it"));
        iam.createGroup(request -> request.groupName("it"));
        iam.createRole(request -> request.roleName("it").assumeRolePolicyDocument(TRUSTS));
        iam.createPolicy(request -> request.policyName("it").policyDocument(READS));

        assertThat(iam.getAccountSummary().summaryMap())
                .containsEntry(SummaryKeyType.USERS, 1)
                .containsEntry(SummaryKeyType.ROLES, 1)
                .containsEntry(SummaryKeyType.USERS_QUOTA, 5000)
                .containsEntry(SummaryKeyType.ROLES_QUOTA, 1000);
        GetAccountAuthorizationDetailsResponse details = iam.getAccountAuthorizationDetails(request ->
                request.filter(EntityType.USER, EntityType.ROLE, EntityType.GROUP, EntityType.LOCAL_MANAGED_POLICY));
        assertThat(details.userDetailList()).hasSize(1);
        assertThat(details.groupDetailList()).hasSize(1);
        assertThat(details.roleDetailList())
                .extracting(RoleDetail::assumeRolePolicyDocument)
                .containsExactly(IdentityPolicies.encoded(TRUSTS));
        assertThat(details.policies()).hasSize(1);
    }

    @Test
    void theCredentialReportHasALineForEachUser() {
        iam.createUser(request -> request.userName("alice,b"));
        iam.createAccessKey(request -> request.userName("alice,b"));

        assertThatThrownBy(() -> iam.getCredentialReport()).isInstanceOf(CredentialReportNotPresentException.class);
        assertThat(iam.generateCredentialReport().state()).isEqualTo(ReportStateType.COMPLETE);

        List<String> lines =
                iam.getCredentialReport().content().asUtf8String().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("user,arn,user_creation_time,password_enabled,password_last_used,");
        assertThat(lines.get(1)).startsWith("<root_account>,arn:aws:iam::123456789012:root,");
        assertThat(lines.get(1).split(",", -1)).hasSameSizeAs(lines.get(0).split(",", -1));
        assertThat(lines.get(2)).startsWith("\"alice,b\",\"arn:aws:iam::123456789012:user/alice,b\",");
        assertThat(lines.get(2)).contains(",false,N/A,N/A,N/A,false,true,");
    }

    @Test
    void simulationSaysWhatPoliciesWouldDo() {
        iam.createUser(request -> request.userName("alice"));
        iam.putUserPolicy(
                request -> request.userName("alice").policyName("reads").policyDocument("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
                 "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}}"""));
        String arn = "arn:aws:iam::123456789012:user/alice";

        assertThat(iam.getContextKeysForPrincipalPolicy(request -> request.policySourceArn(arn))
                        .contextKeyNames())
                .containsExactly("aws:PrincipalTag/team");
        assertThat(iam.getContextKeysForCustomPolicy(request -> request.policyInputList(READS))
                        .contextKeyNames())
                .isEmpty();
        assertThat(iam.simulatePrincipalPolicy(
                                request -> request.policySourceArn(arn).actionNames("s3:GetObject"))
                        .evaluationResults())
                .extracting(EvaluationResult::evalDecision)
                .containsExactly(PolicyEvaluationDecisionType.IMPLICIT_DENY);
        assertThat(iam.simulateCustomPolicy(
                                request -> request.policyInputList(READS).actionNames("s3:GetObject"))
                        .evaluationResults())
                .extracting(EvaluationResult::evalDecision)
                .containsExactly(PolicyEvaluationDecisionType.ALLOWED);
    }

    @Test
    void tellsWhichServicesAUserMayReachAndLastDid() {
        iam.createUser(request -> request.userName("alice"));
        iam.createGroup(request -> request.groupName("staff"));
        iam.addUserToGroup(request -> request.userName("alice").groupName("staff"));
        iam.putUserPolicy(
                request -> request.userName("alice").policyName("reads").policyDocument(READS));
        iam.attachGroupPolicy(
                request -> request.groupName("staff").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
        String id = iam.createAccessKey(request -> request.userName("alice"))
                .accessKey()
                .accessKeyId();
        Principal alice = house.key(id).orElseThrow().principal();
        house.as(alice, () -> house.iam.listUsers());

        String job = iam.generateServiceLastAccessedDetails(request -> request.arn(alice.arn()))
                .jobId();

        List<ServiceLastAccessed> services =
                iam.getServiceLastAccessedDetails(request -> request.jobId(job)).servicesLastAccessed();
        assertThat(services).extracting(ServiceLastAccessed::serviceNamespace).containsExactly("iam", "s3");
        assertThat(services.getFirst().lastAuthenticatedEntity()).isEqualTo(alice.arn());
        assertThat(services.getFirst().totalAuthenticatedEntities()).isEqualTo(1);
        assertThat(services.getLast().lastAuthenticated()).isNull();
        assertThat(iam.getServiceLastAccessedDetailsWithEntities(
                                request -> request.jobId(job).serviceNamespace("iam"))
                        .entityDetailsList())
                .extracting(details -> details.entityInfo().name())
                .containsExactly("alice");
        assertThat(iam.listPoliciesGrantingServiceAccess(
                                request -> request.arn(alice.arn()).serviceNamespaces("s3", "iam", "kms"))
                        .policiesGrantingServiceAccess())
                .extracting(entry -> entry.policies().stream()
                        .map(PolicyGrantingServiceAccess::policyName)
                        .toList())
                .containsExactly(List.of("IAMReadOnlyAccess"), List.of(), List.of("reads"));
    }
}
