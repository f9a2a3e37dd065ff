package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.comprehend.model.DominantLanguageDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.InputDataConfig;
import software.amazon.awssdk.services.comprehend.model.InputFormat;
import software.amazon.awssdk.services.comprehend.model.InvalidFilterException;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.JobNotFoundException;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.KeyPhrasesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.OutputDataConfig;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionMode;
import software.amazon.awssdk.services.comprehend.model.PiiEntityType;
import software.amazon.awssdk.services.comprehend.model.RedactionConfig;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class AnalysisJobsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path path;

    private static ComprehendHouse house;
    private static String role;

    @BeforeAll
    static void open() {
        house = new ComprehendHouse(path, () -> {
            throw new AssertionError("no embeddings are needed");
        });
        house.bucket();
        role = house.usualRole();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static InputDataConfig in(String prefix, InputFormat format) {
        return InputDataConfig.builder()
                .s3Uri("s3://" + BUCKET + "/" + prefix)
                .inputFormat(format)
                .build();
    }

    private static OutputDataConfig out() {
        return OutputDataConfig.builder().s3Uri("s3://" + BUCKET + "/out").build();
    }

    private static boolean isEnd(JobStatus status) {
        return status == JobStatus.COMPLETED || status == JobStatus.FAILED || status == JobStatus.STOPPED;
    }

    private static List<JsonNode> lines(String output) {
        return output.lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    private static EntitiesDetectionJobProperties entities(InputDataConfig input, OutputDataConfig output) {
        String id = house.comprehend(
                        comprehend -> comprehend.startEntitiesDetectionJob(request -> request.languageCode("en")
                                .jobName("names")
                                .dataAccessRoleArn(role)
                                .inputDataConfig(input)
                                .outputDataConfig(output)))
                .jobId();
        ComprehendHouse.await("the end of a job", () -> isEnd(entities(id).jobStatus()));
        return entities(id);
    }

    private static EntitiesDetectionJobProperties entities(String id) {
        return house.comprehend(comprehend -> comprehend.describeEntitiesDetectionJob(request -> request.jobId(id)))
                .entitiesDetectionJobProperties();
    }

    @Test
    void findsEntitiesOfLinesAndSaysWhichLinesItCannotRead() {
        house.put("lines/a.txt", "Maria Lopez lives in Paris.\n\n" + "x".repeat((1 << 20) + 1) + "\r\nNothing here.");
        byte[] latin = "Fine.\nGr\u00fc\u00dfe\nNever read.\n".getBytes(StandardCharsets.ISO_8859_1);
        house.put("lines/b.txt", latin);

        EntitiesDetectionJobProperties job = entities(in("lines/", InputFormat.ONE_DOC_PER_LINE), out());

        assertThat(job.message()).isNull();
        assertThat(job.jobStatus()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.endTime()).isAfterOrEqualTo(job.submitTime());
        assertThat(job.outputDataConfig().s3Uri())
                .isEqualTo("s3://texts/out/111111111111-NER-" + job.jobId() + "/output/output.tar.gz");
        Map<String, String> files =
                ComprehendHouse.untarred(house.content(job.outputDataConfig().s3Uri()));
        assertThat(files).containsOnlyKeys("output");
        List<JsonNode> lines = lines(files.get("output"));
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst().path("File").asText()).isEqualTo("a.txt");
        assertThat(lines.getFirst().path("Line").isInt()).isTrue();
        assertThat(lines.getFirst().path("Entities"))
                .anySatisfy(entity -> assertThat(entity.path("Text").asText()).isEqualTo("Paris"));
        assertThat(lines.get(1).path("Line").asInt()).isEqualTo(2);
        assertThat(lines.get(1).path("ErrorCode").asText()).isEqualTo("DOCUMENT_SIZE_EXCEEDED");
        assertThat(lines.get(2).path("Line").asInt()).isEqualTo(3);
        assertThat(lines.get(3).path("File").asText()).isEqualTo("b.txt");
        assertThat(lines.get(4).path("ErrorCode").asText()).isEqualTo("UNSUPPORTED_ENCODING");
        assertThat(lines.get(4).path("ErrorMessage").asText())
                .isEqualTo("Document is not in UTF-8 format and all subsequent lines are ignored.");
    }

    @Test
    void findsLanguagesAndPhrasesOfWholeFilesUnderAKeyOfKms() {
        house.put("files/one.txt", "The quick brown fox jumps over the lazy dog.\nIt is a nice day.");
        house.put("files/two.txt", "Der schnelle braune Fuchs springt \u00fcber den faulen Hund.");
        String key = house.as(ComprehendHouse.ROOT, KmsClient.class, KmsClient::createKey)
                .keyMetadata()
                .arn();
        String sealing = house.role("sealing", "s3:*", "kms:GenerateDataKey", "kms:Decrypt");

        String languages = house.comprehend(comprehend ->
                        comprehend.startDominantLanguageDetectionJob(request -> request.dataAccessRoleArn(sealing)
                                .inputDataConfig(in("files/", InputFormat.ONE_DOC_PER_FILE))
                                .outputDataConfig(
                                        output -> output.s3Uri("s3://" + BUCKET).kmsKeyId(key))))
                .jobId();
        String phrases = house.comprehend(comprehend ->
                        comprehend.startKeyPhrasesDetectionJob(request -> request.dataAccessRoleArn(role)
                                .languageCode("en")
                                .inputDataConfig(in("files/one.txt", InputFormat.ONE_DOC_PER_FILE))
                                .outputDataConfig(out())))
                .jobId();

        ComprehendHouse.await(
                "the end of two jobs",
                () -> isEnd(languages(languages).jobStatus())
                        && isEnd(phrases(phrases).jobStatus()));
        assertThat(languages(languages).message()).isNull();
        String uri = languages(languages).outputDataConfig().s3Uri();
        assertThat(uri).contains("-LANGUAGE-");
        List<JsonNode> lines =
                lines(ComprehendHouse.untarred(house.content(uri)).get("output"));
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().has("Line")).isFalse();
        assertThat(lines.getFirst().at("/Languages/0/LanguageCode").asText()).isEqualTo("en");
        assertThat(lines.get(1).at("/Languages/0/LanguageCode").asText()).isEqualTo("de");
        HeadObjectResponse object = house.s3(s3 ->
                s3.headObject(request -> request.bucket(BUCKET).key(uri.substring(("s3://" + BUCKET + "/").length()))));
        assertThat(object.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(object.ssekmsKeyId()).isEqualTo(key);
        assertThat(lines(ComprehendHouse.untarred(house.content(
                                phrases(phrases).outputDataConfig().s3Uri()))
                        .get("output")))
                .singleElement()
                .satisfies(line -> assertThat(line.path("KeyPhrases"))
                        .anySatisfy(phrase ->
                                assertThat(phrase.path("Text").asText()).contains("fox")));
    }

    private static DominantLanguageDetectionJobProperties languages(String id) {
        return house.comprehend(
                        comprehend -> comprehend.describeDominantLanguageDetectionJob(request -> request.jobId(id)))
                .dominantLanguageDetectionJobProperties();
    }

    private static KeyPhrasesDetectionJobProperties phrases(String id) {
        return house.comprehend(comprehend -> comprehend.describeKeyPhrasesDetectionJob(request -> request.jobId(id)))
                .keyPhrasesDetectionJobProperties();
    }

    private static PiiEntitiesDetectionJobProperties personal(
            PiiEntitiesDetectionMode mode, RedactionConfig redaction) {
        String id = house.comprehend(comprehend ->
                        comprehend.startPiiEntitiesDetectionJob(request -> request.dataAccessRoleArn(role)
                                .languageCode("en")
                                .mode(mode)
                                .redactionConfig(redaction)
                                .inputDataConfig(in("people/", InputFormat.ONE_DOC_PER_LINE))
                                .outputDataConfig(out())))
                .jobId();
        ComprehendHouse.await("the end of a job", () -> isEnd(personal(id).jobStatus()));
        return personal(id);
    }

    private static PiiEntitiesDetectionJobProperties personal(String id) {
        return house.comprehend(comprehend -> comprehend.describePiiEntitiesDetectionJob(request -> request.jobId(id)))
                .piiEntitiesDetectionJobProperties();
    }

    @Test
    void tellsWherePersonalDataIsOrMasksIt() {
        house.put("people/one.txt", "\ud83d\ude00 Write to ann@example.com today.\nNothing.\n");
        house.put("people/two.txt", "Mail bob@example.org.");

        PiiEntitiesDetectionJobProperties offsets = personal(PiiEntitiesDetectionMode.ONLY_OFFSETS, null);
        PiiEntitiesDetectionJobProperties masked = personal(
                PiiEntitiesDetectionMode.ONLY_REDACTION,
                RedactionConfig.builder()
                        .piiEntityTypes(PiiEntityType.EMAIL)
                        .maskMode("MASK")
                        .maskCharacter("#")
                        .build());
        PiiEntitiesDetectionJobProperties replaced = personal(
                PiiEntitiesDetectionMode.ONLY_REDACTION,
                RedactionConfig.builder()
                        .piiEntityTypes(PiiEntityType.ALL)
                        .maskMode("REPLACE_WITH_PII_ENTITY_TYPE")
                        .build());

        assertThat(offsets.message()).isNull();
        assertThat(offsets.outputDataConfig().s3Uri())
                .isEqualTo("s3://texts/out/111111111111-PII-" + offsets.jobId() + "/output/");
        JsonNode first = lines(text(offsets, "one.txt.out")).getFirst();
        assertThat(first.at("/Entities/0/Type").asText()).isEqualTo("EMAIL");
        assertThat(first.at("/Entities/0/BeginOffset").asInt()).isEqualTo(11);
        assertThat(text(masked, "one.txt.out")).isEqualTo("\ud83d\ude00 Write to ############### today.\nNothing.\n");
        assertThat(text(replaced, "two.txt.out")).isEqualTo("Mail [EMAIL].\n");
        assertThatThrownBy(() -> personal(PiiEntitiesDetectionMode.ONLY_REDACTION, null))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static String text(PiiEntitiesDetectionJobProperties job, String file) {
        return new String(house.content(job.outputDataConfig().s3Uri() + file), StandardCharsets.UTF_8);
    }

    @Test
    void findsTopics() {
        StringBuilder texts = new StringBuilder();
        List<String> weather = List.of("rain", "wind", "storm", "cloud", "thunder", "snow");
        List<String> kitchen = List.of("flour", "butter", "sugar", "oven", "dough", "cream");
        for (int i = 0; i < 60; i++) {
            int number = i;
            List<String> words = i % 2 == 0 ? weather : kitchen;
            IntStream.range(0, 8)
                    .forEach(at ->
                            texts.append(words.get((number * 7 + at * at) % 6)).append(' '));
            texts.append('\n');
        }
        house.put("topics.txt", texts.toString());

        String id = house.comprehend(comprehend ->
                        comprehend.startTopicsDetectionJob(request -> request.dataAccessRoleArn(role)
                                .numberOfTopics(2)
                                .inputDataConfig(in("topics.txt", InputFormat.ONE_DOC_PER_LINE))
                                .outputDataConfig(out())))
                .jobId();
        ComprehendHouse.await("the end of a job", () -> isEnd(topics(id).jobStatus()));

        assertThat(topics(id).message()).isNull();
        Map<String, String> files = ComprehendHouse.untarred(
                house.content(topics(id).outputDataConfig().s3Uri()));
        assertThat(files).containsOnlyKeys("topic-terms.csv", "doc-topics.csv");
        List<String> terms = files.get("topic-terms.csv").lines().toList();
        assertThat(terms.getFirst()).isEqualTo("topic,term,weight");
        assertThat(terms.stream()
                        .filter(line -> line.startsWith("000,"))
                        .map(line -> line.split(",", -1)[1])
                        .limit(6)
                        .map(weather::contains)
                        .distinct())
                .hasSize(1);
        assertThat(files.get("doc-topics.csv"))
                .startsWith("docname,topic,proportion\ntopics.txt:0,")
                .contains("\ntopics.txt:59,");
    }

    private static TopicsDetectionJobProperties topics(String id) {
        return house.comprehend(comprehend -> comprehend.describeTopicsDetectionJob(request -> request.jobId(id)))
                .topicsDetectionJobProperties();
    }

    @Test
    void failsWithTheReasonWhereTheRoleMayNotReadOrWrite() {
        house.put("lines2/a.txt", "Something.");
        EntitiesDetectionJobProperties missing = entities(in("nowhere/", InputFormat.ONE_DOC_PER_LINE), out());
        assertThat(missing.jobStatus()).isEqualTo(JobStatus.FAILED);
        assertThat(missing.message()).contains("No objects were found");

        EntitiesDetectionJobProperties unwritten = entities(
                in("lines2/", InputFormat.ONE_DOC_PER_LINE),
                OutputDataConfig.builder().s3Uri("s3://no-such-bucket/out").build());
        assertThat(unwritten.jobStatus()).isEqualTo(JobStatus.FAILED);
        assertThat(unwritten.message()).startsWith("NO_WRITE_ACCESS_TO_OUTPUT");
    }

    @Test
    void isListedByOneFilterAtATimeAndStoppedOnlyWhileItRuns() {
        house.put("lines3/a.txt", "Something.");
        EntitiesDetectionJobProperties job = entities(in("lines3/", InputFormat.ONE_DOC_PER_LINE), out());

        assertThat(house.comprehend(comprehend -> comprehend.listEntitiesDetectionJobs(
                                request -> request.filter(filter -> filter.jobName("names"))))
                        .entitiesDetectionJobPropertiesList())
                .extracting(EntitiesDetectionJobProperties::jobId)
                .contains(job.jobId());
        assertThat(house.comprehend(comprehend -> comprehend.listEntitiesDetectionJobs(
                                request -> request.filter(filter -> filter.jobName("none"))))
                        .entitiesDetectionJobPropertiesList())
                .isEmpty();
        assertThatThrownBy(() -> house.comprehend(comprehend -> comprehend.listEntitiesDetectionJobs(
                        request -> request.filter(filter -> filter.jobName("a").jobStatus("FAILED")))))
                .isInstanceOf(InvalidFilterException.class);
        assertThatThrownBy(() -> house.comprehend(
                        comprehend -> comprehend.listEntitiesDetectionJobs(request -> request.nextToken("made up"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> house.comprehend(
                        comprehend -> comprehend.stopEntitiesDetectionJob(request -> request.jobId(job.jobId()))))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> entities("0123456789abcdef")).isInstanceOf(JobNotFoundException.class);
    }

    @Test
    void startsOneJobForARequestThatComesTwice() {
        house.put("lines4/a.txt", "Something.");
        List<String> started = IntStream.range(0, 2)
                .mapToObj(_ -> house.comprehend(comprehend ->
                                comprehend.startEntitiesDetectionJob(request -> request.languageCode("en")
                                        .clientRequestToken("twice")
                                        .dataAccessRoleArn(role)
                                        .inputDataConfig(in("lines4/", InputFormat.ONE_DOC_PER_LINE))
                                        .outputDataConfig(out())))
                        .jobId())
                .toList();

        assertThat(started.get(0)).isEqualTo(started.get(1));
        ComprehendHouse.await(
                "the end of a job", () -> isEnd(entities(started.getFirst()).jobStatus()));
    }

    @Test
    void refusesALanguageThatNobodyHereReads() {
        house.put("lines5/a.txt", "Etwas.");
        String id = house.comprehend(comprehend ->
                        comprehend.startEntitiesDetectionJob(request -> request.languageCode("hi")
                                .dataAccessRoleArn(role)
                                .inputDataConfig(in("lines5/", InputFormat.ONE_DOC_PER_LINE))
                                .outputDataConfig(out())))
                .jobId();

        ComprehendHouse.await("the end of a job", () -> isEnd(entities(id).jobStatus()));
        assertThat(entities(id).jobStatus()).isEqualTo(JobStatus.FAILED);
        assertThat(entities(id).message()).contains("hi");
    }
}
