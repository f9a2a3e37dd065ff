package dev.outcrop.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies of resources leave open: whom they can let do something, and whether that is everybody. */
class OpenPoliciesTest {
    private static final String ACCOUNT = "000000000000";
    private static final Principal ROOT = Principal.root(ACCOUNT, Optional.empty());
    private static final Principal USER = new Principal(
            Principal.Kind.USER, "arn:aws:iam::" + ACCOUNT + ":user/ann", ACCOUNT, "AIDAANN", Optional.empty());
    private static final String ALLOW = statement("Allow", "\"AWS\": \"" + ACCOUNT + "\"", "kms:PutKeyPolicy", "");

    private static String statement(String effect, String principal, String action, String condition) {
        return """
                {"Effect": "%s", "Principal": {%s}, "Action": "%s", "Resource": "*"%s}""".formatted(effect, principal, action, condition);
    }

    private static Policy policy(String... statements) {
        return Policy.parse(
                "{\"Version\": \"2012-10-17\", \"Statement\": [" + String.join(", ", statements) + "]}",
                PolicyUse.RESOURCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "kms:*", "kms:Put*", "KMS:putkeypolicy", "kms:*Key*", "kms:P?tKeyPolicy", "kms:**y"})
    void wildcardsStandForAnything(String action) {
        Policy policy = policy(statement("Allow", "\"AWS\": \"" + ACCOUNT + "\"", action, ""));

        assertThat(policy.mayAllow(USER, "kms:PutKeyPolicy")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kms:Put", "kms:?PutKeyPolicy", "kms:*x", "kms:PutKeyPolicy?"})
    void otherActionsAreNotMeant(String action) {
        Policy policy = policy(statement("Allow", "\"AWS\": \"" + ACCOUNT + "\"", action, ""));

        assertThat(policy.mayAllow(USER, "kms:PutKeyPolicy")).isFalse();
    }

    @Test
    void aDenyWithoutConditionsLocksOutAndOneWithThemPerhapsNot() {
        String deny = statement("Deny", "\"AWS\": \"" + USER.arn() + "\"", "kms:Put*", "");
        String sometimes = statement(
                "Deny", "\"AWS\": \"*\"", "kms:*", ", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}");

        assertThat(policy(ALLOW, deny).mayAllow(USER, "kms:PutKeyPolicy")).isFalse();
        assertThat(policy(ALLOW, deny).mayAllow(ROOT, "kms:PutKeyPolicy")).isTrue();
        assertThat(policy(ALLOW, sometimes).mayAllow(USER, "kms:PutKeyPolicy")).isTrue();
    }

    @Test
    void aUserIsLetInByItsOwnNameAndNotByAnothers() {
        Policy policy = policy(statement("Allow", "\"AWS\": \"" + USER.arn() + "\"", "kms:*", ""));

        assertThat(policy.mayAllow(USER, "kms:PutKeyPolicy")).isTrue();
        assertThat(policy.mayAllow(ROOT, "kms:PutKeyPolicy")).isFalse();
    }

    @Test
    void manyWildcardsCostNoTime() {
        Policy policy = policy(statement("Allow", "\"AWS\": \"*\"", "kms:" + "*a".repeat(10_000), ""));

        long start = System.nanoTime();
        boolean allowed = policy.mayAllow(USER, "kms:PutKeyPolicy");

        assertThat(allowed).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"AWS\": \"*\" | | true",
                "\"AWS\": \"111111111111\" | | false",
                "\"AWS\": [\"111111111111\", \"*\"] | | true",
                "\"Service\": \"s3.amazonaws.com\" | | false",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1\"} | false",
                "\"AWS\": \"*\" | \"StringEquals\": {\"AWS:SourceAccount\": [\"111111111111\", \"222222222222\"]} | false",
                "\"AWS\": \"*\" | \"StringLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::111111111111:role/*\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:userid\": \"${aws:userid}\"} | true",
                "\"AWS\": \"*\" | \"StringNotEquals\": {\"aws:PrincipalAccount\": \"111111111111\"} | true",
                "\"AWS\": \"*\" | \"StringEqualsIfExists\": {\"aws:PrincipalOrgID\": \"o-1\"} | true",
                "\"AWS\": \"*\" | \"ForAllValues:StringEquals\": {\"aws:PrincipalOrgPaths\": \"o-1/r/\"} | true",
                "\"AWS\": \"*\" | \"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"} | false",
                "\"AWS\": \"*\" | \"IpAddress\": {\"aws:SourceIp\": [\"10.0.0.0/8\", \"0.0.0.0/0\"]} | true",
                "\"AWS\": \"*\" | \"IpAddress\": {\"aws:SourceIp\": [\"10.0.0.0/16\", \"0.0.0.0/1\"]} | true",
                "\"AWS\": \"*\" | \"NotIpAddress\": {\"aws:SourceIp\": \"10.0.0.0/16\"} | true",
                "\"AWS\": \"*\" | \"IpAddress\": {\"aws:SourceIp\": \"2001:db8::/31\"} | true",
                "\"AWS\": \"*\" | \"IpAddress\": {\"aws:SourceIp\": \"2001:db8::/32\"} | false",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:SourceVpc\": \"vpc-91237329\"} | false",
                "\"AWS\": \"*\" | \"StringLike\": {\"aws:SourceVpc\": \"vpc-*\"} | true",
                "\"AWS\": \"*\" | \"StringLike\": {\"aws:userid\": \"AROAEXAMPLE:*\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:userid\": \"AROAEXAMPLE:session\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:userid\": \"AIDAEXAMPLE\"} | false",
                "\"AWS\": \"*\" | \"ArnLike\": {\"s3:DataAccessPointArn\": \"arn:aws:s3:*:111111111111:accesspoint/*\"} | false",
                "\"AWS\": \"*\" | \"ArnLike\": {\"s3:DataAccessPointArn\": \"arn:aws:s3:*:*:accesspoint/*\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:SourceAccount\": \"${aws:PrincipalAccount}\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:UserAgent\": \"mine\"} | true",
                "\"AWS\": \"*\" | \"StringEquals\": {\"aws:PrincipalTag/team\": \"red\"} | true"
            })
    void aPolicyIsPublicUnlessItsConditionsNameWho(String principal, String condition, boolean isPublic) {
        Policy policy = policy(
                ALLOW,
                statement(
                        "Allow",
                        principal,
                        "kms:Decrypt",
                        condition == null ? "" : ", \"Condition\": {" + condition + "}"));

        assertThat(policy.isPublic()).isEqualTo(isPublic);
    }

