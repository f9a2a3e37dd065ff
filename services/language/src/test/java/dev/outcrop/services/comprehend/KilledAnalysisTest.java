package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.comprehend.model.ClassifierMetadata;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;

/** A job and a training outlive SIGKILL at any moment: each line is answered once, in its order, and the model is made. */
class KilledAnalysisTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES = 600;
    /** More of them by {@code -Doutcrop.kills=20}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 1);

    private static final long LONGEST_LIFE_MILLIS = 60_000;

    @TempDir
    Path folder;

    private record Begun(String job, String classifier) {}

    @Test
    void whatWasBegunIsFinishedOnce() throws Exception {
        Begun begun = begun();

        for (int kill = 1; kill <= KILLS; kill++) {
            killWhileBothAreUnderWay(begun);
        }

        try (ComprehendHouse house = house()) {
            ComprehendHouse.await("the end of the job", () -> job(house, begun).jobStatus() == JobStatus.COMPLETED);
            String output = ComprehendHouse.untarred(
                            house.content(job(house, begun).outputDataConfig().s3Uri()))
                    .get("output");
            List<String> lines = output.lines().toList();
            assertThat(lines).hasSize(LINES);
            for (int i = 0; i < LINES; i++) {
                assertThat(JSON.readTree(lines.get(i)).path("Line").asInt()).isEqualTo(i);
            }
            ComprehendHouse.await(
                    "the end of the training", () -> model(house, begun).status() == ModelStatus.TRAINED);
            ClassifierMetadata metadata = model(house, begun).classifierMetadata();
            assertThat(metadata.numberOfTrainedDocuments() + metadata.numberOfTestDocuments())
                    .isEqualTo(2_000);
            assertThat(metadata.evaluationMetrics().accuracy()).isEqualTo(1);
        }
    }

    private ComprehendHouse house() {
        return new ComprehendHouse(folder, () -> {
            throw new AssertionError("no embeddings are needed");
        });
    }

    private static EntitiesDetectionJobProperties job(ComprehendHouse house, Begun begun) {
        return house.comprehend(
                        comprehend -> comprehend.describeEntitiesDetectionJob(request -> request.jobId(begun.job())))
                .entitiesDetectionJobProperties();
    }

    private static DocumentClassifierProperties model(ComprehendHouse house, Begun begun) {
        return house.comprehend(comprehend -> comprehend.describeDocumentClassifier(
                        request -> request.documentClassifierArn(begun.classifier())))
                .documentClassifierProperties();
    }

    /** A job and a training that a server was given, and left when it was closed. */
    private Begun begun() {
        try (ComprehendHouse house = house()) {
            house.bucket();
            String role = house.usualRole();
            house.put(
                    "lines.txt",
                    IntStream.range(0, LINES)
                            .mapToObj(i ->
                                    "Sarah Miller bought " + i + " chairs from Siemens in Berlin on March 5, 2024.\n")
                            .collect(Collectors.joining()));
            house.put(
                    "train.csv", ClassifiersTest.training("WEATHER", "FOOTBALL").repeat(50));
            String classifier = house.comprehend(comprehend ->
                            comprehend.createDocumentClassifier(request -> request.documentClassifierName("kinds")
                                    .dataAccessRoleArn(role)
                                    .languageCode("en")
                                    .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/train.csv"))))
                    .documentClassifierArn();
            String job = house.comprehend(comprehend ->
                            comprehend.startEntitiesDetectionJob(request -> request.languageCode("en")
                                    .dataAccessRoleArn(role)
                                    .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/lines.txt"))
                                    .outputDataConfig(output -> output.s3Uri("s3://" + BUCKET + "/out/"))))
                    .jobId();
            return new Begun(job, classifier);
        }
    }

    private void killWhileBothAreUnderWay(Begun begun) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnalysingProcess.class.getName(),
                        folder.toString(),
                        begun.job(),
                        begun.classifier())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killLate(process));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(List.of(line(lines), line(lines), line(lines)))
                    .containsExactlyInAnyOrder("up", "job", "training");
        } finally {
            late.interrupt();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static String line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        return line == null ? "the process has ended" : line;
    }

    private static void killLate(Process process) {
        try {
            TimeUnit.MILLISECONDS.sleep(LONGEST_LIFE_MILLIS);
            process.toHandle().destroyForcibly();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }
}
