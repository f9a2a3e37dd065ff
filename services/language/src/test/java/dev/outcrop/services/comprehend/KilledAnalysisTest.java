package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.comprehend.model.ClassifierMetadata;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityTypesListItem;
import software.amazon.awssdk.services.comprehend.model.InputFormat;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;

/**
 * Jobs and trainings of all kinds outlive SIGKILL at any moment: each line is answered once, in its order, topics are found,
 * and the models are made.
 */
class KilledAnalysisTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES = 600;
    /** More of them by {@code -Doutcrop.kills=20}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 1);

    private static final long LONGEST_LIFE_MILLIS = 120_000;

    @TempDir
    Path folder;

    /** What was begun: a job of a document a line, one of all documents together, and trainings of both kinds of models. */
    record Begun(String job, String topics, String classifier, String recognizer) {
        /** Of arguments in this order, behind the folder. */
        static Begun of(String... arguments) {
            return new Begun(arguments[1], arguments[2], arguments[3], arguments[4]);
        }
    }

    @Test
    void whatWasBegunIsFinishedOnce() throws Exception {
        Begun begun = begun();

        for (int kill = 1; kill <= KILLS; kill++) {
            killWhileAllIsUnderWay(begun);
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
                    "the end of the training", () -> classifier(house, begun).status() == ModelStatus.TRAINED);
            ClassifierMetadata metadata = classifier(house, begun).classifierMetadata();
            assertThat(metadata.numberOfTrainedDocuments() + metadata.numberOfTestDocuments())
                    .isEqualTo(2_000);
            assertThat(metadata.evaluationMetrics().accuracy()).isEqualTo(1);
            ComprehendHouse.await(
                    "the end of the other training",
                    () -> recognizer(house, begun).status() == ModelStatus.TRAINED);
            assertThat(recognizer(house, begun)
                            .recognizerMetadata()
                            .evaluationMetrics()
                            .f1Score())
                    .isGreaterThan(90);
            ComprehendHouse.await(
                    "the end of the topics", () -> topics(house, begun).jobStatus() == JobStatus.COMPLETED);
            assertThat(ComprehendHouse.untarred(house.content(
                                    topics(house, begun).outputDataConfig().s3Uri()))
                            .get("doc-topics.csv")
                            .lines()
                            .map(line -> line.split(",", 2)[0])
                            .distinct())
                    .hasSize(LINES + 1);
        }
    }

    private ComprehendHouse house() {
        return new ComprehendHouse(folder, () -> {
            throw new AssertionError("no embeddings are needed");
        });
    }

    /** Which of what was begun has been taken up, by name. */
    static Map<String, BooleanSupplier> underWay(ComprehendHouse house, Begun begun) {
        return Map.of(
                "job", () -> job(house, begun).jobStatus() != JobStatus.SUBMITTED,
                "topics", () -> topics(house, begun).jobStatus() != JobStatus.SUBMITTED,
                "classifier", () -> classifier(house, begun).status() != ModelStatus.SUBMITTED,
                "recognizer", () -> recognizer(house, begun).status() != ModelStatus.SUBMITTED);
    }

    private static EntitiesDetectionJobProperties job(ComprehendHouse house, Begun begun) {
        return house.comprehend(
                        comprehend -> comprehend.describeEntitiesDetectionJob(request -> request.jobId(begun.job())))
                .entitiesDetectionJobProperties();
    }

    private static TopicsDetectionJobProperties topics(ComprehendHouse house, Begun begun) {
        return house.comprehend(
                        comprehend -> comprehend.describeTopicsDetectionJob(request -> request.jobId(begun.topics())))
                .topicsDetectionJobProperties();
    }

    private static EntityRecognizerProperties recognizer(ComprehendHouse house, Begun begun) {
        return house.comprehend(comprehend ->
                        comprehend.describeEntityRecognizer(request -> request.entityRecognizerArn(begun.recognizer())))
                .entityRecognizerProperties();
    }

    private static DocumentClassifierProperties classifier(ComprehendHouse house, Begun begun) {
        return house.comprehend(comprehend -> comprehend.describeDocumentClassifier(
                        request -> request.documentClassifierArn(begun.classifier())))
                .documentClassifierProperties();
    }

    /** Jobs and trainings that a server was given, and left when it was closed. */
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
            house.put(
                    "topics.txt",
                    IntStream.range(0, LINES)
                            .mapToObj(i ->
                                    i % 2 == 0 ? "rain wind storm cloud thunder\n" : "flour butter sugar oven dough\n")
                            .collect(Collectors.joining()));
            String topics = house.comprehend(comprehend ->
                            comprehend.startTopicsDetectionJob(request -> request.dataAccessRoleArn(role)
                                    .numberOfTopics(2)
                                    .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/topics.txt")
                                            .inputFormat(InputFormat.ONE_DOC_PER_LINE))
                                    .outputDataConfig(output -> output.s3Uri("s3://" + BUCKET + "/out/"))))
                    .jobId();
            house.put(
                    "list.csv",
                    "Text,Type\n"
                            + IntStream.range(0, LINES)
                                    .mapToObj(i -> i + " chairs,ORDER\n")
                                    .collect(Collectors.joining()));
            String recognizer = house.comprehend(comprehend ->
                            comprehend.createEntityRecognizer(request -> request.recognizerName("orders")
                                    .languageCode("en")
                                    .dataAccessRoleArn(role)
                                    .inputDataConfig(input -> input.entityTypes(EntityTypesListItem.builder()
                                                    .type("ORDER")
                                                    .build())
                                            .documents(documents -> documents.s3Uri("s3://" + BUCKET + "/lines.txt"))
                                            .entityList(list -> list.s3Uri("s3://" + BUCKET + "/list.csv")))))
                    .entityRecognizerArn();
            return new Begun(job, topics, classifier, recognizer);
        }
    }

    private void killWhileAllIsUnderWay(Begun begun) throws IOException, InterruptedException {
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
                        begun.topics(),
                        begun.classifier(),
                        begun.recognizer())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killLate(process));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(List.of(line(lines), line(lines), line(lines), line(lines), line(lines)))
                    .containsExactlyInAnyOrder("up", "job", "topics", "classifier", "recognizer");
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
