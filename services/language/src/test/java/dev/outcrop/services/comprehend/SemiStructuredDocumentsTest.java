package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.pages.generated.Canvas;
import dev.outcrop.kernel.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.comprehend.model.Block;
import software.amazon.awssdk.services.comprehend.model.BlockReference;
import software.amazon.awssdk.services.comprehend.model.BlockType;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentReadAction;
import software.amazon.awssdk.services.comprehend.model.DocumentReadMode;
import software.amazon.awssdk.services.comprehend.model.DocumentReaderConfig;
import software.amazon.awssdk.services.comprehend.model.DocumentType;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.InputFormat;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestDetailReason;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.PageBasedErrorCode;

/** Documents that are more than text, with a Textract that has no model and so reads what PDF tell of themselves. */
class SemiStructuredDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DocumentReaderConfig FORCED = DocumentReaderConfig.builder()
            .documentReadMode(DocumentReadMode.FORCE_DOCUMENT_READ_ACTION)
            .documentReadAction(DocumentReadAction.TEXTRACT_DETECT_DOCUMENT_TEXT)
            .build();

    /** What begins as a picture does and is none. */
    private static final byte[] BROKEN_PICTURE = "\u0089PNG\r\n\u001a\nnothing".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private static Path path;

    private static ComprehendHouse house;
    private static String classifier;

    @BeforeAll
    static void open() {
        house = new ComprehendHouse(path, () -> {
            throw new AssertionError("no embeddings are needed");
        });
        house.bucket();
        house.put("train.csv", ClassifiersTest.training("WEATHER", "FOOTBALL"));
        house.role("reader", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "textract:DetectDocumentText");
        classifier = house.comprehend(comprehend ->
                        comprehend.createDocumentClassifier(request -> request.documentClassifierName("kinds")
                                .dataAccessRoleArn("arn:aws:iam::111111111111:role/reader")
                                .languageCode("en")
                                .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/train.csv"))))
                .documentClassifierArn();
        ComprehendHouse.await(
                "the end of a training",
                () -> house.comprehend(comprehend -> comprehend.describeDocumentClassifier(
                                        request -> request.documentClassifierArn(classifier)))
                                .documentClassifierProperties()
                                .status()
                        == ModelStatus.TRAINED);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** A letter with the same two lines on each page. */
    private static byte[] letter(int pages, String... lines) {
        try (Canvas canvas = new Canvas()) {
            for (int page = 0; page < pages; page++) {
                if (page > 0) {
                    canvas.page();
                }
                for (int line = 0; line < lines.length; line++) {
                    canvas.text(72, 100 + 20.0 * line, 12, lines[line]);
                }
            }
            return canvas.pdf();
        }
    }

    private static DetectEntitiesRequest entities(byte[] document) {
        return DetectEntitiesRequest.builder()
                .bytes(SdkBytes.fromByteArray(document))
                .languageCode("en")
                .build();
    }

    @Test
    void tellsInWhichLineAndWordsOfAPdfAnEntityStands() {
        byte[] letter = letter(1, "Dear reader,", "I met Sarah Miller in Germany.");

        DetectEntitiesResponse found = house.comprehend(comprehend -> comprehend.detectEntities(entities(letter)));

        assertThat(found.errors()).isEmpty();
        assertThat(found.documentType())
                .singleElement()
                .satisfies(page -> assertThat(page.type()).isEqualTo(DocumentType.NATIVE_PDF));
        assertThat(found.entities()).extracting(Entity::text).containsExactly("Sarah Miller", "Germany");
        Map<String, Block> blocks = new HashMap<>();
        found.blocks().forEach(block -> blocks.put(block.id(), block));
        BlockReference place = found.entities().getFirst().blockReferences().getFirst();
        Block line = blocks.get(place.blockId());
        assertThat(line.blockType()).isEqualTo(BlockType.LINE);
        assertThat(line.text().substring(place.beginOffset(), place.endOffset()))
                .isEqualTo("Sarah Miller");
        assertThat(place.childBlocks())
                .extracting(child -> blocks.get(child.childBlockId()).text())
                .containsExactly("Sarah", "Miller");
        assertThat(line.geometry().boundingBox().top()).isBetween(0.1f, 0.2f);
        assertThat(line.relationships().getFirst().ids()).hasSize(6);
    }

    @Test
    void asksTextractAsTheCallerWhenItIsTold() {
        byte[] letter = letter(1, "I met Sarah Miller.");
        DetectEntitiesRequest forced =
                entities(letter).toBuilder().documentReaderConfig(FORCED).build();
        Principal user = house.user("no-textract", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "comprehend:*", "Resource": "*"}}""");

        DetectEntitiesResponse found = house.comprehend(comprehend -> comprehend.detectEntities(forced));

        assertThat(found.entities()).extracting(Entity::text).containsExactly("Sarah Miller");
        assertThatThrownBy(
                        () -> house.as(user, ComprehendClient.class, comprehend -> comprehend.detectEntities(forced)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.detail().reason())
                                .isEqualTo(InvalidRequestDetailReason.TEXTRACT_ACCESS_DENIED));
    }

    @Test
    void aPageThatCannotBeReadIsAnErrorOfThatPage() {
        DetectEntitiesResponse found =
                house.comprehend(comprehend -> comprehend.detectEntities(entities(BROKEN_PICTURE)));

        assertThat(found.entities()).isEmpty();
        assertThat(found.documentType().getFirst().type()).isEqualTo(DocumentType.IMAGE);
        assertThat(found.errors()).singleElement().satisfies(error -> {
            assertThat(error.page()).isEqualTo(1);
            assertThat(error.errorCode()).isEqualTo(PageBasedErrorCode.TEXTRACT_BAD_PAGE);
        });
    }

    @Test
    void refusesSeveralPagesAtOnceAndManyCharactersOnOne() {
        byte[] two = letter(2, "One page.");

        assertThatThrownBy(() -> house.comprehend(comprehend -> comprehend.detectEntities(entities(two))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.detail().reason())
                                .isEqualTo(InvalidRequestDetailReason.PAGE_LIMIT_EXCEEDED));
        String answer = "{\"Blocks\": [{\"BlockType\": \"LINE\", \"Text\": \"" + "x".repeat(10_001) + "\"}]}";
        assertThat(house.comprehend(comprehend ->
                                comprehend.detectEntities(entities(answer.getBytes(StandardCharsets.UTF_8))))
                        .errors()
                        .getFirst()
                        .errorCode())
                .isEqualTo(PageBasedErrorCode.PAGE_CHARACTERS_EXCEEDED);
    }

    @Test
    void classifiesAPdfAtAnEndpoint() {
        String endpoint = house.comprehend(comprehend -> comprehend.createEndpoint(request ->
                        request.endpointName("kinds").modelArn(classifier).desiredInferenceUnits(10)))
                .endpointArn();
        byte[] letter = letter(1, "Rain, wind and a storm", "from a cloudy sky.");

        ClassifyDocumentResponse found = house.comprehend(comprehend -> comprehend.classifyDocument(
                request -> request.endpointArn(endpoint).bytes(SdkBytes.fromByteArray(letter))));

        assertThat(found.classes().getFirst().name()).isEqualTo("WEATHER");
        assertThat(found.classes().getFirst().page()).isEqualTo(1);
        assertThat(found.documentMetadata().extractedCharacters().getFirst().count())
                .isEqualTo(41);
    }

    @Test
    void aJobReadsDocumentsOfManyPagesAndSaysWhichCouldNotBeRead() throws IOException {
        house.put("mail/a.pdf", letter(3, "The team won the match", "with a goal."));
        house.put("mail/b.png", BROKEN_PICTURE);
        house.put("mail/c.txt", "Rain and a cloudy sky with a storm.");

        String job = house.comprehend(comprehend ->
                        comprehend.startDocumentClassificationJob(request -> request.documentClassifierArn(classifier)
                                .dataAccessRoleArn("arn:aws:iam::111111111111:role/reader")
                                .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/mail/")
                                        .inputFormat(InputFormat.ONE_DOC_PER_FILE)
                                        .documentReaderConfig(FORCED))
                                .outputDataConfig(output -> output.s3Uri("s3://" + BUCKET + "/out/"))))
                .jobId();
        ComprehendHouse.await(
                "the end of a job",
                () -> !status(job).equals(JobStatus.IN_PROGRESS) && !status(job).equals(JobStatus.SUBMITTED));

        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
        String output = house.comprehend(
                        comprehend -> comprehend.describeDocumentClassificationJob(request -> request.jobId(job)))
                .documentClassificationJobProperties()
                .outputDataConfig()
                .s3Uri();
        String[] lines = ComprehendHouse.untarred(house.content(output))
                .values()
                .iterator()
                .next()
                .split("\n");
        JsonNode pdf = JSON.readTree(lines[0]);
        assertThat(pdf.path("Classes").path(0).path("Name").asText()).isEqualTo("FOOTBALL");
        assertThat(pdf.path("DocumentMetadata").path("Pages").asInt()).isEqualTo(3);
        assertThat(pdf.path("DocumentType").path(2).path("Type").asText()).isEqualTo("NATIVE_PDF");
        JsonNode picture = JSON.readTree(lines[1]);
        assertThat(picture.path("Errors").path(0).path("ErrorCode").asText()).isEqualTo("TEXTRACT_BAD_PAGE");
        assertThat(JSON.readTree(lines[2]).path("Classes").path(0).path("Name").asText())
                .isEqualTo("WEATHER");
    }

    private static JobStatus status(String job) {
        return house.comprehend(
                        comprehend -> comprehend.describeDocumentClassificationJob(request -> request.jobId(job)))
                .documentClassificationJobProperties()
                .jobStatus();
    }
}
