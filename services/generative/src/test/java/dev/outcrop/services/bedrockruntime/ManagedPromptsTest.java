package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.GenerativeHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.ContentBlock;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.Message;
import software.amazon.awssdk.services.bedrockagent.model.PromptInputVariable;
import software.amazon.awssdk.services.bedrockagent.model.PromptVariant;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.PromptVariableValues;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;
import software.amazon.awssdk.services.iam.IamClient;

class ManagedPromptsTest {
    private static final String ARN = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";

    @TempDir
    private Path folder;

    private final ScriptedTextModel model = ScriptedTextModel.saying("Yes");
    private final OnePrompt prompts = new OnePrompt();
    private GenerativeHouse house;

    /** The control plane, played: one prompt, whichever is asked for. */
    private static final class OnePrompt implements BedrockAgentClient {
        PromptVariant variant = text("Tell {{ about }} of {{topic}}, {{unknown}}.", "about", "topic");

        @Override
        public GetPromptResponse getPrompt(GetPromptRequest request) {
            assertThat(CallContext.current().principal().kind()).isEqualTo(Principal.Kind.SERVICE);
            assertThat(request.promptVersion()).isEqualTo("1");
            return GetPromptResponse.builder()
                    .id(request.promptIdentifier())
                    .defaultVariant("one")
                    .variants(variant)
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static PromptVariant text(String template, String... variables) {
        return PromptVariant.builder()
                .name("one")
                .templateType("TEXT")
                .modelId(GenerativeHouse.HAIKU)
                .inferenceConfiguration(inference -> inference.text(text -> text.maxTokens(7)))
                .templateConfiguration(configuration ->
                        configuration.text(text -> text.text(template).inputVariables(variables(variables))))
                .build();
    }

    private static List<PromptInputVariable> variables(String... names) {
        return List.of(names).stream()
                .map(name -> PromptInputVariable.builder().name(name).build())
                .toList();
    }

    @BeforeEach
    void open() {
        house = new GenerativeHouse(folder, model);
        house.serve("bedrock-agent", BedrockAgentClient.class, prompts);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void converse(Consumer<ConverseRequest.Builder> more) {
        house.runtime(
                runtime -> runtime.converse(request -> request.modelId(ARN).applyMutation(more)));
    }

    private static Map<String, PromptVariableValues> values(String about, String topic) {
        return Map.of("about", PromptVariableValues.fromText(about), "topic", PromptVariableValues.fromText(topic));
    }

    private List<String> asked() {
        return ((Prompt.Chat) model.request().prompt())
                .messages().stream()
                        .map(message -> ((Prompt.Content.Text) message.content().getFirst()).text())
                        .toList();
    }

    @Test
    void fillsInTheVariablesOfATextAndNothingElse() {
        converse(request -> request.promptVariables(values("me", "rocks")));

        assertThat(asked()).containsExactly("Tell me of rocks, {{unknown}}.");
        assertThat(model.request().toString()).contains("7");
    }

    @Test
    void readsNoValueAsATemplate() {
        converse(request -> request.promptVariables(values("{{topic}} $1 \\E", "{{about}}")));

        assertThat(asked()).containsExactly("Tell {{topic}} $1 \\E of {{about}}, {{unknown}}.");
    }

    private static Message said(String role, String text) {
        return Message.builder()
                .role(role)
                .content(List.of(ContentBlock.fromText(text)))
                .build();
    }

    @Test
    void appendsTheMessagesOfTheRequestToThoseOfAChat() {
        prompts.variant = PromptVariant.builder()
                .name("one")
                .templateType("CHAT")
                .modelId(GenerativeHouse.HAIKU)
                .templateConfiguration(configuration -> configuration.chat(chat -> chat.inputVariables(
                                variables("topic"))
                        .system(List.of(software.amazon.awssdk.services.bedrockagent.model.SystemContentBlock.fromText(
                                "Know {{topic}}.")))
                        .messages(List.of(said("user", "Ask {{topic}}."), said("assistant", "What?")))))
                .build();

        converse(request -> request.promptVariables(Map.of("topic", PromptVariableValues.fromText("rocks")))
                .messages(Turns.user("All")));

        assertThat(asked()).endsWith("Ask rocks.", "What?", "All");
        assertThat(model.request().toString()).contains("Know rocks.");
    }

    @Test
    void refusesFieldsThatThePromptDefines() {
        assertThatThrownBy(() -> converse(request -> request.promptVariables(values("me", "rocks"))
                        .inferenceConfig(inference -> inference.maxTokens(5))
                        .system(SystemContentBlock.fromText("Be kind"))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("inferenceConfig, system");
    }

    @Test
    void refusesMissingAndUnknownVariables() {
        assertThatThrownBy(() -> converse(
                        request -> request.promptVariables(Map.of("about", PromptVariableValues.fromText("me")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("topic");
        assertThatThrownBy(() -> converse(request -> request.promptVariables(Map.of(
                        "about",
                        PromptVariableValues.fromText("me"),
                        "topic",
                        PromptVariableValues.fromText("rocks"),
                        "more",
                        PromptVariableValues.fromText("stones")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("more");
    }

    @Test
    void refusesVariablesWithoutAPrompt() {
        assertThatThrownBy(() ->
                        house.runtime(runtime -> runtime.converse(request -> request.modelId(GenerativeHouse.HAIKU)
                                .promptVariables(values("me", "rocks"))
                                .messages(Turns.user("Hi")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("promptVariables");
    }

    @Test
    void refusesThePromptsOfOthers() {
        assertThatThrownBy(() -> converse(request -> request.modelId(ARN.replace("123456789012", "999999999999"))
                        .promptVariables(values("me", "rocks"))))
                .isInstanceOf(RuntimeException.class);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void wantsTheRightToRenderThePromptAndToInvokeItsModel() {
        assertThatThrownBy(() -> asUser("bedrock:InvokeModel"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:RenderPrompt");
        assertThatThrownBy(() -> asUser("bedrock:RenderPrompt"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:InvokeModel")
                .hasMessageContaining("foundation-model/" + GenerativeHouse.HAIKU);
        asUser("bedrock:RenderPrompt\", \"bedrock:InvokeModel");

        assertThat(model.requests()).hasSize(1);
    }

    private void asUser(String actions) {
        String name = "user-" + actions.length();
        Principal user = house.call(IamClient.class, iam -> {
            String id = iam.createUser(request -> request.userName(name)).user().userId();
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("some").policyDocument("""
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["%s"], "Resource": "*"}]}""".formatted(actions)));
            return new Principal(
                    Principal.Kind.USER,
                    "arn:aws:iam::" + GenerativeHouse.ACCOUNT + ":user/" + name,
                    GenerativeHouse.ACCOUNT,
                    id,
                    Optional.of("AKIAUSER"));
        });
        house.as(
                user,
                BedrockRuntimeClient.class,
                runtime -> runtime.converse(request -> request.modelId(ARN).promptVariables(values("me", "rocks"))));
    }
}
