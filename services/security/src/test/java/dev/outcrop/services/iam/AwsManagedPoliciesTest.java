package dev.outcrop.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AWS's own policies let people do, as the AWS Managed Policy Reference has them. */
class AwsManagedPoliciesTest {
    private static final Principal ALICE = new Principal(
            Principal.Kind.USER, "arn:aws:iam::123456789012:user/alice", "123456789012", "AIDAALICE", Optional.empty());

    @Test
    void everyDocumentIsAPolicyByAwssGrammar() {
        assertThat(AwsManagedPolicies.all()).hasSizeGreaterThan(35).allSatisfy(policy -> {
            assertThat(Policy.parse(IamStore.document(policy), PolicyUse.IDENTITY))
                    .isNotNull();
            assertThat(policy.arn()).startsWith("arn:aws:iam::aws:policy/");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "AdministratorAccess, iam:CreateUser, *, , true",
        "PowerUserAccess, s3:PutObject, arn:aws:s3:::b/k, , true",
        "PowerUserAccess, iam:CreateUser, *, , false",
        "PowerUserAccess, iam:CreateServiceLinkedRole, *, , true",
        "ReadOnlyAccess, s3:GetObject, arn:aws:s3:::b/k, , true",
        "ReadOnlyAccess, s3:PutObject, arn:aws:s3:::b/k, , false",
        "AmazonBedrockFullAccess, bedrock:InvokeModel, *, , true",
        "AmazonBedrockFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/MyAmazonBedrockRole, iam:PassedToService=bedrock.amazonaws.com, true",
        "AmazonBedrockFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/Another, iam:PassedToService=bedrock.amazonaws.com, false",
        "AmazonBedrockFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/MyAmazonBedrockRole, iam:PassedToService=ec2.amazonaws.com, false",
        "AmazonBedrockFullAccess, sagemaker:DescribeEndpoint, arn:aws:sagemaker:us-east-1:123456789012:endpoint/e, , false",
        "AmazonBedrockFullAccess, sagemaker:DescribeEndpoint, arn:aws:sagemaker:us-east-1:123456789012:endpoint/e, aws:CalledViaLast=bedrock.amazonaws.com, true",
        "AmazonBedrockReadOnly, bedrock:ListGuardrails, *, , true",
        "AmazonBedrockReadOnly, bedrock:InvokeModel, *, , false",
        "AmazonBedrockLimitedAccess, bedrock:CallWithBearerToken, *, , true",
        "AmazonBedrockLimitedAccess, bedrock:PutModelInvocationLoggingConfiguration, *, , false",
        "AmazonSageMakerFullAccess, sagemaker:CreateModel, arn:aws:sagemaker:us-east-1:123456789012:model/m, , true",
        "AmazonSageMakerFullAccess, sagemaker:DeleteDomain, arn:aws:sagemaker:us-east-1:123456789012:domain/d, , false",
        "AmazonSageMakerFullAccess, s3:GetObject, arn:aws:s3:::my-sagemaker-data/k, , true",
        "AmazonSageMakerFullAccess, s3:GetObject, arn:aws:s3:::another/k, , false",
        "AmazonSageMakerFullAccess, s3:GetObject, arn:aws:s3:::another/k, s3:ExistingObjectTag/SageMaker=TRUE, true",
        "AmazonSageMakerFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/any, iam:PassedToService=sagemaker.amazonaws.com, true",
        "AmazonS3ReadOnlyAccess, s3:DeleteObject, arn:aws:s3:::b/k, , false",
        "ComprehendReadOnly, comprehend:DetectSentiment, *, , true",
        "AmazonLexFullAccess, iam:CreateServiceLinkedRole, arn:aws:iam::123456789012:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLexBots, iam:AWSServiceName=lex.amazonaws.com, true",
        "AmazonLexFullAccess, iam:CreateServiceLinkedRole, arn:aws:iam::123456789012:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLexBots, iam:AWSServiceName=rds.amazonaws.com, false",
        "IAMUserChangePassword, iam:ChangePassword, arn:aws:iam::123456789012:user/alice, aws:username=alice, true",
        "IAMUserChangePassword, iam:ChangePassword, arn:aws:iam::123456789012:user/bob, aws:username=alice, false",
        "AWSCloudTrail_FullAccess, s3:CreateBucket, arn:aws:s3:::aws-cloudtrail-logs-1, , true",
        "AWSCloudTrail_FullAccess, s3:CreateBucket, arn:aws:s3:::mine, , false",
        "ComprehendReadOnly, comprehend:DescribeFlywheel, *, , false",
        "AmazonKendraReadOnlyAccess, kendra:Retrieve, *, , false",
        "AmazonKendraReadOnlyAccess, kendra:Query, *, , true",
        "AmazonLexReadOnly, lex:GetSession, *, , false",
        "AmazonRekognitionReadOnlyAccess, rekognition:GetMediaAnalysisJob, *, , false",
        "TranslateReadOnly, translate:ListLanguages, *, , false",
        "CloudWatchLogsReadOnlyAccess, logs:StartLiveTail, *, , true",
        "CloudWatchFullAccessV2, iam:CreateServiceLinkedRole, arn:aws:iam::123456789012:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents, iam:AWSServiceName=events.amazonaws.com, true",
        "AmazonSQSReadOnlyAccess, sqs:ReceiveMessage, *, , false",
        "AmazonSQSReadOnlyAccess, sqs:GetQueueUrl, *, , true",
        "AmazonSNSReadOnlyAccess, sns:Publish, *, , false",
        "AmazonEventBridgeFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/any, iam:PassedToService=events.amazonaws.com, true",
        "AmazonEventBridgeFullAccess, iam:PassRole, arn:aws:iam::123456789012:role/any, iam:PassedToService=ec2.amazonaws.com, false",
        "AmazonEventBridgeReadOnlyAccess, events:PutEvents, *, , false"
    })
    void letsPeopleDoWhatAwsDocuments(String name, String action, String resource, String condition, boolean allowed) {
        Map<String, List<String>> keys = condition == null
                ? Map.of()
                : Map.of(
                        condition.split("=")[0].toLowerCase(Locale.ROOT),
                        List.of(condition.split("=")[1]));
        ConditionContext conditions = key -> Optional.ofNullable(keys.get(key.toLowerCase(Locale.ROOT)));
        Policy policy = Policy.parse(
                IamStore.document(AwsManagedPolicies.find("arn:aws:iam::aws:policy/" + name)
                        .orElseThrow()),
                PolicyUse.IDENTITY);

        Verdict verdict = PolicyEvaluation.evaluate(
                new PolicyQuestion(ALICE, action, resource, "123456789012", conditions),
                PolicySources.ofIdentity(List.of(policy)));

        assertThat(verdict == Verdict.ALLOWED).as(verdict.toString()).isEqualTo(allowed);
    }
}
