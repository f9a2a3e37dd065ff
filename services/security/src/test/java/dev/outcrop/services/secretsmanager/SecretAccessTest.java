package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyResponse;

/** Who may read which secret: IAM's policies, resource policies, keys and other accounts. */
class SecretAccessTest {
    private static final String OTHER = "111111111111";
    private static final String EVERYTHING = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
             "Action": ["secretsmanager:*", "kms:*"], "Resource": "*"}}""";

    @TempDir
    Path folder;

    private ServedSecrets served;

    @BeforeEach
    void open() {
        served = new ServedSecrets(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static String policy(String principal, String condition) {
        return """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "%s"},
                 "Action": "secretsmanager:*", "Resource": "*"%s}}""".formatted(principal, condition);
    }

    /** A secret of the owner's under a key that {@code principal} may use, too. */
    private String shared(String principal) {
        String key = served.house
                .as(KmsClient.class, client -> client.createKey(request -> request.policy("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Principal": {"AWS": ["000000000000", "%s"]}, "Action": "kms:*", "Resource": "*"}}""".formatted(principal))))
                .keyMetadata()
                .keyId();
        return served.call(client -> client.createSecret(
                        request -> request.name("shared").secretString("one").kmsKeyId(key)))
                .arn();
    }

    private String value(Principal principal, String id) {
        return served.as(principal, client -> client.getSecretValue(request -> request.secretId(id)))
                .secretString();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SecretsManagerException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("AccessDeniedException"))
                .hasMessageContaining(message);
    }

    @Test
    void anotherAccountNeedsTheSecretsPolicyItsKeysAndItsOwn() {
        Principal stranger = served.house.user(OTHER, "stranger", EVERYTHING);
        Principal poor = served.house.user(OTHER, "poor", EVERYTHING.replace("secretsmanager:*", "s3:*"));
        String arn = shared(OTHER);
        refused(
                () -> value(stranger, arn),
                "User: arn:aws:iam::111111111111:user/stranger is not authorized to perform:"
                        + " secretsmanager:GetSecretValue on resource: " + arn
                        + " because no resource-based policy allows the secretsmanager:GetSecretValue action");

        served.call(client ->
                client.putResourcePolicy(request -> request.secretId("shared").resourcePolicy(policy(OTHER, ""))));

        assertThat(value(stranger, arn)).isEqualTo("one");
        assertThat(value(stranger, arn.substring(0, arn.length() - 7))).isEqualTo("one");
        refused(() -> value(poor, arn), "because no identity-based policy allows");
        assertThatThrownBy(() -> value(stranger, "shared"))
                .hasMessageContaining("Secrets Manager can't find the specified secret.");
        assertThat(served.as(
                                stranger,
                                client -> client.putSecretValue(
                                        request -> request.secretId(arn).secretString("two")))
                        .arn())
                .isEqualTo(arn);
        assertThat(value(ServedSecrets.ROOT, "shared")).isEqualTo("two");
    }

    @Test
    void whatIsUnderTheAccountsDefaultKeyStaysInTheAccount() {
        Principal stranger = served.house.user(OTHER, "stranger", EVERYTHING);
        String arn = served.call(client ->
                        client.createSecret(request -> request.name("own").secretString("one")))
                .arn();
        served.call(client ->
                client.putResourcePolicy(request -> request.secretId("own").resourcePolicy(policy(OTHER, ""))));

        assertThatThrownBy(() -> value(stranger, arn))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("You can't access a secret from a different AWS account if you encrypt the secret"
                        + " with the default KMS service key.");
        assertThatThrownBy(() -> served.as(
                        stranger,
                        client -> client.putSecretValue(
                                request -> request.secretId(arn).secretString("two"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void whoMayNotUseTheKeyGetsNoValue() {
        String arn = shared("000000000000");
        Principal user = served.house.user(ServedSecrets.OWNER, "user", EVERYTHING.replace("kms:*", "s3:*"));

        refused(() -> value(user, arn), "Access to KMS is not allowed");
        refused(
                () -> served.as(
                        user,
                        client -> client.putSecretValue(
                                request -> request.secretId(arn).secretString("two"))),
                "Access to KMS is not allowed");
    }

    @Test
    void aBatchTellsWhomItMayNotReadBesideTheOthers() {
        Principal user = served.house.user(ServedSecrets.OWNER, "user", """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"],
                   "Resource": "*"},
                  {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
                   "Resource": "arn:aws:secretsmanager:*:*:secret:open-*"}]}""");
        for (String name : new String[] {"open", "closed"}) {
            served.call(
                    client -> client.createSecret(request -> request.name(name).secretString(name)));
        }

        BatchGetSecretValueResponse batch = served.as(
                user, client -> client.batchGetSecretValue(request -> request.secretIdList("open", "closed", "none")));

        assertThat(batch.secretValues())
                .extracting(SecretValueEntry::secretString)
                .containsExactly("open");
        assertThat(batch.errors())
                .extracting(APIErrorType::secretId, APIErrorType::errorCode)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("closed", "AccessDeniedException"),
                        org.assertj.core.groups.Tuple.tuple("none", "AccessDeniedException"));
    }

    @Test
    void tagsOfASecretDecide() {
        Principal user = served.house.user(ServedSecrets.OWNER, "user", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "secretsmanager:DescribeSecret",
                 "Resource": "*", "Condition": {"StringEquals": {"secretsmanager:ResourceTag/team": "red"}}}}""");
        for (String team : new String[] {"red", "blue"}) {
            served.call(client -> client.createSecret(request -> request.name(team)
                    .tags(Tag.builder().key("team").value(team).build())));
        }

        assertThat(served.as(user, client -> client.describeSecret(request -> request.secretId("red")))
                        .name())
                .isEqualTo("red");
        refused(
                () -> served.as(user, client -> client.describeSecret(request -> request.secretId("blue"))),
                "secretsmanager:DescribeSecret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"Condition\": {\"StringLike\": {\"aws:PrincipalArn\": \"*\"}}",
                ", \"Condition\": {\"StringEquals\": {\"aws:UserAgent\": \"mine\"}}",
                ", \"Condition\": {\"StringEqualsIfExists\": {\"aws:PrincipalAccount\": \"111111111111\"}}",
                ", \"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"0.0.0.0/0\"}}"
            })
    void aPolicyForEverybodyIsBlockedWhereThatIsAskedFor(String condition) {
        served.call(client -> client.createSecret(request -> request.name("s").secretString("one")));
        String open = policy("*", condition);

        assertThatThrownBy(() -> served.call(client -> client.putResourcePolicy(
                        request -> request.secretId("s").blockPublicPolicy(true).resourcePolicy(open))))
                .isInstanceOf(PublicPolicyException.class);
        ValidateResourcePolicyResponse validated =
                served.call(client -> client.validateResourcePolicy(request -> request.resourcePolicy(open)));
        assertThat(validated.policyValidationPassed()).isFalse();
        assertThat(validated.validationErrors()).hasSize(1);
        served.call(client ->
                client.putResourcePolicy(request -> request.secretId("s").resourcePolicy(open)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"111111111111\"}}",
                ", \"Condition\": {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1234567890\"}}",
                ", \"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}}"
            })
    void aPolicyForSomeIsNotPublic(String condition) {
        assertThat(served.call(client -> client.validateResourcePolicy(
                                request -> request.resourcePolicy(policy("*", condition))))
                        .policyValidationPassed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{ | This resource policy contains invalid Json.",
                "{\"Version\": \"2019-10-17\", \"Statement\": []} | This policy has invalid syntax.",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"nobody\"}, \"Action\": \"secretsmanager:*\","
                        + " \"Resource\": \"*\"}} | This resource policy contains an unsupported principal.",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"
                        + " | This resource policy contains an unsupported action."
            })
    void whatIsNoPolicyIsRefusedInSecretsManagersWords(String document, String message) {
        assertThatThrownBy(() -> served.call(
                        client -> client.validateResourcePolicy(request -> request.resourcePolicy(document))))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aDenyOfTheSecretsPolicyHoldsAgainstTheRoot() {
        String arn = shared(OTHER);
        served.call(client -> client.putResourcePolicy(request -> request.secretId("shared")
                .resourcePolicy(policy("*", "")
                        .replace("Allow", "Deny")
                        .replace("secretsmanager:*", "secretsmanager:GetSecretValue"))));

        refused(() -> value(ServedSecrets.ROOT, arn), "with an explicit deny in a resource-based policy");
        assertThat(Optional.of(served.call(client -> client.deleteResourcePolicy(request -> request.secretId("shared")))
                        .arn()))
                .contains(arn);
        assertThat(value(ServedSecrets.ROOT, arn)).isEqualTo("one");
    }
}
