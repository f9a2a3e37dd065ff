package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ModelRoutingTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";
    private static final String SONNET_4 = "anthropic.claude-sonnet-4-20250514-v1:0";

    private final SomeModels models = SomeModels.of(ScriptedTextModel.saying("Hello"));
    private final ModelRouting routing = models.routing();

    @ParameterizedTest
    @ValueSource(
            strings = {
                HAIKU,
                "us." + HAIKU,
                "arn:aws:bedrock:us-east-1::foundation-model/" + HAIKU,
                "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us." + HAIKU
            })
    void everyNameOfAFoundationModelMeansTheModel(String modelId) {
        TextRoute route = SomeModels.call().call(() -> routing.text(modelId));

        assertThat(route.modelId()).isEqualTo(HAIKU);
        assertThat(route.installedId()).isEqualTo("scripted");
    }

    @Test
    void aProfileNeedsARightOfItsOwnAndOneOnTheModelBehindIt() {
        String model = "arn:aws:bedrock:us-east-1::foundation-model/" + HAIKU;
        String system = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us." + HAIKU;
        String application = "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abcdefghijkl";
        ModelRouting withProfile = models.routing(_ -> Optional.of(model));

        SomeModels.call().run(() -> {
            assertThat(withProfile.arns(HAIKU)).containsExactly(model);
            assertThat(withProfile.arns("us." + HAIKU)).containsExactly(system, model);
            assertThat(withProfile.arns(system)).containsExactly(system, model);
            assertThat(withProfile.arns(application)).containsExactly(application, model);
            assertThat(routing.arns(application)).containsExactly(application);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.nova-lite-v1:0, TEXT",
        "amazon.titan-text-express-v1, TEXT",
        "meta.llama3-8b-instruct-v1:0, TEXT",
        "mistral.mistral-7b-instruct-v0:2, TEXT",
        "cohere.command-r-plus-v1:0, TEXT",
        "ai21.jamba-1-5-mini-v1:0, TEXT",
        "us.deepseek.r1-v1:0, TEXT",
        "qwen.qwen3-32b-v1:0, TEXT",
        "openai.gpt-oss-20b-1:0, TEXT",
        "anthropic.claude-opus-9-20300101-v1:0, TEXT",
        "us.anthropic.claude-opus-9-20300101-v1:0, TEXT",
        "amazon.titan-embed-text-v2:0, EMBEDDING",
        "cohere.embed-english-v3, EMBEDDING"
    })
    void knowsWhatAModelDoes(String modelId, Kind kind) {
        assertThat(SomeModels.call().call(() -> routing.resolve(modelId)).kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4",
                "anthropic",
                "eu." + HAIKU,
                "us.amazon.titan-text-express-v1",
                "arn:aws:bedrock:eu-west-1::foundation-model/" + HAIKU,
                "arn:aws:bedrock:us-east-1:111111111111:inference-profile/us." + HAIKU,
                "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abcdefghijkl",
                "arn:aws:bedrock:us-east-1:000000000000:provisioned-model/abcdefghijkl"
            })
    void refusesAnIdThatMeansNothingHere(String modelId) {
        assertThatThrownBy(() -> SomeModels.call().call(() -> routing.text(modelId)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The provided model identifier is invalid.");
    }

    @Test
    void refusesToCallAModelOnDemandThatHasOnlyProfiles() {
        assertThatThrownBy(() -> SomeModels.call().call(() -> routing.text(SONNET_4)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Invocation of model ID " + SONNET_4
                        + " with on-demand throughput isn\u2019t supported. Retry your request with the ID or ARN of an"
                        + " inference profile that contains this model.");
    }

    @Test
    void aManagedPromptIsNotImplementedYet() {
        assertThatThrownBy(() -> SomeModels.call()
                        .call(() -> routing.text("arn:aws:bedrock:us-east-1:000000000000:prompt/ABCDEFGHIJ:1")))
                .isInstanceOf(AwsError.class)
                .hasMessageContaining("managed prompt");
    }

    @Test
    void anInstalledModelAnswersForItself() {
        TextRoute route = SomeModels.call().call(() -> routing.text("scripted"));

        assertThat(route.modelId()).isEqualTo("scripted");
        assertThat(route.installedId()).isEqualTo("scripted");
    }

    @Test
    void anApplicationProfileMeansItsModel() {
        String profile = "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/abcdefghijkl";
        ModelRouting withProfile = new ModelRouting(
                SomeModels.PUBLISHED,
                models,
                new RoutingTable(List.of(), Optional.of("scripted"), Optional.empty(), false),
                arn -> arn.equals(profile)
                        ? Optional.of("arn:aws:bedrock:us-east-1::foundation-model/" + SONNET_4)
                        : Optional.empty());

        assertThat(SomeModels.call().call(() -> withProfile.text(profile)).modelId())
                .isEqualTo(SONNET_4);
    }

    @Test
    void saysWhichModelAnswered() {
        CallContext call = SomeModels.call();

        call.call(() -> routing.text("us." + HAIKU));

        assertThat(call.responseHeaders()).containsExactly(Map.entry("x-outcrop-model", "scripted"));
        assertThat(call.metering().model()).contains(HAIKU);
        assertThat(call.metering().answeredBy()).contains("scripted");
    }

    @Test
    void anEmbeddingModelDoesNotWrite() {
        assertThatThrownBy(() -> SomeModels.call().call(() -> routing.text("amazon.titan-embed-text-v2:0")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("amazon.titan-embed-text-v2:0");
    }

    @ParameterizedTest
    @CsvSource({"amazon.nova-canvas-v1:0, IMAGE", "amazon.rerank-v1:0, TEXT", "amazon.nova-sonic-v1:0, SPEECH and TEXT"
    })
    void aModelThatNothingHereStandsInForIsNotFound(String modelId, String output) {
        assertThatThrownBy(() -> SomeModels.call().call(() -> routing.text(modelId)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("whose output is " + output);
    }

    @Test
    void namesTheCommandThatInstallsAModel() {
        assertThatThrownBy(() -> SomeModels.call().call(() -> routing.text("offered")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Install it with 'outcrop models pull offered'");
    }

    @Test
    void strictRoutingRefusesWhatNoRuleNames() {
        ModelRouting strict = models.routing(new RoutingTable(
                List.of(new RoutingTable.Rule("meta.llama3*", "scripted")),
                Optional.of("scripted"),
                Optional.empty(),
                true));

        assertThat(SomeModels.call()
                        .call(() -> strict.text("meta.llama3-8b-instruct-v1:0"))
                        .installedId())
                .isEqualTo("scripted");
        assertThatThrownBy(() -> SomeModels.call().call(() -> strict.text(HAIKU)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining(HAIKU)
                .hasMessageContaining("outcrop models pull");
    }

    @Test
    void theFirstRuleThatMatchesWins() {
        ModelRouting ruled = models.routing(new RoutingTable(
                List.of(
                        new RoutingTable.Rule("anthropic.claude-3-*", "scripted"),
                        new RoutingTable.Rule("anthropic.*", "absent")),
                Optional.empty(),
                Optional.empty(),
                false));

        assertThat(SomeModels.call().call(() -> ruled.text(HAIKU)).installedId())
                .isEqualTo("scripted");
        assertThatThrownBy(() -> SomeModels.call().call(() -> ruled.text("anthropic.claude-v2")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("outcrop models pull absent");
    }

    @Test
    void saysWhatToDoWhenNothingIsInstalled() {
        assertThatThrownBy(() ->
                        SomeModels.call().call(() -> SomeModels.none().routing().text(HAIKU)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("outcrop models pull");
    }
}
