package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.TestHouse;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

class RecordingTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.250Z");
    private static final AuditEvents EVENTS = new AuditEvents(new ServiceTables());

    @TempDir
    private Path path;

    private TestHouse house;
    private Journal journal;

    @BeforeEach
    void open() {
        house = new TestHouse(path.resolve("data"));
        journal = house.folder().journal();
    }

    @AfterEach
    void close() {
        journal.close();
        house.close();
    }

    @Test
    void writesEverythingBeforeItEnds() {
        try (Recording recording = recording(Prices.free())) {
            for (int i = 0; i < 10_000; i++) {
                recording.record(call(context(), "ListFoundationModels", Optional.empty()));
            }
        }

        assertThat(read("audit")).hasSize(10_000);
        assertThat(read("usage")).allSatisfy(entry -> assertThat(entry).contains("\"price\":\"0\""));
    }

    @Test
    void writesWithinASecondWithoutBeingClosed() throws InterruptedException {
        try (Recording recording = recording(Prices.free())) {
            recording.record(call(context(), "GetGuardrail", Optional.empty()));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (read("audit").isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }

            assertThat(read("audit")).hasSize(1);
        }
    }

    @Test
    void dropsWhatIsOlderThanTheRetention() {
        List<JournalEntry> old = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            old.add(new JournalEntry(AuditEvents.KIND, "111122223333", NOON.minusMillis(1), new byte[0]));
        }
        journal.append(old);
        journal.append(List.of(new JournalEntry(UsageEntries.KIND, "111122223333", NOON.minusMillis(1), new byte[0])));
        journal.append(List.of(new JournalEntry(UsageEntries.KIND, "111122223333", NOON, new byte[0])));

        new Retention(journal, Retention.DEFAULT, Retention.DEFAULT, InstantSource.fixed(NOON.plus(Retention.DEFAULT)))
                .drop(() -> false);

        assertThat(read("audit")).isEmpty();
        assertThat(read("usage")).hasSize(1);
    }

    @Test
    void writesEventsAsCloudTrailDoes() {
        Answer.Failure failure = new Answer.Failure(
                "AccessDenied", 403, "no", false, AwsServiceException.builder().build(), false, Map.of());

        try (Recording recording = recording(Prices.free())) {
            recording.record(call(context(), "GetGuardrail", Optional.of(failure)));
        }

        assertThat(read("audit"))
                .singleElement()
                .asString()
                .contains("\"eventVersion\":\"1.11\"")
                .contains("\"userIdentity\":{\"type\":\"Root\",\"principalId\":\"111122223333\","
                        + "\"arn\":\"arn:aws:iam::111122223333:root\",\"accountId\":\"111122223333\","
                        + "\"accessKeyId\":\"AKIAEXAMPLE\"}")
                .contains("\"eventTime\":\"2026-01-01T12:00:00Z\"")
                .contains("\"eventSource\":\"bedrock.amazonaws.com\",\"eventName\":\"GetGuardrail\"")
                .contains("\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\"")
                .contains("\"readOnly\":true");
    }

    @Test
    void keepsWhatAServiceMeasuredOfACall() {
        CallContext context = context();
        context.metering()
                .measured(new Measured(
                        "AWS/Bedrock/Guardrails",
                        Map.of("Operation", "ApplyGuardrail"),
                        List.of(Set.of("Operation"), Set.of()),
                        List.of(new Measured.Measurement("Invocations", "Count", 1))));

        try (Recording recording = recording(Prices.free())) {
            recording.record(call(context, "ApplyGuardrail", Optional.empty()));
        }

        assertThat(read("usage"))
                .singleElement()
                .asString()
                .contains("\"measured\":[{\"namespace\":\"AWS/Bedrock/Guardrails\","
                        + "\"dimensions\":{\"Operation\":\"ApplyGuardrail\"},\"sets\":[[\"Operation\"],[]],"
                        + "\"values\":[{\"metric\":\"Invocations\",\"unit\":\"Count\",\"value\":1.0}]}]");
    }

    @Test
    void tellsWhatAwsWouldAskAtHalfThePriceInBatches() throws Exception {
        Path table = Files.writeString(path.resolve("prices"), "amazon.nova-lite* OutputTokens 1000 1\n");
        CallContext call = context();
        call.metering().model("amazon.nova-lite-v1:0", "qwen");
        call.metering().inputTokens(1_000_000);
        call.metering().outputTokens(1000);
        CallContext batch = context();
        batch.metering().model("amazon.nova-lite-v1:0", "qwen");
        batch.metering().billing(Metering.Billing.BATCH);
        batch.metering().inputTokens(1_000_000);

        try (Recording recording = recording(Prices.read(table).before(Prices.aws()))) {
            recording.record(call(call, "Converse", Optional.empty()));
            recording.record(call(batch, "InvokeModel", Optional.empty()));
        }

        assertThat(read("usage"))
                .anySatisfy(
                        entry -> assertThat(entry).contains("\"Converse\"", "\"price\":\"1.06\",\"currency\":\"USD\""))
                .anySatisfy(entry -> assertThat(entry).contains("\"BATCH\"", "\"price\":\"0.03\""));
    }

    @Test
    void pricesWhatACallUsed() throws Exception {
        Path table = Files.writeString(
                path.resolve("prices"),
                "# ours\ncurrency EUR\nanthropic.* InputTokens 1000 0.003\nanthropic.* OutputTokens 1000 0.015\n");
        CallContext context = context();
        context.metering().model("anthropic.claude-3-haiku", "qwen");
        context.metering().inputTokens(2000);
        context.metering().outputTokens(100);
        context.metering().add("Characters", 5);

        try (Recording recording = recording(Prices.read(table))) {
            recording.record(call(context, "Converse", Optional.empty()));
            recording.record(call(context(), "ListTagsForResource", Optional.empty()));
            recording.record(call(context(), "ListTagsForResource", Optional.empty()));
        }

        assertThat(read("usage"))
                .anySatisfy(entry -> assertThat(entry)
                        .contains("\"model\":\"anthropic.claude-3-haiku\",\"answeredBy\":\"qwen\"")
                        .contains("\"InputTokens\":2000.0")
                        .contains("\"price\":\"0.0075\",\"currency\":\"EUR\""))
                .anySatisfy(entry -> assertThat(entry).contains("\"operation\":\"ListTagsForResource\""));
    }

    @Test
    void namesTheLineOfAPriceTableThatCannotBeRead() throws Exception {
        Path table = Files.writeString(path.resolve("prices"), "a b 1000 0.1\na b 0 0.1\n");

        assertThatThrownBy(() -> Prices.read(table)).hasMessageContaining("line 2 of ");
    }

    @Test
    void exposesFiguresAsPrometheusReadsThem() {
        Metrics metrics = new Metrics();
        CallContext context = context();
        context.metering().model("asked", "qwen");
        context.metering().outputTokens(7);
        metrics.gauge("outcrop_queue_length", "Calls waiting.", () -> 3);

        metrics.record(call(context, "Converse", Optional.empty()));
        metrics.record(call(context(), "Converse", Optional.empty()));

        assertThat(metrics.exposition())
                .contains("# TYPE outcrop_call_duration_seconds histogram\n")
                .contains("outcrop_call_duration_seconds_bucket{service=\"bedrock\",operation=\"Converse\",error=\"\","
                        + "le=\"0.0025\"} 2\n")
                .contains(
                        "outcrop_call_duration_seconds_count{service=\"bedrock\",operation=\"Converse\",error=\"\"} 2\n")
                .contains("outcrop_usage_total{model=\"qwen\",unit=\"OutputTokens\"} 7.0\n")
                .contains("outcrop_queue_length 3.0\n");
    }

    private Recording recording(Prices prices) {
        return new Recording(journal, EVENTS, new UsageEntries(prices));
    }

    private List<String> read(String kind) {
        return journal.arrivals(kind, 0, 100_000).stream()
                .map(place -> new String(place.entry().body(), UTF_8))
                .toList();
    }

    private static CallContext context() {
        return CallContext.builder()
                .principal(Principal.root("111122223333", Optional.of("AKIAEXAMPLE")))
                .requestId("1")
                .startedAt(NOON)
                .build();
    }

    private static CallRecord call(CallContext context, String operation, Optional<Answer.Failure> failure) {
        return new CallRecord(context, "bedrock", operation, Optional.empty(), Optional.empty(), failure, 2_000_000);
    }
}
