package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.kernel.Streams;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceTables;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;

class ServedRuntimeTest {
    private static final String HAIKU = "us.anthropic.claude-3-haiku-20240307-v1:0";

    private final ModelRouting routing =
            SomeModels.of(ScriptedTextModel.saying("Hello")).routing();
    private final ServedService service = ServedService.of(
            new ServiceTables().find("bedrock-runtime").orElseThrow(),
            new BedrockRuntimeService(routing, SomeModels.FAMILIES, SomeModels.UNGUARDED, new Random(1)),
            Optional.of(new BedrockRuntimeStreams(routing, SomeModels.FAMILIES, SomeModels.UNGUARDED, new Random(1))));
    private final Corridor corridor = new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), _ -> {});

    private Answer call(String operation, SdkRequest request) {
        return corridor.call(
                SomeModels.call(), service, service.operation(operation).orElseThrow(), request, Streams.NONE);
    }

    @Test
    void servesWhatIsImplementedAndNothingElse() {
        assertThat(service.operations())
                .extracting(ServedOperation::name)
                .containsExactlyInAnyOrder(
                        "ApplyGuardrail",
                        "Converse",
                        "ConverseStream",
                        "CountTokens",
                        "InvokeModel",
                        "InvokeModelWithResponseStream");
    }

    @Test
    void answersACallThatWalksTheCorridor() {
        Answer answer = call(
                "Converse",
                ConverseRequest.builder()
                        .modelId(HAIKU)
                        .messages(Turns.user("Hi"))
                        .build());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Success.class,
                        success -> assertThat(
                                        ((ConverseResponse) success.response().orElseThrow())
                                                .output()
                                                .message()
                                                .content()
                                                .getFirst()
                                                .text())
                                .isEqualTo("Hello"));
    }

    @Test
    void whatTheServiceRefusesIsAModeledErrorOfTheOperation() {
        Answer answer = call(
                "Converse",
                ConverseRequest.builder()
                        .modelId("gpt-4")
                        .messages(Turns.user("Hi"))
                        .build());

        assertThat(answer).isInstanceOfSatisfying(Answer.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo("ValidationException");
            assertThat(failure.status()).isEqualTo(400);
            assertThat(failure.message()).isEqualTo("The provided model identifier is invalid.");
            assertThat(failure.modeled()).isTrue();
        });
    }
}
