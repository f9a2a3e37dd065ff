package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.ServiceTables;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.Tag;

class RequestParametersTest {
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
                .roleSessionName("x".repeat(RequestParameters.LARGEST_BYTES))
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

    private static String event(String service, String operation, SdkRequest request) {
        CallContext context = CallContext.builder()
                .principal(Principal.root("111122223333", Optional.empty()))
                .requestId("1")
                .build();
        return new String(
                EVENTS.entry(new CallRecord(context, service, operation, Optional.of(request), Optional.empty(), 1))
                        .body(),
                UTF_8);
    }
}
