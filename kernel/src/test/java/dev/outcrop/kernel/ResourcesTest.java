package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.storage.RecordQuery.Order;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockruntime.model.GetAsyncInvokeResponse;
import software.amazon.awssdk.services.bedrockruntime.model.StartAsyncInvokeRequest;
import software.amazon.awssdk.services.bedrockruntime.model.StartAsyncInvokeResponse;

class ResourcesTest {
    @TempDir
    private Path path;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final CallContext call = TestHouse.callOf("111122223333");
    private TestHouse house;
    private Resources<GetAsyncInvokeResponse> invocations;

    @BeforeEach
    void open() {
        house = new TestHouse(path);
        invocations = house.store(clock)
                .resources("bedrock:async-invoke", GetAsyncInvokeResponse::builder)
                .named(GetAsyncInvokeResponse::clientRequestToken);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void keepsAResourceAsTheShapeThatItIs() {
        call.run(() -> invocations.insert("one", invocation("one", "InProgress")));

        GetAsyncInvokeResponse found = call.call(() -> invocations.get("one"));

        assertThat(found).isEqualTo(invocation("one", "InProgress"));
    }

    @Test
    void keepsAccountsAndRegionsApart() {
        call.run(() -> invocations.insert("one", invocation("one", "InProgress")));

        CallContext elsewhere = call.toBuilder().region("eu-west-1").build();
        CallContext others = TestHouse.callOf("444455556666");

        assertThat(elsewhere.call(() -> invocations.find("one"))).isEmpty();
        assertThat(others.call(() -> invocations.find("one"))).isEmpty();
        assertThat(others.call(() -> invocations.list().all())).isEmpty();
    }

    @Test
    void putsAResourceInThePlaceOfTheOneWithItsId() {
        call.run(() -> {
            invocations.put("one", invocation("one", "InProgress"));
            invocations.put("one", invocation("renamed", "Completed"));

            assertThat(invocations.list().all()).containsExactly(invocation("renamed", "Completed"));

            invocations.put("two", invocation("one", "InProgress"));

            assertThatThrownBy(() -> invocations.put("two", invocation("renamed", "InProgress")))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("ConflictException"));
        });
    }

