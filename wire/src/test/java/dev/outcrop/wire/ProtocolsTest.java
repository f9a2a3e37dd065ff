package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class ProtocolsTest {
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void answersQuery() {
        try (StsClient sts = house.client(StsClient.builder()).build()) {
            GetCallerIdentityResponse identity = sts.getCallerIdentity();

            assertThat(identity.account()).isEqualTo(House.ACCOUNT);
            assertThat(identity.arn()).isEqualTo("arn:aws:iam::123456789012:root");
            assertThat(identity.responseMetadata().requestId()).hasSize(36);
        }
    }

    @Test
    void answersOperationsThatNeedNoSignature() {
        try (StsClient sts = house.client(StsClient.builder())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
            var response = sts.assumeRoleWithWebIdentity(request -> request.roleArn("arn:aws:iam::123456789012:role/x")
                    .roleSessionName("me")
                    .webIdentityToken("a token"));

            assertThat(response.subjectFromWebIdentityToken()).isEqualTo("ANONYMOUS");
        }
    }

    @Test
    void answersRestJsonWithLabelsQueryAndHeaders() {
        try (LambdaClient lambda = house.client(LambdaClient.builder()).build()) {
            GetFunctionResponse response =
                    lambda.getFunction(request -> request.functionName("mine").qualifier("$LATEST"));

            assertThat(response.configuration().functionName()).isEqualTo("mine");
            assertThat(response.configuration().version()).isEqualTo("$LATEST");
            assertThat(response.sdkHttpResponse().firstMatchingHeader("x-outcrop-model"))
                    .contains("none");
            lambda.untagResource(request -> request.resource("arn:aws:lambda:us-east-1:123456789012:function:f")
                    .tagKeys("a b", "c&d"));
        }
    }

    @Test
    void tellsRestJsonErrorsAsTheirClassWithTheirHeaders() {
        try (LambdaClient lambda = house.client(LambdaClient.builder()).build()) {
            assertThatThrownBy(() -> lambda.listTags(
                            request -> request.resource("arn:aws:lambda:us-east-1:123456789012:function:f")))
                    .isInstanceOfSatisfying(TooManyRequestsException.class, e -> {
                        assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("slower, please");
                        assertThat(e.statusCode()).isEqualTo(429);
                        assertThat(e.retryAfterSeconds()).isEqualTo("7");
                        assertThat(e.type()).isEqualTo("User");
                    });
        }
    }

    @Test
    void answersJson() {
        try (DynamoDbClient items = house.client(DynamoDbClient.builder()).build()) {
            Map<String, AttributeValue> key = Map.of("id", AttributeValue.fromS("ä \u0001 \uD83D\uDE00"));

            assertThat(items.getItem(request -> request.tableName("t").key(key)).item())
                    .isEqualTo(key);
            assertThatThrownBy(() -> items.getItem(
                            request -> request.tableName("missing").key(key)))
                    .isInstanceOf(software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException.class);
        }
    }

    @Test
    void answersRpcCbor() {
        try (CloudWatchClient metrics = house.client(CloudWatchClient.builder()).build()) {
            Instant start = Instant.parse("2026-01-02T03:04:05.678Z");
            GetMetricStatisticsResponse response = metrics.getMetricStatistics(request -> request.namespace("here")
                    .metricName("m")
                    .startTime(start)
                    .endTime(start)
                    .period(60));

            assertThat(response.label()).isEqualTo("m");
            assertThat(response.datapoints().getFirst().timestamp()).isEqualTo(start);
            assertThatThrownBy(() -> metrics.getMetricStatistics(request -> request.namespace("nowhere")
                            .metricName("m")
                            .startTime(start)
                            .endTime(start)
                            .period(60)))
                    .isInstanceOfSatisfying(
                            software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException.class,
                            e -> assertThat(e.resourceId()).isEqualTo("nowhere"));
        }
    }

    @Test
    void answersEc2Query() {
        try (Ec2Client ec2 = house.client(Ec2Client.builder()).build()) {
            var response = ec2.describeRegions(request -> request.regionNames("eu-west-1", "us-east-2"));

            assertThat(response.regions())
                    .extracting(region -> region.regionName())
                    .containsExactly("eu-west-1", "us-east-2");
            assertThatThrownBy(ec2::describeVpcs).isInstanceOfSatisfying(Ec2Exception.class, e -> {
                assertThat(e.statusCode()).isEqualTo(501);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException");
            });
        }
    }

    @Test
    void answersRestXml() {
        try (S3Client s3 = house.client(S3Client.builder()).forcePathStyle(true).build()) {
            var listed = s3.listObjectsV2(request -> request.bucket("photos").prefix("a b/ü"));

            assertThat(listed.name()).isEqualTo("photos");
            assertThat(listed.prefix()).isEqualTo("a b/ü");
            assertThat(listed.contents().getFirst().key()).isEqualTo("a <b> & c");
            assertThatThrownBy(() -> s3.getObjectAsBytes(
                            request -> request.bucket("photos").key("no")))
                    .isInstanceOfSatisfying(
                            NoSuchKeyException.class,
                            e -> assertThat(e.awsErrorDetails().errorMessage())
                                    .isEqualTo("The specified key does not exist."));
            assertThatThrownBy(() ->
                            s3.headObject(request -> request.bucket("photos").key("no")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(404));
        }
    }

    @Test
    void answersBlobPayloads() {
        try (BedrockRuntimeClient models =
                house.client(BedrockRuntimeClient.builder()).build()) {
            var response = models.invokeModel(request -> request.modelId(
                            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-1-8b-instruct-v1:0")
                    .contentType("application/json")
                    .body(SdkBytes.fromUtf8String("{\"prompt\":\"hi\"}")));

            assertThat(response.body().asUtf8String())
                    .isEqualTo(
                            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-1-8b-instruct-v1:0"
                                    + " {\"prompt\":\"hi\"}");
            assertThat(response.contentType()).isEqualTo("application/json");
        }
    }

    @Test
    void saysOfEveryOtherOperationThatItIsNotImplemented() {
        try (LambdaClient lambda = house.client(LambdaClient.builder()).build();
                StsClient sts = house.client(StsClient.builder()).build();
                DynamoDbClient items = house.client(DynamoDbClient.builder()).build()) {
            assertThatThrownBy(lambda::listFunctions).isInstanceOfSatisfying(LambdaException.class, e -> {
                assertThat(e.statusCode()).isEqualTo(501);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException");
                assertThat(e.awsErrorDetails().errorMessage())
                        .startsWith("lambda: ListFunctions is not implemented by Outcrop");
            });
            assertThatThrownBy(() -> sts.getSessionToken())
                    .isInstanceOfSatisfying(
                            StsException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException"));
            assertThatThrownBy(items::listTables)
                    .isInstanceOfSatisfying(
                            DynamoDbException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException"));
        }
    }

    @Test
    void tellsTheMembersOfAnErrorThatAServiceNamesByItsCode() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(house.uri().resolve("/model/errs/invoke"))
                .header("Authorization", "Bearer " + House.TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(424);
            assertThat(answer.headers().allValues("x-amzn-errortype")).containsExactly("ModelErrorException");
            assertThat(answer.body()).contains("\"resourceName\":\"errs\"").contains("\"message\":\"no\"");
        }
    }
}
