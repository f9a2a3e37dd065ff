package dev.outcrop.services.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.GenerativeHouse;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.s3.S3Client;

class BatchInferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<ModelInvocationJobStatus> ENDS = Set.of(
            ModelInvocationJobStatus.COMPLETED,
            ModelInvocationJobStatus.FAILED,
            ModelInvocationJobStatus.STOPPED,
            ModelInvocationJobStatus.EXPIRED,
            ModelInvocationJobStatus.PARTIALLY_COMPLETED);
    private static final String RIGHTS = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
             "Action": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"], "Resource": "*"}]}""";

    @TempDir
    private Path folder;

    private static String line(int number) {
        return """
                {"recordId": "R%d", "modelInput": {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": [{"role": "user", "content": "Say %d"}]}}""".formatted(number, number);
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(BatchInferenceTest::line).collect(Collectors.joining("\n"));
    }

    private static String submitted(GenerativeHouse house, String input) {
        String role = house.role("batch", RIGHTS);
        return submitted(house, input, role);
    }

    private static String submitted(GenerativeHouse house, String input, String role) {
        return house.bedrock(bedrock -> bedrock.createModelInvocationJob(request -> request.jobName("nightly")
                        .roleArn(role)
                        .modelId(GenerativeHouse.HAIKU)
                        .inputDataConfig(data -> data.s3InputDataConfig(s3 -> s3.s3Uri(input)))
                        .outputDataConfig(data -> data.s3OutputDataConfig(s3 -> s3.s3Uri("s3://data/out/")))))
                .jobArn();
    }

    private static GetModelInvocationJobResponse ended(GenerativeHouse house, String arn) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        GetModelInvocationJobResponse job = get(house, arn);
        while (!ENDS.contains(job.status()) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            job = get(house, arn);
        }
        return job;
    }

    private static GetModelInvocationJobResponse get(GenerativeHouse house, String arn) {
        return house.bedrock(bedrock -> bedrock.getModelInvocationJob(request -> request.jobIdentifier(arn)));
    }

    private static List<JsonNode> output(GenerativeHouse house, String arn, String name) {
        String id = arn.substring(arn.indexOf('/') + 1);
        return house.text("data", "out/" + id + "/" + name)
                .lines()
                .map(BatchInferenceTest::read)
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void answersEachRecordAndTellsWhichFailed() throws InterruptedException {
        try (GenerativeHouse house = new GenerativeHouse(folder, ScriptedTextModel.saying("Yes"))) {
            house.bucket("data");
            house.put("data", "in/a.jsonl", lines(100) + "\nno JSON\n{\"recordId\": \"X\", \"modelInput\": {}}\n");
            house.put("data", "in/b.jsonl", line(1000));
            house.put("data", "in/notes.txt", "not for the model");

            String arn = submitted(house, "s3://data/in/");
            GetModelInvocationJobResponse job = ended(house, arn);

            assertThat(job.message()).isNull();
            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.COMPLETED);
            assertThat(job.endTime()).isNotNull();
            List<JsonNode> answers = output(house, arn, "a.jsonl.out");
            assertThat(answers).hasSize(102);
            assertThat(answers.getFirst().path("recordId").asText()).isEqualTo("R0");
            assertThat(answers.getFirst().at("/modelInput/messages/0/content").asText())
                    .isEqualTo("Say 0");
            assertThat(answers.getFirst().at("/modelOutput/content/0/text").asText())
                    .isEqualTo("Yes");
            assertThat(answers.get(100).at("/error/errorCode").asInt()).isEqualTo(400);
            assertThat(answers.get(101).path("recordId").asText()).isEqualTo("X");
            assertThat(answers.get(101).has("modelOutput")).isFalse();
            assertThat(output(house, arn, "b.jsonl.out")).hasSize(1);
            JsonNode manifest = output(house, arn, "manifest.json.out").getFirst();
            assertThat(manifest.path("totalRecordCount").asInt()).isEqualTo(103);
            assertThat(manifest.path("processedRecordCount").asInt()).isEqualTo(103);
            assertThat(manifest.path("successRecordCount").asInt()).isEqualTo(101);
            assertThat(manifest.path("errorRecordCount").asInt()).isEqualTo(2);
            assertThat(manifest.path("inputTokenCount").asInt()).isEqualTo(101 * 11);
            assertThat(manifest.path("outputTokenCount").asInt()).isEqualTo(101);
            house.settleAndDeliver();
            assertThat(batchPrices(house)).hasSize(101).containsOnly("0.000002");
        }
    }

    /** Eleven tokens at 0.00025 and one at 0.00125 a thousand, at half the price. */
    private static List<String> batchPrices(GenerativeHouse house) {
        return house.journal().arrivals(UsageEntries.KIND, 0, 5000).stream()
                .map(place -> read(new String(place.entry().body(), StandardCharsets.UTF_8)))
                .filter(entry -> entry.path("billing").asText().equals("BATCH"))
                .filter(entry -> !entry.has("errorCode"))
                .map(entry -> entry.path("price").asText())
                .toList();
    }

    @Test
    void failsWhereThereAreTooFewRecords() throws InterruptedException {
        try (GenerativeHouse house = new GenerativeHouse(folder, ScriptedTextModel.saying("Yes"))) {
            house.bucket("data");
            house.put("data", "few.jsonl", lines(99));

            GetModelInvocationJobResponse job = ended(house, submitted(house, "s3://data/few.jsonl"));

            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.FAILED);
            assertThat(job.message()).contains("less records (99) than the required minimum of: 100");
        }
    }

    @Test
    void failsWhereTheRoleMayNotReadTheInput() throws InterruptedException {
        try (GenerativeHouse house = new GenerativeHouse(folder, ScriptedTextModel.saying("Yes"))) {
            house.bucket("data");
            house.put("data", "in.jsonl", lines(100));
            String role = house.role("powerless", """
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}""");

            GetModelInvocationJobResponse job = ended(house, submitted(house, "s3://data/in.jsonl", role));

            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.FAILED);
            assertThat(job.message()).contains("s3:GetObject");
        }
    }

    @Test
    void readsNoBucketOfAnotherAccountThatIsNotNamed() throws InterruptedException {
        try (GenerativeHouse house = new GenerativeHouse(folder, ScriptedTextModel.saying("Yes"))) {
            house.bucket("data");
            Principal stranger = Principal.root("999999999999", Optional.of("AKIASTRANGER"));
            house.as(stranger, S3Client.class, s3 -> s3.createBucket(request -> request.bucket("strangers")));
            house.as(
                    stranger,
                    S3Client.class,
                    s3 -> s3.putBucketPolicy(
                            request -> request.bucket("strangers").policy("""
                            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                             "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:*",
                             "Resource": ["arn:aws:s3:::strangers", "arn:aws:s3:::strangers/*"]}]}""")));

            GetModelInvocationJobResponse job = ended(house, submitted(house, "s3://strangers/in.jsonl"));

            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.FAILED);
        }
    }

    @Test
    void goesOnWhereItWasCutOff() throws Exception {
        CountDownLatch begun = new CountDownLatch(40);
        AtomicInteger asked = new AtomicInteger();
        ScriptedTextModel slow = new ScriptedTextModel(Set.of(Capability.CHAT), _ -> {
            begun.countDown();
            asked.incrementAndGet();
            pause();
            return List.of(
                    new GenerationEvent.Text("Yes"), ScriptedTextModel.finished(FinishReason.END_OF_TURN, 11, 1));
        });
        String arn;
        try (GenerativeHouse house = new GenerativeHouse(folder, slow)) {
            house.bucket("data");
            house.put("data", "in.jsonl", lines(100));
            arn = submitted(house, "s3://data/in.jsonl");
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        }

        try (GenerativeHouse house = new GenerativeHouse(folder, slow)) {
            GetModelInvocationJobResponse job = ended(house, arn);

            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.COMPLETED);
            assertThat(output(house, arn, "in.jsonl.out"))
                    .extracting(answer -> answer.path("recordId").asText())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(i -> "R" + i).toList());
            // What was being asked when the server went down is asked again, and nothing before that.
            assertThat(asked.get()).isLessThanOrEqualTo(100 + 16);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void deliversWhatItHasDoneWhenItIsStopped() throws Exception {
        CountDownLatch begun = new CountDownLatch(40);
        ScriptedTextModel slow = new ScriptedTextModel(Set.of(Capability.CHAT), _ -> {
            begun.countDown();
            pause();
            return List.of(
                    new GenerationEvent.Text("Yes"), ScriptedTextModel.finished(FinishReason.END_OF_TURN, 11, 1));
        });
        try (GenerativeHouse house = new GenerativeHouse(folder, slow)) {
            house.bucket("data");
            house.put("data", "in.jsonl", lines(2000));
            String arn = submitted(house, "s3://data/in.jsonl");
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

            house.bedrock(bedrock -> bedrock.stopModelInvocationJob(request -> request.jobIdentifier(arn)));
            GetModelInvocationJobResponse job = ended(house, arn);

            assertThat(job.status()).isEqualTo(ModelInvocationJobStatus.STOPPED);
            int processed = output(house, arn, "manifest.json.out")
                    .getFirst()
                    .path("processedRecordCount")
                    .asInt();
            assertThat(processed).isBetween(16, 1999);
            assertThat(output(house, arn, "in.jsonl.out")).hasSize(processed);
            assertThatThrownBy(() -> house.bedrock(
                            bedrock -> bedrock.stopModelInvocationJob(request -> request.jobIdentifier(arn))))
                    .isInstanceOf(ConflictException.class);
        }
    }

    @Test
    void holdsNoLineThatIsLongerThanARecordMayBe() throws IOException {
        InputStream endless = new SequenceInputStream(
                new EndlessInput(100 << 20),
                new ByteArrayInputStream("\n\n{\"a\": 1}".getBytes(StandardCharsets.UTF_8)));

        try (LineReader lines = new LineReader(endless, 1 << 10)) {
            assertThat(lines.next().orElseThrow().text()).isEmpty();
            assertThat(lines.next().orElseThrow().text()).contains("{\"a\": 1}");
            assertThat(lines.next()).isEmpty();
        }
    }

    /** So many times the same letter. */
    private static final class EndlessInput extends InputStream {
        private int left;

        EndlessInput(int length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) 'x');
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }
}
