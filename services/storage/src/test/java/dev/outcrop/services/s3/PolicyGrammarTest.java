package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AwsError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyGrammarTest {
    private static void check(String document) {
        assertThat(PolicyGrammar.check(document.replace('\'', '"').replace("ARN", "arn:aws:s3:::photos"), "photos"))
                .isNotEmpty();
    }

    private static void assertMalformed(String document, String message) {
        assertThatThrownBy(() -> check(document)).isInstanceOfSatisfying(AwsError.class, error -> {
            assertThat(error.code()).isEqualTo("MalformedPolicy");
            assertThat(error.getMessage()).isEqualTo(message);
        });
    }

    private static String statement(String elements) {
        return "{'Version':'2012-10-17','Statement':[{" + elements + "}]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*'",
                "'Effect':'Allow','Principal':{'AWS':'*'},'Action':'s3:*','Resource':['ARN','ARN/*']",
                "'Effect':'Deny','NotPrincipal':{'AWS':'111111111111'},'NotAction':'s3:Get*','NotResource':'ARN/a'",
                "'Effect':'Allow','Principal':'*','Action':['s3:ListBucket','s3:GetObject'],'Resource':['ARN','ARN/*']",
                "'Effect':'Allow','Principal':'*','Action':'s3:ListBucket','Resource':'arn:aws:s3:::ph*'",
                "'Effect':'Allow','Principal':'*','Action':'s3:ListBucket','Resource':'ARN','Condition':{'StringLike':{'s3:prefix':'a*'}}",
                "'Effect':'Allow','Principal':{'Service':'logging.s3.amazonaws.com'},'Action':'s3:PutObject','Resource':'ARN/*'"
            })
    void takesPoliciesThatFitTheirBucket(String elements) {
        check(statement(elements));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'Principal':'*','Action':'s3:GetObject','Resource':'ARN/*' | Missing required field Effect",
                "'Effect':'allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*' | Invalid effect: allow",
                "'Effect':'Allow','Action':'s3:GetObject','Resource':'ARN/*' | Missing required field Principal",
                "'Effect':'Allow','Principal':'*','Resource':'ARN/*' | Missing required field Action",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject' | Missing required field Resource",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetNothing','Resource':'ARN/*' | Policy has invalid action",
                "'Effect':'Allow','Principal':'*','Action':'iam:GetUser','Resource':'ARN/*' | Policy has invalid action",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'*' | Policy has invalid resource",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::other/*' | Policy has invalid resource",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN' | Action does not apply to any resource(s) in statement",
                "'Effect':'Allow','Principal':'*','Action':['s3:ListBucket','s3:GetObject'],'Resource':'ARN/*' | Action does not apply to any resource(s) in statement",
                "'Effect':'Allow','Principal':{'AWS':'nobody'},'Action':'s3:GetObject','Resource':'ARN/*' | Invalid principal in policy",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*','Extra':1 | Unknown field Extra",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*','Condition':{'StringEquals':{'s3:nothing':'1'}} | Policy has an invalid condition key",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*','Condition':{'StringEquals':{'s3:prefix':'1'}} | Conditions do not apply to combination of actions and resources in statement",
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'ARN/*','Condition':{'StringIs':{'aws:SourceIp':'1'}} | Invalid Condition type : StringIs",
                "'Effect':'Allow','NotPrincipal':{'AWS':'111111111111'},'Action':'s3:*','Resource':'ARN' | Allow with NotPrincipal is not allowed.",
                "'Effect':'Allow','Principal':'*','Action':{},'Resource':'ARN/*' | Invalid policy syntax."
            })
    void saysWhatIsWrongWithAStatement(String elements, String message) {
        assertMalformed(statement(elements), message);
    }

    @Test
    void refusesWhatIsNoPolicyAtAll() {
        assertMalformed("", "Policies must be valid JSON and the first byte must be '{'");
        assertMalformed("[]", "Policies must be valid JSON and the first byte must be '{'");
        assertMalformed("{'Statement':", "This policy contains invalid Json");
        assertMalformed("{'Version':'2012-10-17'}", "Missing required field Statement");
        assertMalformed("{'Version':'2012-10-17','Statement':[]}", "Could not parse the policy: Statement is empty!");
        assertMalformed("{'Version':'2020-01-01','Statement':[]}", "The policy must contain a valid version string");
        assertMalformed("{'Statement':" + "[".repeat(10_000) + "}", "This policy contains invalid Json");
        assertMalformed(
                statement("'Sid':'" + "x".repeat(PolicyGrammar.LONGEST)
                        + "','Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'ARN'"),
                "Policy exceeds the maximum allowed document size.");
    }
}
