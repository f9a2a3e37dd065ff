package dev.outcrop.services.textract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.textract.TextractClient;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.DocumentLocation;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.GetDocumentTextDetectionResponse;
import software.amazon.awssdk.services.textract.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.textract.model.InvalidJobIdException;
import software.amazon.awssdk.services.textract.model.InvalidKmsKeyException;
import software.amazon.awssdk.services.textract.model.InvalidParameterException;
import software.amazon.awssdk.services.textract.model.InvalidS3ObjectException;
import software.amazon.awssdk.services.textract.model.JobStatus;
import software.amazon.awssdk.services.textract.model.Query;

class DocumentJobsTest {
    @TempDir
    private Path path;

    private TextractHouse house;
    private TextractClient textract;

    @BeforeEach
    void open() {
        house = new TextractHouse(path);
        textract = house.textract();
        house.put("inbox", "letter.pdf", SamplePages.letter(3));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static DocumentLocation location(String key) {
        return DocumentLocation.builder()
                .s3Object(object -> object.bucket("inbox").name(key))
                .build();
    }

    private GetDocumentTextDetectionResponse finished(String id) {
        TextractHouse.await(() ->
                textract.getDocumentTextDetection(request -> request.jobId(id)).jobStatus() != JobStatus.IN_PROGRESS);
        return textract.getDocumentTextDetection(request -> request.jobId(id));
    }

    @Test
    void textOfAllPagesIsGotInPieces() {
        String id = textract.startDocumentTextDetection(request -> request.documentLocation(location("letter.pdf")))
                .jobId();
        assertThat(textract.getDocumentTextDetection(request -> request.jobId(id))
                        .jobStatus())
                .isEqualTo(JobStatus.IN_PROGRESS);

        house.startJobs();
        GetDocumentTextDetectionResponse whole = finished(id);
        List<Block> pieces = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            GetDocumentTextDetectionResponse page = textract.getDocumentTextDetection(
                    request -> request.jobId(id).maxResults(7).nextToken(next));
            assertThat(page.blocks()).hasSizeLessThanOrEqualTo(7);
            pieces.addAll(page.blocks());
            token = page.nextToken();
        } while (token != null);

        assertThat(id).hasSize(64);
        assertThat(whole.jobStatus()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(whole.documentMetadata().pages()).isEqualTo(3);
        assertThat(whole.blocks()).extracting(Block::page).contains(1, 2, 3);
        assertThat(pieces).isEqualTo(whole.blocks());
    }

    @Test
    void aJobIsNobodyElsesAndOfOneKind() {
        String id = textract.startDocumentTextDetection(request -> request.documentLocation(location("letter.pdf")))
                .jobId();

        assertThatThrownBy(() -> textract.getDocumentAnalysis(request -> request.jobId(id)))
                .isInstanceOf(InvalidJobIdException.class)
                .hasMessageContaining("Request has invalid Job Id");
        assertThatThrownBy(() -> house.client(TextractClient.class, TextractHouse.STRANGER)
                        .getDocumentTextDetection(request -> request.jobId(id)))
                .isInstanceOf(InvalidJobIdException.class);
    }

    @Test
    void resultsAreForgottenAfterSevenDays() {
        house.startJobs();
        String id = textract.startDocumentTextDetection(request -> request.documentLocation(location("letter.pdf")))
                .jobId();
        finished(id);

        house.pass(Duration.ofDays(8));

        assertThatThrownBy(() -> textract.getDocumentTextDetection(request -> request.jobId(id)))
                .isInstanceOf(InvalidJobIdException.class);
    }

    @Test
    void aTokenStartsAJobOnce() {
        String first = textract.startDocumentTextDetection(request ->
                        request.documentLocation(location("letter.pdf")).clientRequestToken("once"))
                .jobId();
        String second = textract.startDocumentTextDetection(request ->
                        request.documentLocation(location("letter.pdf")).clientRequestToken("once"))
                .jobId();

        assertThat(second).isEqualTo(first);
        assertThatThrownBy(() ->
                        textract.startDocumentTextDetection(request -> request.documentLocation(location("letter.pdf"))
                                .clientRequestToken("once")
                                .jobTag("other")))
                .isInstanceOf(IdempotentParameterMismatchException.class);
    }

    @Test
    void resultsAreCopiedUnderTheJobsIdAndUnderAKey() {
        String key = house.client(KmsClient.class, TextractHouse.ACCOUNT)
                .createKey()
                .keyMetadata()
                .keyId();
        house.s3().createBucket(request -> request.bucket("outbox"));
        house.startJobs();

        String id = textract.startDocumentAnalysis(request -> request.documentLocation(location("letter.pdf"))
                        .featureTypes(FeatureType.LAYOUT)
                        .outputConfig(output -> output.s3Bucket("outbox").s3Prefix("read"))
                        .kmsKeyId(key))
                .jobId();
        TextractHouse.await(
                () -> textract.getDocumentAnalysis(request -> request.jobId(id)).jobStatus() == JobStatus.SUCCEEDED);

        assertThat(house.s3().listObjectsV2(request -> request.bucket("outbox")).contents())
                .extracting(S3Object::key)
                .containsExactlyInAnyOrder("read/" + id + "/.s3_access_check", "read/" + id + "/1");
        var object =
                house.s3().getObjectAsBytes(request -> request.bucket("outbox").key("read/" + id + "/1"));
        assertThat(object.asString(UTF_8)).contains("\"JobStatus\":\"SUCCEEDED\"", "\"BlockType\":\"LAYOUT_TEXT\"");
        assertThat(object.response().ssekmsKeyId()).contains(key);
        assertThatThrownBy(
                        () -> textract.startDocumentAnalysis(request -> request.documentLocation(location("letter.pdf"))
                                .featureTypes(FeatureType.LAYOUT)
                                .outputConfig(output -> output.s3Bucket("outbox"))
                                .kmsKeyId("00000000-0000-0000-0000-000000000000")))
                .isInstanceOf(InvalidKmsKeyException.class);
        assertThatThrownBy(
                        () -> textract.startDocumentAnalysis(request -> request.documentLocation(location("letter.pdf"))
                                .featureTypes(FeatureType.LAYOUT)
                                .outputConfig(output -> output.s3Bucket("nobodys"))))
                .isInstanceOf(InvalidS3ObjectException.class);
    }

    @Test
    void theTopicIsToldAsTheRole() {
        house.client(IamClient.class, TextractHouse.ACCOUNT)
                .createRole(request -> request.roleName("notifier").assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Principal": {"Service": "textract.amazonaws.com"}, "Action": "sts:AssumeRole"}}"""));
        house.client(IamClient.class, TextractHouse.ACCOUNT)
                .putRolePolicy(request ->
                        request.roleName("notifier").policyName("may").policyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:Publish",
                         "Resource": "*"}}"""));
        house.startJobs();

        String id = textract.startDocumentTextDetection(request -> request.documentLocation(location("letter.pdf"))
                        .jobTag("Receipt")
                        .notificationChannel(channel -> channel.roleArn("arn:aws:iam::111111111111:role/notifier")
                                .snsTopicArn("arn:aws:sns:us-east-1:111111111111:read")))
                .jobId();
        TextractHouse.await(() -> !house.published().isEmpty());

        assertThat(house.published().getFirst().topicArn()).isEqualTo("arn:aws:sns:us-east-1:111111111111:read");
        assertThat(house.published().getFirst().message())
                .contains("\"JobId\":\"" + id + "\"", "\"Status\":\"SUCCEEDED\"")
                .contains("\"API\":\"StartDocumentTextDetection\"", "\"JobTag\":\"Receipt\"")
                .contains("\"DocumentLocation\":{\"S3ObjectName\":\"letter.pdf\",\"S3Bucket\":\"inbox\"}");
    }

    @Test
    void whatCannotBeReadFailsTheJob() {
        house.put("inbox", "notes.txt", "no document".getBytes(UTF_8));
        house.startJobs();

        String id = textract.startDocumentTextDetection(request -> request.documentLocation(location("notes.txt")))
                .jobId();
        GetDocumentTextDetectionResponse end = finished(id);

        assertThat(end.jobStatus()).isEqualTo(JobStatus.FAILED);
        assertThat(end.statusMessage()).isEqualTo("INVALID_IMAGE_TYPE");
        assertThat(end.blocks()).isEmpty();
    }

    @Test
    void expensesAreOneAPage() {
        house.put("inbox", "invoice.pdf", SamplePages.invoice());
        house.startJobs();

        String id = textract.startExpenseAnalysis(request -> request.documentLocation(location("invoice.pdf")))
                .jobId();
        TextractHouse.await(
                () -> textract.getExpenseAnalysis(request -> request.jobId(id)).jobStatus() == JobStatus.SUCCEEDED);

        assertThat(textract.getExpenseAnalysis(request -> request.jobId(id)).expenseDocuments())
                .singleElement()
                .satisfies(document -> assertThat(document.lineItemGroups()).hasSize(1));
    }

    @Test
    void queriesAreAboutThePagesThatTheyName() {
        house.startJobs();

        String id = textract.startDocumentAnalysis(request -> request.documentLocation(location("letter.pdf"))
                        .featureTypes(FeatureType.QUERIES)
                        .queriesConfig(config -> config.queries(Query.builder()
                                .text("Who is the reader?")
                                .pages("2-*")
                                .build())))
                .jobId();
        TextractHouse.await(
                () -> textract.getDocumentAnalysis(request -> request.jobId(id)).jobStatus() == JobStatus.SUCCEEDED);
        GetDocumentAnalysisResponse found = textract.getDocumentAnalysis(request -> request.jobId(id));

        assertThat(found.blocks().stream()
                        .filter(block -> block.query() != null)
                        .map(Block::page))
                .containsExactly(2, 3);
        assertThatThrownBy(() -> textract.startDocumentAnalysis(request -> request.documentLocation(
                                location("letter.pdf"))
                        .featureTypes(FeatureType.QUERIES)
                        .queriesConfig(config -> config.queries(
                                Query.builder().text("What?").pages("1", "*").build()))))
                .isInstanceOf(InvalidParameterException.class);
    }
}
