package dev.outcrop.services.modelunits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.GenerativeHouse;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.CreateProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrock.model.ProvisionedModelStatus;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/** The house's model writes four answers at once. */
class ProvisionedThroughputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TITAN = "amazon.titan-text-express-v1";

    @TempDir
    private Path folder;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private GenerativeHouse house;

    @BeforeEach
    void open() {
        house = new GenerativeHouse(folder, new ScriptedTextModel(Set.of(Capability.CHAT), request -> {
            if (request.toString().contains("Wait")) {
                asked.countDown();
                await(answer);
            }
            return List.of(
                    new GenerationEvent.Text("Yes"), ScriptedTextModel.finished(FinishReason.END_OF_TURN, 11, 1));
        }));
    }

    @AfterEach
    void close() {
        answer.countDown();
        house.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private String bought(String name, int units, Consumer<CreateProvisionedModelThroughputRequest.Builder> more) {
        return house.bedrock(bedrock ->
                        bedrock.createProvisionedModelThroughput(request -> request.provisionedModelName(name)
                                .modelUnits(units)
                                .modelId(TITAN + ":0:8k")
                                .applyMutation(more)))
                .provisionedModelArn();
    }

    private GetProvisionedModelThroughputResponse got(String identifier) {
        return house.bedrock(
                bedrock -> bedrock.getProvisionedModelThroughput(request -> request.provisionedModelId(identifier)));
    }

    private String said(String modelId, String text) {
        return house.runtime(runtime ->
                        runtime.converse(request -> request.modelId(modelId).messages(user(text))))
                .output()
                .message()
                .content()
                .getFirst()
                .text();
    }

    private static Message user(String text) {
        return Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(text))
                .build();
    }

    @Test
    void answersByItsArn() {
        String arn = bought(
                "fast",
                1,
                request -> request.tags(Tag.builder().key("team").value("blue").build()));

        assertThat(said(arn, "Hi")).isEqualTo("Yes");
        assertThat(got("fast").status()).isEqualTo(ProvisionedModelStatus.IN_SERVICE);
        assertThat(got(arn).modelArn()).endsWith("foundation-model/" + TITAN + ":0:8k");
        assertThat(house.bedrock(bedrock -> bedrock.listTagsForResource(request -> request.resourceARN(arn)))
                        .tags())
                .extracting(Tag::key)
                .containsExactly("team");
    }

    @Test
    void limitsCallsByItToItsUnits() throws Exception {
        String arn = bought("fast", 1, _ -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> said(arn, "Wait"));
            await(asked);

            assertThatThrownBy(() -> said(arn, "Hi")).isInstanceOf(ThrottlingException.class);
            assertThat(said(TITAN, "Hi")).isEqualTo("Yes");

            answer.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("Yes");
            assertThat(said(arn, "Hi")).isEqualTo("Yes");
        }
    }

    @Test
    void keepsItsUnitsFreeOfOtherCalls() throws Exception {
        String arn = bought("fast", 3, _ -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> said(TITAN, "Wait"));
            await(asked);
            Future<String> waiting = threads.submit(() -> said(TITAN, "Hi"));

            assertThat(said(arn, "Hi")).isEqualTo("Yes");
            assertThat(waiting.isDone()).isFalse();

            answer.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("Yes");
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("Yes");
        }
    }

    @Test
    void sellsNoMoreThanThereIs() {
        bought("one", 2, _ -> {});

        assertThatThrownBy(() -> bought("two", 2, _ -> {})).isInstanceOf(ServiceQuotaExceededException.class);
        assertThatThrownBy(() -> bought("one", 1, _ -> {})).isInstanceOf(ValidationException.class);
    }

    @Test
    void isNotGivenBackInsideItsTerm() {
        String arn = bought("fast", 1, request -> request.commitmentDuration("OneMonth"));
        house.pass(Duration.ofDays(27));

        assertThatThrownBy(() -> deleted(arn))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("You can't delete a Provisioned Throughput before the commitment term is over.");
        house.pass(Duration.ofDays(5));
        deleted(arn);

        assertThatThrownBy(() -> got(arn)).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> said(arn, "Hi"))
                .isInstanceOf(software.amazon.awssdk.services.bedrockruntime.model.ValidationException.class);
    }

    private Object deleted(String arn) {
        return house.bedrock(
                bedrock -> bedrock.deleteProvisionedModelThroughput(request -> request.provisionedModelId(arn)));
    }

    @Test
    void answersNobodyOfAnotherAccount() {
        String arn = bought("fast", 1, _ -> {});
        Principal stranger = Principal.root("999999999999", Optional.of("AKIASTRANGER"));

        assertThatThrownBy(() -> house.as(
                        stranger,
                        BedrockRuntimeClient.class,
                        runtime ->
                                runtime.converse(request -> request.modelId(arn).messages(user("Hi")))))
                .isInstanceOf(software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException.class);
    }

    @Test
    void costsByTheHourAndItsCallsCostNothing() {
        String arn = bought("fast", 2, _ -> {});
        said(arn, "Hi");
        said(TITAN, "Hi");
        house.pass(Duration.ofMinutes(90));
        house.charge();
        house.charge();
        house.pass(Duration.ofMinutes(30));
        deleted(arn);
        house.settleAndDeliver();

        List<JsonNode> entries = new ArrayList<>();
        house.journal()
                .arrivals(UsageEntries.KIND, 0, 1000)
                .forEach(place -> entries.add(read(place.entry().body())));
        assertThat(entries)
                .filteredOn(entry -> entry.path("operation").asText().equals("ProvisionedModelThroughput"))
                .extracting(
                        entry -> entry.at("/amounts/ModelUnitHours").asDouble(),
                        entry -> entry.path("price").asText())
                .containsExactly(tuple(3.0, "61.5"), tuple(1.0, "20.5"));
        assertThat(entries)
                .filteredOn(entry -> entry.path("operation").asText().equals("Converse"))
                .extracting(
                        entry -> entry.path("billing").asText(),
                        entry -> entry.path("price").asText())
                .containsExactly(tuple("PROVISIONED", "0"), tuple("", "0.0000028"));
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
