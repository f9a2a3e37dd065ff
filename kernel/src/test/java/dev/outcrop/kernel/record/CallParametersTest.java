package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.ServiceTables;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.Tag;

class CallParametersTest {
    private static final AuditEvents EVENTS = new AuditEvents(new ServiceTables());

    @Test
    void tellsMembersInCamelCase() {
        AssumeRoleRequest request = AssumeRoleRequest.builder()
                .roleArn("arn:aws:iam::111122223333:role/reader")
                .durationSeconds(900)
                .tags(Tag.builder().key("team").value("a \"b\"").build())
                .build();

        assertThat(event("sts", "AssumeRole", request))
                .contains("\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111122223333:role/reader\","
                        + "\"durationSeconds\":900,\"tags\":[{\"key\":\"team\",\"value\":\"a \\\"b\\\"\"}]},");
    }

    @Test
    void hidesWhatIsSensitive() {
        AssumeRoleWithWebIdentityRequest request = AssumeRoleWithWebIdentityRequest.builder()
                .roleArn("arn:aws:iam::111122223333:role/reader")
                .webIdentityToken("the token")
                .build();

        assertThat(event("sts", "AssumeRoleWithWebIdentity", request))
                .contains("\"webIdentityToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"")
                .doesNotContain("the token");
    }

    @Test
    void tellsTheModelOfAConversationAndNothingThatWasSaid() {
        ConverseRequest converse = ConverseRequest.builder()
                .modelId("amazon.nova-lite-v1:0")
                .system(SystemContentBlock.fromText("the secret"))
                .build();
        InvokeModelRequest invoke = InvokeModelRequest.builder()
                .modelId("amazon.nova-lite-v1:0")
                .body(SdkBytes.fromUtf8String("{\"inputText\":\"the secret\"}"))
                .build();

        assertThat(event("bedrock-runtime", "Converse", converse))
                .contains("\"requestParameters\":{\"modelId\":\"amazon.nova-lite-v1:0\"},");
        assertThat(event("bedrock-runtime", "InvokeModel", invoke))
                .contains("\"requestParameters\":{\"modelId\":\"amazon.nova-lite-v1:0\"},");
    }

    @Test
    void leavesOutWhatIsLargerThanAHundredKilobytes() {
        AssumeRoleRequest request = AssumeRoleRequest.builder()
                .roleSessionName("x".repeat(CallParameters.LARGEST_BYTES))
                .build();

        assertThat(event("sts", "AssumeRole", request))
                .contains("\"requestParameters\":{\"omitted\":true},")
                .hasSizeLessThan(2000);
    }

    @Test
    void isNullWithoutParameters() {
        assertThat(event(
                        "sts",
                        "GetCallerIdentity",
                        GetCallerIdentityRequest.builder().build()))
                .contains("\"requestParameters\":null,");
    }

    @Test
    void tellsTheAnswerOfWhatChangedSomethingWithoutItsSecrets() {
        CreateAccessKeyResponse response = CreateAccessKeyResponse.builder()
                .accessKey(key -> key.userName("bob")
                        .accessKeyId("AKIAEXAMPLE")
                        .secretAccessKey("the secret")
                        .status("Active"))
                .build();

        String event = event(
                "iam",
                "CreateAccessKey",
                CreateAccessKeyRequest.builder().userName("bob").build(),
                Optional.of(response));

        assertThat(event)
                .contains("\"responseElements\":{\"accessKey\":{\"userName\":\"bob\",\"accessKeyId\":\"AKIAEXAMPLE\","
                        + "\"status\":\"Active\",\"secretAccessKey\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}},")
                .contains("\"readOnly\":false");
    }

    @Test
    void tellsWhichObjectWasWrittenAndNothingOfIt() {
        CopyObjectRequest copy = CopyObjectRequest.builder()
                .destinationBucket("b")
                .destinationKey("k")
                .metadata(Map.of("name", "the secret"))
                .build();

        assertThat(event("s3", "CopyObject", copy))
                .contains("\"requestParameters\":{\"bucketName\":\"b\",\"key\":\"k\"},")
                .doesNotContain("the secret");
    }

    @Test
    void tellsNoAnswerOfWhatOnlyReads() {
        GetCallerIdentityResponse response =
                GetCallerIdentityResponse.builder().account("111122223333").build();

        assertThat(event(
                        "sts",
                        "GetCallerIdentity",
                        GetCallerIdentityRequest.builder().build(),
                        Optional.of(response)))
                .contains("\"responseElements\":null,");
    }

    @ParameterizedTest
    @CsvSource({
        "s3, GetObject, true, Data",
        "s3, PutObject, false, Data",
        "s3, PutBucketPolicy, false, Management",
        "bedrock-runtime, Converse, true, Management",
        "bedrock-runtime, InvokeModelWithBidirectionalStream, true, Data",
        "kms, Decrypt, true, Management",
        "sts, AssumeRole, true, Management",
        "iam, CreateUser, false, Management"
    })
    void tellsReadingFromWritingAndDataFromManagement(
            String service, String operation, boolean readOnly, String category) {
        String event =
                event(service, operation, GetCallerIdentityRequest.builder().build());

        assertThat(event)
                .contains("\"readOnly\":" + readOnly)
                .contains("\"managementEvent\":" + category.equals("Management"))
                .contains("\"eventCategory\":\"" + category + "\"");
    }

    @Test
    void everyOperationOfTheTableOfKindsExists() {
        ServiceTables tables = new ServiceTables();

        assertThat(new EventKinds().named()).allSatisfy(call -> {
            String[] parts = call.split(":");
            assertThat(tables.find(parts[0]).orElseThrow().operation(parts[1]))
                    .as(call)
                    .isPresent();
        });
    }

    private static String event(String service, String operation, SdkRequest request) {
        return event(service, operation, request, Optional.empty());
    }

    private static String event(String service, String operation, SdkRequest request, Optional<SdkResponse> response) {
        CallContext context = CallContext.builder()
                .principal(Principal.root("111122223333", Optional.empty()))
                .requestId("1")
                .build();
        return new String(
                EVENTS.entries(new CallRecord(
                                context, service, operation, Optional.of(request), response, Optional.empty(), 1))
                        .getFirst()
                        .body(),
                UTF_8);
    }
}
