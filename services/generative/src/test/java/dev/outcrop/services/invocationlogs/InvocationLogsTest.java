package dev.outcrop.services.invocationlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.GenerativeHouse;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.model.LoggingConfig;
import software.amazon.awssdk.services.bedrock.model.ValidationException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;

class InvocationLogsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODY = """
            {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]}""";

    @TempDir
    private Path folder;

    private GenerativeHouse house;

    @BeforeEach
    void open() {
        house = new GenerativeHouse(folder, ScriptedTextModel.saying("Hello", " there"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void logBucket(String name, String sourceAccount) {
        house.bucket(name);
        house.s3(s3 -> s3.putBucketPolicy(
                request -> request.bucket(name).policy("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                 "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "s3:PutObject",
                 "Resource": "arn:aws:s3:::NAME/AWSLogs/123456789012/BedrockModelInvocationLogs/*",
                 "Condition": {"StringEquals": {"aws:SourceAccount": "SOURCE"},
                               "ArnLike": {"aws:SourceArn": "arn:aws:bedrock:us-east-1:SOURCE:*"}}}]}""".replace("NAME", name).replace("SOURCE", sourceAccount))));
    }

    private void log(LoggingConfig configuration) {
        house.bedrock(bedrock ->
                bedrock.putModelInvocationLoggingConfiguration(request -> request.loggingConfig(configuration)));
    }

    private static LoggingConfig toBucket(String name) {
        return LoggingConfig.builder().s3Config(s3 -> s3.bucketName(name)).build();
    }

    private void converse(String text) {
        house.runtime(runtime -> runtime.converse(request -> request.modelId(GenerativeHouse.HAIKU)
                .requestMetadata(Map.of("team", "blue"))
                .messages(user(text))));
    }

    private static Message user(String text) {
        return Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(text))
                .build();
    }

    private List<JsonNode> delivered(String bucket) {
        List<JsonNode> records = new ArrayList<>();
        for (String key : house.keys(bucket)) {
            if (key.endsWith(".json.gz") && !key.contains("/data/")) {
                for (String line : unzipped(bucket, key).split("\n", -1)) {
                    if (!line.isEmpty()) {
                        records.add(read(line));
                    }
                }
            }
        }
        return records;
    }

    private String unzipped(String bucket, String key) {
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(house.get(bucket, key)))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void recordsConversationsInTheBucket() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs"));

        converse("Hi");
        house.settleAndDeliver();

        assertThat(house.keys("logs"))
                .contains("AWSLogs/123456789012/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check")
                .anySatisfy(key -> assertThat(key)
                        .matches(
                                "AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/\\d{4}/\\d\\d/\\d\\d/\\d\\d/"
                                        + "\\d{8}T\\d{9}Z_[0-9a-f]{16}\\.json\\.gz"));
        JsonNode record = delivered("logs").getFirst();
        assertThat(record.path("schemaType").asText()).isEqualTo("ModelInvocationLog");
        assertThat(record.path("schemaVersion").asText()).isEqualTo("1.0");
        assertThat(record.path("accountId").asText()).isEqualTo(GenerativeHouse.ACCOUNT);
        assertThat(record.path("operation").asText()).isEqualTo("Converse");
        assertThat(record.path("modelId").asText()).isEqualTo(GenerativeHouse.HAIKU);
        assertThat(record.path("outcropModel").asText()).isEqualTo("scripted");
        assertThat(record.at("/identity/arn").asText()).isEqualTo("arn:aws:iam::123456789012:root");
        assertThat(record.at("/requestMetadata/team").asText()).isEqualTo("blue");
        assertThat(record.at("/input/inputBodyJson/messages/0/content/0/text").asText())
                .isEqualTo("Hi");
        assertThat(record.at("/input/inputTokenCount").asInt()).isEqualTo(11);
        assertThat(record.at("/output/outputBodyJson/output/message/content/0/text")
                        .asText())
                .isEqualTo("Hello there");
        assertThat(record.at("/output/outputTokenCount").asInt()).isEqualTo(2);
    }

    @Test
    void recordsInvocationsStreamsAndErrors() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs"));

        house.runtime(runtime -> runtime.invokeModel(
                request -> request.modelId(GenerativeHouse.HAIKU).body(SdkBytes.fromUtf8String(BODY))));
        house.stream(runtime -> runtime.converseStream(
                request -> request.modelId(GenerativeHouse.HAIKU).messages(user("Hi")),
                ConverseStreamResponseHandler.builder().subscriber(_ -> {}).build()));
        house.stream(runtime -> runtime.invokeModelWithResponseStream(
                request -> request.modelId(GenerativeHouse.HAIKU).body(SdkBytes.fromUtf8String(BODY)),
                InvokeModelWithResponseStreamResponseHandler.builder()
                        .subscriber(_ -> {})
                        .build()));
        assertThatThrownBy(() -> house.runtime(runtime ->
                runtime.converse(request -> request.modelId("no.such").messages(user("Hi")))));
        house.settleAndDeliver();

        List<JsonNode> records = delivered("logs");
        assertThat(records)
                .extracting(record -> record.path("operation").asText())
                .containsExactly("InvokeModel", "ConverseStream", "InvokeModelWithResponseStream", "Converse");
        assertThat(records.get(0).at("/output/outputBodyJson/content/0/text").asText())
                .isEqualTo("Hello there");
        assertThat(records.get(1)
                        .at("/output/outputBodyJson/output/message/content/0/text")
                        .asText())
                .isEqualTo("Hello there");
        assertThat(records.get(1)
                        .at("/output/outputBodyJson/usage/outputTokens")
                        .asInt())
                .isEqualTo(2);
        assertThat(records.get(2).at("/output/outputBodyJson").isArray()).isTrue();
        assertThat(records.get(3).path("errorCode").asText()).isEqualTo("ValidationException");
        assertThat(records.get(3).has("output")).isFalse();
    }

    @Test
    void putsLargeBodiesBesideTheRecords() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs"));
        String large = "word ".repeat(30_000);

        converse(large);
        house.settleAndDeliver();

        String path = delivered("logs").getFirst().at("/input/inputBodyS3Path").asText();
        assertThat(path).startsWith("s3://logs/").contains("/data/").endsWith("_input.json.gz");
        assertThat(read(unzipped("logs", path.substring("s3://logs/".length())))
                        .at("/messages/0/content/0/text")
                        .asText())
                .isEqualTo(large);
        assertThat(delivered("logs").getFirst().at("/input").has("inputBodyJson"))
                .isFalse();
    }

    @Test
    void tellsNoTextWhereThatIsSwitchedOff() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs").toBuilder().textDataDeliveryEnabled(false).build());

        converse("secret");
        house.settleAndDeliver();

        assertThat(delivered("logs").getFirst().toString()).doesNotContain("secret", "Hello");
        assertThat(delivered("logs").getFirst().at("/input/inputTokenCount").asInt())
                .isEqualTo(11);
    }

    @Test
    void refusesABucketWhosePolicyDoesNotLetBedrockIn() {
        house.bucket("closed");
        logBucket("foreign-source", "999999999999");

        assertThatThrownBy(() -> log(toBucket("closed")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Failed to validate permissions for S3 bucket: closed");
        assertThatThrownBy(() -> log(toBucket("foreign-source"))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> log(toBucket("not-there"))).isInstanceOf(ValidationException.class);
        assertThat(house.bedrock(bedrock -> bedrock.getModelInvocationLoggingConfiguration(request -> {}))
                        .loggingConfig())
                .isNull();
    }

    @Test
    void refusesABucketOfAnotherAccountEvenIfItLetsEverybodyIn() {
        Principal stranger = Principal.root("999999999999", Optional.of("AKIASTRANGER"));
        house.as(stranger, S3Client.class, s3 -> s3.createBucket(request -> request.bucket("strangers")));
        house.as(
                stranger,
                S3Client.class,
                s3 -> s3.putBucketPolicy(request -> request.bucket("strangers").policy("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                         "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "s3:PutObject",
                         "Resource": "arn:aws:s3:::strangers/*"}]}""")));

        assertThatThrownBy(() -> log(toBucket("strangers"))).isInstanceOf(ValidationException.class);
    }

    @Test
    void sendsRecordsToCloudWatchLogsAsTheRole() {
        house.call(
                CloudWatchLogsClient.class,
                logs -> logs.createLogGroup(request -> request.logGroupName("/aws/bedrock")));
        String role = house.role("logger", """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                 "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                 "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/bedrock:log-stream:aws/bedrock/modelinvocations"}]}""");
        log(LoggingConfig.builder()
                .cloudWatchConfig(logs -> logs.logGroupName("/aws/bedrock").roleArn(role))
                .build());

        converse("Hi");
        house.settleAndDeliver();

        assertThat(house.call(
                                CloudWatchLogsClient.class,
                                logs -> logs.getLogEvents(request -> request.logGroupName("/aws/bedrock")
                                        .logStreamName("aws/bedrock/modelinvocations")
                                        .startFromHead(true)))
                        .events())
                .extracting(event -> event.message())
                .filteredOn(message -> message.startsWith("{"))
                .singleElement()
                .satisfies(message ->
                        assertThat(read(message).path("schemaType").asText()).isEqualTo("ModelInvocationLog"));
    }

    @Test
    void refusesARoleThatMayNotWriteIntoTheGroup() {
        house.call(
                CloudWatchLogsClient.class,
                logs -> logs.createLogGroup(request -> request.logGroupName("/aws/bedrock")));
        String role = house.role("reader", """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}""");

        assertThatThrownBy(() -> log(LoggingConfig.builder()
                        .cloudWatchConfig(
                                logs -> logs.logGroupName("/aws/bedrock").roleArn(role))
                        .build()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Failed to validate permissions for log group: /aws/bedrock, with role: " + role
                        + ". Verify the IAM role permissions are correct.");
    }

    @Test
    void deliversLaterWhatCannotBeDeliveredNow() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs"));
        converse("Hi");
        house.s3(s3 -> s3.deleteBucketPolicy(request -> request.bucket("logs")));

        house.settleAndDeliver();
        List<JsonNode> before = delivered("logs");
        logPolicyAgain();
        house.pass(Duration.ofMinutes(2));
        house.deliver();
        house.deliver();

        assertThat(before).isEmpty();
        assertThat(delivered("logs")).hasSize(1);
        assertThat(measured()).contains("ModelInvocationLogsS3DeliveryFailure", "ModelInvocationLogsS3DeliverySuccess");
    }

    private void logPolicyAgain() {
        house.s3(s3 -> s3.putBucketPolicy(request -> request.bucket("logs").policy("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                 "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "s3:PutObject",
                 "Resource": "arn:aws:s3:::logs/*"}]}""")));
    }

    private String measured() {
        StringBuilder entries = new StringBuilder();
        house.journal()
                .arrivals(UsageEntries.KIND, 0, 1000)
                .forEach(place -> entries.append(new String(place.entry().body(), StandardCharsets.UTF_8)));
        return entries.toString();
    }

    @Test
    void logsNoMoreOnceTheConfigurationIsDeleted() {
        logBucket("logs", GenerativeHouse.ACCOUNT);
        log(toBucket("logs"));
        converse("first");
        house.bedrock(bedrock -> bedrock.deleteModelInvocationLoggingConfiguration(request -> {}));
        converse("second");

        house.settleAndDeliver();

        assertThat(delivered("logs"))
                .extracting(record -> record.at("/input/inputBodyJson/messages/0/content/0/text")
                        .asText())
                .containsExactly("first");
    }
}