    @Test
    void refusesIdsAndNamesThatAreTaken() {
        call.run(() -> {
            invocations.insert("one", invocation("one", "InProgress"));

            assertThatThrownBy(() -> invocations.insert("one", invocation("other", "InProgress")))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("ConflictException"));
            assertThatThrownBy(() -> invocations.insert("two", invocation("one", "InProgress")))
                    .hasMessage("The async-invoke one already exists or was changed meanwhile");
            assertThat(invocations.findNamed("", "one")).isPresent();
        });
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> call.run(() -> invocations.get("nothing")))
                .isInstanceOfSatisfying(AwsError.class, error -> {
                    assertThat(error.code()).isEqualTo("ResourceNotFoundException");
                    assertThat(error.getMessage()).isEqualTo("The async-invoke nothing was not found");
                });
    }

    @Test
    void updatesWhatIsThereUnlessItWasChangedMeanwhile() {
        call.run(() -> {
            invocations.insert("one", invocation("one", "InProgress"));
            long version = invocations.findVersioned("one").orElseThrow().version();

            invocations.update(
                    "one", present -> present.toBuilder().status("Completed").build());

            assertThat(invocations.get("one").statusAsString()).isEqualTo("Completed");
            assertThatThrownBy(() -> invocations.update("one", version, invocation("one", "Failed")))
                    .hasMessageContaining("was changed meanwhile");
        });
    }

    @Test
    void pagesThroughWhatFitsTheFilter() {
        call.run(() -> {
            for (int i = 0; i < 30; i++) {
                now.updateAndGet(time -> time.plusSeconds(1));
                invocations.insert("id-" + i, invocation("name-" + i, i % 3 == 0 ? "Failed" : "Completed"));
            }
            List<String> found = new ArrayList<>();
            Optional<String> token = Optional.empty();
            do {
                Page<GetAsyncInvokeResponse> page = invocations
                        .list()
                        .where(invocation -> invocation.statusAsString().equals("Failed"))
                        .order(Order.NEWEST_FIRST)
                        .maximum(4)
                        .after(token.orElse(null))
                        .page();
                page.items().forEach(invocation -> found.add(invocation.clientRequestToken()));
                token = page.nextToken();
            } while (token.isPresent());

            assertThat(found)
                    .containsExactly(
                            "name-27", "name-24", "name-21", "name-18", "name-15", "name-12", "name-9", "name-6",
                            "name-3", "name-0");
        });
    }

    @Test
    void refusesPageTokensThatItDidNotGive() {
        String token = call.call(() -> {
            invocations.insert("one", invocation("one", "Failed"));
            invocations.insert("two", invocation("two", "Failed"));
            return invocations.list().maximum(1).page().nextToken().orElseThrow();
        });

        assertThat(call.call(() -> invocations.list().after(token).page()).items())
                .hasSize(1);
        for (String foreign : List.of("", "x", token.substring(1), token + "AAAA", "!".repeat(9), "A".repeat(5000))) {
            assertThatThrownBy(() ->
                            call.run(() -> invocations.list().after(foreign).page()))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("ValidationException"));
        }
        assertThatThrownBy(() -> TestHouse.callOf("444455556666")
                        .run(() -> invocations.list().after(token).page()))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void doesWithOneTokenOnlyOnce() {
        IdempotencyTokens tokens = house.store(clock).idempotencyTokens();
        AtomicInteger done = new AtomicInteger();

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(call.call(() -> once(tokens, "model-a", done)).invocationArn());
        }

        assertThat(answers).containsOnly("arn-1");
        assertThat(done).hasValue(1);
        assertThatThrownBy(() -> call.run(() -> once(tokens, "model-b", done)))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.code()).isEqualTo("ConflictException"));
        now.updateAndGet(time -> time.plus(IdempotencyTokens.LIFETIME).plusSeconds(1));
        assertThat(call.call(() -> once(tokens, "model-b", done)).invocationArn())
                .isEqualTo("arn-2");
    }

    @Test
    void forgetsTheTokenOfACallThatFailed() {
        IdempotencyTokens tokens = house.store(clock).idempotencyTokens();
        StartAsyncInvokeRequest request =
                StartAsyncInvokeRequest.builder().modelId("m").build();

        assertThatThrownBy(() ->
                        call.run(() -> tokens.once("start", "token", request, StartAsyncInvokeResponse::builder, () -> {
                            throw AwsError.validation("no");
                        })))
                .hasMessage("no");

        assertThat(call.call(() -> tokens.once(
                        "start",
                        "token",
                        request,
                        StartAsyncInvokeResponse::builder,
                        () -> StartAsyncInvokeResponse.builder()
                                .invocationArn("arn")
                                .build())))
                .isNotNull();
    }

    @Test
    void keepsTagsByArn() {
        Tags tags = house.store(clock).tags();
        call.run(() -> {
            tags.add("arn:one", Map.of("a", "1", "b", "2"));
            tags.add("arn:one", Map.of("b", "3"));
            tags.remove("arn:one", List.of("a", "zzz"));

            assertThat(tags.of("arn:one")).containsExactly(Map.entry("b", "3"));
            assertThat(tags.of("arn:two")).isEmpty();
            assertThatThrownBy(() -> tags.add("arn:one", Map.of("AWS:mine", "x")))
                    .hasMessageContaining("aws: prefixed");
            Map<String, String> many = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                many.put("key" + i, "v");
            }
            assertThatThrownBy(() -> tags.add("arn:one", many)).isInstanceOf(AwsError.class);
            assertThat(tags.of("arn:one")).hasSize(1);
        });
    }

    private static StartAsyncInvokeResponse once(IdempotencyTokens tokens, String model, AtomicInteger done) {
        return tokens.once(
                "bedrock:StartAsyncInvoke",
                "token",
                StartAsyncInvokeRequest.builder().modelId(model).build(),
                StartAsyncInvokeResponse::builder,
                () -> StartAsyncInvokeResponse.builder()
                        .invocationArn("arn-" + done.incrementAndGet())
                        .build());
    }

    private static GetAsyncInvokeResponse invocation(String name, String status) {
        return GetAsyncInvokeResponse.builder()
                .invocationArn("arn:" + name)
                .clientRequestToken(name)
                .status(status)
                .submitTime(Instant.parse("2026-01-01T00:00:00.500Z"))
                .outputDataConfig(output -> output.s3OutputDataConfig(s3 -> s3.s3Uri("s3://b/k")))
                .build();
    }
}
