package dev.outcrop.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.SecurityHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

class StsServiceTest {
    private static final String LIST_USERS = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}}""";

    @TempDir
    Path path;

    private SecurityHouse house;
    private Principal alice;

    @BeforeEach
    void setUp() {
        house = new SecurityHouse(path);
        alice = house.asRoot(() -> {
            house.iam.createUser(request -> request.userName("alice"));
            house.iam.putUserPolicy(
                    request -> request.userName("alice").policyName("may").policyDocument("""
                            {"Version": "2012-10-17", "Statement": [
                              {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession", "sts:GetFederationToken"],
                               "Resource": "*"},
                              {"Effect": "Allow", "Action": "iam:ListGroups", "Resource": "*"}]}"""));
            String id = house.iam
                    .createAccessKey(request -> request.userName("alice"))
                    .accessKey()
                    .accessKeyId();
            return house.key(id).orElseThrow().principal();
        });
        role("reader", "{\"AWS\": \"arn:aws:iam::123456789012:root\"}", "");
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private void role(String name, String principal, String condition) {
        house.asRoot(() -> {
            house.iam.createRole(request -> request.roleName(name)
                    .assumeRolePolicyDocument(
                            "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": "
                                    + principal
                                    + ", \"Action\": [\"sts:AssumeRole\", \"sts:TagSession\", \"sts:SetSourceIdentity\"]"
                                    + condition + "}}"));
            return house.iam.putRolePolicy(
                    request -> request.roleName(name).policyName("reads").policyDocument("""
                            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*",
                             "Action": ["iam:ListUsers", "iam:ListRoles", "sts:*"]}}"""));
        });
    }

    private static String arn(String role) {
        return "arn:aws:iam::123456789012:role/" + role;
    }

    private Principal signedWith(Credentials credentials) {
        AccessKey key = house.key(credentials.accessKeyId()).orElseThrow();
        assertThat(key.sessionToken()).contains(credentials.sessionToken());
        assertThat(key.secretAccessKey()).isEqualTo(credentials.secretAccessKey());
        assertThat(key.expiresAt()).contains(credentials.expiration());
        return key.principal();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void tellsTheCallerWhoItIs() {
        GetCallerIdentityResponse identity = house.asRoot(() -> house.sts.getCallerIdentity());

        assertThat(identity)
                .isEqualTo(GetCallerIdentityResponse.builder()
                        .account("123456789012")
                        .arn("arn:aws:iam::123456789012:root")
                        .userId("123456789012")
                        .build());
        assertThat(house.calls()).extracting(CallRecord::operation).contains("GetCallerIdentity");
    }

    @Test
    void anAssumedRoleMayWhatTheRoleMayAndNotWhatItsCallerMay() {
        AssumeRoleResponse assumed = house.as(
                alice,
                () -> house.sts.assumeRole(
                        request -> request.roleArn(arn("reader")).roleSessionName("session")));

        Principal session = signedWith(assumed.credentials());

        assertThat(session.arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/reader/session");
        assertThat(house.as(session, () -> house.iam.listUsers()).users()).hasSize(1);
        assertThat(house.asRoot(() -> house.iam.getRole(request -> request.roleName("reader")))
                        .role()
                        .roleLastUsed()
                        .region())
                .isEqualTo("us-east-1");
        assertThatThrownBy(() -> house.as(session, () -> house.iam.listGroups()))
                .hasMessageContaining(
                        "User: arn:aws:sts::123456789012:assumed-role/reader/session is not authorized to perform:"
                                + " iam:ListGroups on resource: * because no identity-based policy allows the iam:ListGroups"
                                + " action");
    }

    @Test
    void aSessionPolicyNarrowsTheRole() {
        Principal session = signedWith(house.as(
                        alice,
                        () -> house.sts.assumeRole(request -> request.roleArn(arn("reader"))
                                .roleSessionName("session")
                                .policy(LIST_USERS)))
                .credentials());

        assertThat(house.as(session, () -> house.iam.listUsers()).users()).hasSize(1);
        assertThatThrownBy(() -> house.as(session, () -> house.iam.listRoles()))
                .hasMessageContaining("because no session policy allows the iam:ListRoles action");
    }

    @Test
    void aRoleThatWantsAnExternalIdIsAssumedOnlyWithIt() {
        role(
                "partner",
                "{\"AWS\": \"123456789012\"}",
                ", \"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"secret\"}}");

        assertThatThrownBy(() -> house.as(
                        alice,
                        () -> house.sts.assumeRole(
                                request -> request.roleArn(arn("partner")).roleSessionName("session"))))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("because no resource-based policy allows the sts:AssumeRole action");
        assertThat(house.as(
                        alice,
                        () -> house.sts.assumeRole(request -> request.roleArn(arn("partner"))
                                .roleSessionName("session")
                                .externalId("secret"))))
                .isNotNull();
    }

    @Test
    void transitiveTagsAndTheSourceIdentityStayAlongAChain() {
        role("second", "{\"AWS\": \"arn:aws:iam::123456789012:role/reader\"}", "");
        Principal first = signedWith(house.as(
                        alice,
                        () -> house.sts.assumeRole(request -> request.roleArn(arn("reader"))
                                .roleSessionName("one")
                                .tags(List.of(tag("team", "red"), tag("stays", "not")))
                                .transitiveTagKeys("team")))
                .credentials());

        Principal second = signedWith(house.as(
                        first,
                        () -> house.sts.assumeRole(
                                request -> request.roleArn(arn("second")).roleSessionName("two")))
                .credentials());

        assertThat(second.session().orElseThrow().tags())
                .containsOnlyKeys("team")
                .containsEntry("team", "red");
        assertThatThrownBy(() -> house.as(
                        first,
                        () -> house.sts.assumeRole(request -> request.roleArn(arn("second"))
                                .roleSessionName("two")
                                .durationSeconds(3601))))
                .isInstanceOf(StsException.class);
    }

    @Test
    void theRootAssumesNoRoles() {
        assertThatThrownBy(() -> house.asRoot(() -> house.sts.assumeRole(
                        request -> request.roleArn(arn("reader")).roleSessionName("session"))))
                .hasMessageContaining("Roles may not be assumed by root accounts.");
    }

    @Test
    void aRoleThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> house.as(
                        alice,
                        () -> house.sts.assumeRole(
                                request -> request.roleArn(arn("absent")).roleSessionName("session"))))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("is not authorized to perform: sts:AssumeRole");
    }

    @Test
    void aSessionTokenSpeaksForTheUserButNotToIam() {
        Principal session =
                signedWith(house.as(alice, () -> house.sts.getSessionToken()).credentials());

        assertThat(session.arn()).isEqualTo("arn:aws:iam::123456789012:user/alice");
        assertThatThrownBy(() -> house.as(session, () -> house.iam.listGroups()))
                .hasMessageContaining("not authorized");
        assertThat(house.as(
                        session,
                        () -> house.sts.assumeRole(
                                request -> request.roleArn(arn("reader")).roleSessionName("session"))))
                .isNotNull();
    }

    @Test
    void aFederatedUserIsNamedAsAsked() {
        Principal session = signedWith(house.as(
                        alice,
                        () -> house.sts.getFederationToken(
                                request -> request.name("bob").policy(LIST_USERS)))
                .credentials());

        assertThat(session.arn()).isEqualTo("arn:aws:sts::123456789012:federated-user/bob");
    }

    @Test
    void tellsTheAccountOfAKey() {
        String id = alice.accessKeyId().orElseThrow();

        assertThat(house.asRoot(() -> house.sts.getAccessKeyInfo(request -> request.accessKeyId(id)))
                        .account())
                .isEqualTo("123456789012");
    }

    @Test
    void temporaryKeysAreThereAfterARestart() {
        Credentials credentials =
                house.as(alice, () -> house.sts.getSessionToken()).credentials();
        house.close();

        house = new SecurityHouse(path);

        Optional<AccessKey> key = house.key(credentials.accessKeyId());
        assertThat(key.flatMap(AccessKey::sessionToken)).contains(credentials.sessionToken());
        assertThat(key.orElseThrow().principal().session()).isPresent();
    }
}
