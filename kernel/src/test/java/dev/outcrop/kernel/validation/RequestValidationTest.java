package dev.outcrop.kernel.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.shapes.ServiceTables;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StartAsyncInvokeRequest;
import software.amazon.awssdk.services.bedrockruntime.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

class RequestValidationTest {
    private static final ServiceTables TABLES = new ServiceTables();
    private static final ServedService BEDROCK = served("bedrock-runtime", BedrockRuntimeClient.class);
    private static final ServedService STS = served("sts", StsClient.class);

    private final RequestValidation validation = new RequestValidation();

    @Test
    void saysNothingOfARequestThatIsRight() {
        ConverseRequest request = ConverseRequest.builder()
                .modelId("anthropic.claude-3-haiku-20240307-v1:0")
                .messages(Message.builder()
                        .role("user")
                        .content(ContentBlock.fromText("Hello"))
                        .build())
                .inferenceConfig(
                        configuration -> configuration.temperature(0.5f).maxTokens(10))
                .build();

        assertThatCode(() -> check("Converse", request)).doesNotThrowAnyException();
    }

    @Test
    void takesTheArnsOfInstalledModelsWhoseIdsAreNotMadeAsAwsMakesThem() {
        ConverseRequest request = ConverseRequest.builder()
                .modelId("arn:aws:bedrock:us-east-1::foundation-model/qwen2.5-1.5b-instruct")
                .build();

        assertThatCode(() -> check("Converse", request)).doesNotThrowAnyException();
        assertThat(refused(
                                "Converse",
                                request.toBuilder()
                                        .modelId("arn:aws:bedrock:us-east-1::foundation-model/a b")
                                        .build())
                        .getMessage())
                .contains("regular expression pattern");
    }

    @Test
    void namesAllViolationsInOneMessage() {
        ConverseRequest request = ConverseRequest.builder()
                .messages(Message.builder().role("nobody").build())
                .inferenceConfig(
                        configuration -> configuration.temperature(1.5f).maxTokens(0))
                .build();

        AwsError error = refused("Converse", request);

        assertThat(error.code()).isEqualTo("ValidationException");
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.getMessage())
                .isEqualTo("5 validation errors detected: "
                        + "Value at 'modelId' failed to satisfy constraint: Member must not be null; "
                        + "Value 'nobody' at 'messages.1.member.role' failed to satisfy constraint: "
                        + "Member must satisfy enum value set: [user, assistant]; "
                        + "Value at 'messages.1.member.content' failed to satisfy constraint: Member must not be null; "
                        + "Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: "
                        + "Member must have value greater than or equal to 1; "
                        + "Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: "
                        + "Member must have value less than or equal to 1");
    }

    @Test
    void repeatsTheValueAndThePatternThatItMisses() {
        ConverseRequest request = ConverseRequest.builder().modelId("no model!").build();

        assertThat(refused("Converse", request).getMessage())
                .startsWith("1 validation error detected: Value 'no model!' at 'modelId' failed to satisfy constraint: "
                        + "Member must satisfy regular expression pattern: (arn:aws");
    }

    @Test
    void answersQueryServicesWithTheirOwnCode() {
        AwsError error = catchThrowableOfType(AwsError.class, () -> check(STS, "AssumeRole", assumeRole("x")));

        assertThat(error.code()).isEqualTo("ValidationError");
        assertThat(error.getMessage())
                .contains("Value 'x' at 'roleSessionName' failed to satisfy constraint: "
                        + "Member must have length greater than or equal to 2");
    }

    @Test
    void countsPlacesInListsFromOne() {
        StartAsyncInvokeRequest request = StartAsyncInvokeRequest.builder()
                .modelId("m")
                .modelInput(Document.fromMap(Map.of()))
                .outputDataConfig(output -> output.s3OutputDataConfig(s3 -> s3.s3Uri("s3://bucket/key")))
                .tags(Tag.builder().key("").value("v").build())
                .build();

        assertThat(refused("StartAsyncInvoke", request).getMessage())
                .contains("Value '' at 'tags.1.member.key' failed to satisfy constraint: "
                        + "Member must have length greater than or equal to 1");
    }

    @Test
    void missesNothingRequiredDeepInTheRequest() {
        ApplyGuardrailRequest request = ApplyGuardrailRequest.builder()
                .guardrailIdentifier("abcdefgh")
                .guardrailVersion("1")
                .source("INPUT")
                .content(GuardrailContentBlock.fromText(text -> {}))
                .build();

        assertThat(refused("ApplyGuardrail", request).getMessage())
                .isEqualTo("1 validation error detected: Value at 'content.1.member.text.text' failed to satisfy "
                        + "constraint: Member must not be null");
    }

    @Test
    void givesUpOnPatternsThatTakeForEver() {
        BoundedPattern pattern = BoundedPattern.compile("([a-z]+)*x").orElseThrow();

        long before = System.nanoTime();
        boolean matches = pattern.matches("a".repeat(60));

        assertThat(matches).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void givesUpOnPatternsThatRunOutOfStack() {
        BoundedPattern pattern = BoundedPattern.compile("(a|b|ab)*c").orElseThrow();

        assertThat(pattern.matches("ab".repeat(200_000))).isFalse();
    }

    private static AssumeRoleRequest assumeRole(String session) {
        return AssumeRoleRequest.builder()
                .roleArn("arn:aws:iam::123456789012:role/reader")
                .roleSessionName(session)
                .build();
    }

    private void check(String operation, SdkRequest request) {
        check(BEDROCK, operation, request);
    }

    private void check(ServedService service, String operation, SdkRequest request) {
        validation.check(service, service.operation(operation).orElseThrow(), request);
    }

    private AwsError refused(String operation, SdkRequest request) {
        return catchThrowableOfType(AwsError.class, () -> check(operation, request));
    }

    /** A service of which every operation counts as implemented; none is called here. */
    private static <C> ServedService served(String id, Class<C> client) {
        Object proxy = Proxy.newProxyInstance(
                client.getClassLoader(), new Class<?>[] {client}, (self, method, arguments) -> null);
        return ServedService.of(TABLES.find(id).orElseThrow(), (SdkClient) proxy, Optional.empty());
    }
}