    @Test
    void whatIsDeniedToEverybodyIsNotPublic() {
        assertThat(policy(ALLOW, statement("Deny", "\"AWS\": \"*\"", "kms:*", ""))
                        .isPublic())
                .isFalse();
        assertThat(policy(statement("Allow", "\"AWS\": \"111111111111\"", "kms:*", "")
                                .replace("\"Principal\"", "\"NotPrincipal\""))
                        .isPublic())
                .isTrue();
    }

    @Test
    void aPolicySaysWhichServicesItIsAbout() {
        assertThat(policy(ALLOW, statement("Allow", "\"AWS\": \"*\"", "S3:GetObject", ""))
                        .services())
                .containsExactlyInAnyOrder("kms", "s3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{ | JSON",
                "[] | SYNTAX",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"x\", \"Action\": \"*\", \"Resource\": \"*\"}} | PRINCIPAL",
                "{\"Version\": \"2013-10-17\", \"Statement\": []} | OTHER"
            })
    void aDocumentsFlawIsTold(String document, MalformedPolicyException.Flaw flaw) {
        assertThatThrownBy(() -> Policy.parse(document, PolicyUse.RESOURCE))
                .isInstanceOfSatisfying(
                        MalformedPolicyException.class,
                        refusal -> assertThat(refusal.flaw()).isEqualTo(flaw));
    }

    @Property(tries = 500)
    void whatIsNoPolicyIsRefused(@ForAll String text) {
        assertThatThrownBy(() -> Policy.parse(text, PolicyUse.RESOURCE)).isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void deepJsonIsRefused() {
        String deep = "{\"Statement\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> Policy.parse(deep, PolicyUse.RESOURCE)).isInstanceOf(MalformedPolicyException.class);
    }
}
