package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsListItem;
import software.amazon.awssdk.services.comprehend.model.ClassifierMetadata;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.CreateDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.DocumentClass;
import software.amazon.awssdk.services.comprehend.model.DocumentClassificationJobProperties;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierMode;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.DocumentLabel;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.KmsKeyValidationException;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.ResourceInUseException;
import software.amazon.awssdk.services.comprehend.model.ResourceNotFoundException;
import software.amazon.awssdk.services.comprehend.model.Tag;
import software.amazon.awssdk.services.kms.KmsClient;

class ClassifiersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path path;

    private static ComprehendHouse house;

    private String role;

    @BeforeAll
    static void open() {
        house = new ComprehendHouse(path, () -> {
            throw new AssertionError("no embeddings are needed");
        });
        house.bucket();
        house.usualRole();
    }

    @BeforeEach
    void usual() {
        role = "arn:aws:iam::111111111111:role/reader";
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** Twenty sentences each of the weather and of football. */
    static String training(String weather, String football) {
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            csv.append(weather)
                    .append(",\"Rain and wind, cloudy sky with a storm near town ")
                    .append(i)
                    .append("\"\n");
            csv.append(football)
                    .append(",The team scored a goal and won the match against club ")
                    .append(i)
                    .append("\n");
        }
        return csv.toString();
    }

    private CreateDocumentClassifierRequest.Builder classifier(String name) {
        return CreateDocumentClassifierRequest.builder()
                .documentClassifierName(name)
                .dataAccessRoleArn(role)
                .languageCode("en")
                .inputDataConfig(input -> input.s3Uri("s3://" + BUCKET + "/train.csv"));
    }

    private DocumentClassifierProperties trained(CreateDocumentClassifierRequest request) {
        String arn = house.comprehend(comprehend -> comprehend.createDocumentClassifier(request))
                .documentClassifierArn();
        ComprehendHouse.await(
                "the end of a training", () -> switch (properties(arn).status()) {
                    case TRAINED, IN_ERROR, STOPPED -> true;
                    default -> false;
                });
        return properties(arn);
    }

    private DocumentClassifierProperties properties(String arn) {
        return house.comprehend(comprehend ->
                        comprehend.describeDocumentClassifier(request -> request.documentClassifierArn(arn)))
                .documentClassifierProperties();
    }

    private String endpoint(String model, int units) {
        String name = "for-" + model.substring(model.lastIndexOf('/') + 1);
        return house.comprehend(comprehend -> comprehend.createEndpoint(
                        request -> request.endpointName(name).modelArn(model).desiredInferenceUnits(units)))
                .endpointArn();
    }

    private ClassifyDocumentResponse classify(String endpoint, String text) {
        return house.comprehend(comprehend -> comprehend.classifyDocument(
                request -> request.endpointArn(endpoint).text(text)));
    }

    @Test
    void trainsAClassifierThatAnswersAtAnEndpointAndInAJob() throws IOException {
        house.put("train.csv", training("WEATHER", "SPORT"));

        DocumentClassifierProperties model = trained(classifier("topics")
                .outputDataConfig(output -> output.s3Uri("s3://" + BUCKET + "/metrics"))
                .build());

        assertThat(model.message()).isNull();
        assertThat(model.status()).isEqualTo(ModelStatus.TRAINED);
        ClassifierMetadata metadata = model.classifierMetadata();
        assertThat(metadata.numberOfLabels()).isEqualTo(2);
        assertThat(metadata.numberOfTrainedDocuments()).isEqualTo(36);
        assertThat(metadata.numberOfTestDocuments()).isEqualTo(4);
        assertThat(metadata.evaluationMetrics().accuracy()).isEqualTo(1);
        assertThat(metadata.evaluationMetrics().hammingLoss()).isZero();
        assertThat(model.outputDataConfig().s3Uri())
                .matches("s3://texts/metrics/111111111111-CLR-[0-9a-f]{32}/output/output\\.tar\\.gz");
        Map<String, String> output =
                ComprehendHouse.untarred(house.content(model.outputDataConfig().s3Uri()));
        JsonNode confusion = JSON.readTree(output.get("output/confusion_matrix.json"));
        assertThat(confusion)
                .isEqualTo(JSON.readTree("{\"type\": \"multi_class\", \"confusion_matrix\": [[2, 0], [0, 2]],"
                        + " \"labels\": [\"SPORT\", \"WEATHER\"], \"all_labels\": [\"SPORT\", \"WEATHER\"]}"));

        String endpoint = endpoint(model.documentClassifierArn(), 1);
        ClassifyDocumentResponse answer = classify(endpoint, "A storm brings rain and wind");
        assertThat(answer.classes()).extracting(DocumentClass::name).containsExactly("WEATHER", "SPORT");
        assertThat(answer.classes().getFirst().score()).isGreaterThan(0.7f);

        house.put("in/some.txt", "The match ended with a late goal\n\nThe wind and the rain grew\n");
        String id = house.comprehend(comprehend -> comprehend.startDocumentClassificationJob(
                        request -> request.documentClassifierArn(model.documentClassifierArn())
                                .dataAccessRoleArn(role)
                                .inputDataConfig(input ->
                                        input.s3Uri("s3://" + BUCKET + "/in/").inputFormat("ONE_DOC_PER_LINE"))
                                .outputDataConfig(to -> to.s3Uri("s3://" + BUCKET + "/out"))))
                .jobId();
        ComprehendHouse.await("the end of a job", () -> job(id).jobStatus() == JobStatus.COMPLETED);
        String lines = ComprehendHouse.untarred(
                        house.content(job(id).outputDataConfig().s3Uri()))
                .get("output");
        JsonNode first = JSON.readTree(lines.lines().toList().getFirst());
        JsonNode second = JSON.readTree(lines.lines().toList().get(1));
        assertThat(first.path("File").asText()).isEqualTo("some.txt");
        assertThat(first.path("Line")).isEqualTo(JSON.readTree("\"0\""));
        assertThat(first.path("Classes").path(0).path("Name").asText()).isEqualTo("SPORT");
        assertThat(second.path("Line").asText()).isEqualTo("2");
        assertThat(second.path("Classes").path(0).path("Name").asText()).isEqualTo("WEATHER");
    }

    private DocumentClassificationJobProperties job(String id) {
        return house.comprehend(
                        comprehend -> comprehend.describeDocumentClassificationJob(request -> request.jobId(id)))
                .documentClassificationJobProperties();
    }

    @Test
    void givesSeveralLabelsWhereTextsHaveSeveral() throws IOException {
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            csv.append("WEATHER,rain wind storm cloud ").append(i).append('\n');
            csv.append("SPORT,goal match team club ").append(i).append('\n');
            csv.append("WEATHER;SPORT,rain storm match team ").append(i).append('\n');
        }
        house.put("train.csv", csv.toString());

        DocumentClassifierProperties model = trained(classifier("labels")
                .mode(DocumentClassifierMode.MULTI_LABEL)
                .inputDataConfig(
                        input -> input.s3Uri("s3://" + BUCKET + "/train.csv").labelDelimiter(";"))
                .outputDataConfig(output -> output.s3Uri("s3://" + BUCKET))
                .build());

        assertThat(model.status()).isEqualTo(ModelStatus.TRAINED);
        String endpoint = endpoint(model.documentClassifierArn(), 1);
        ClassifyDocumentResponse answer = classify(endpoint, "team in the rain, match in a storm");
        assertThat(answer.classes()).isEmpty();
        assertThat(answer.labels())
                .filteredOn(label -> label.score() > 0.5)
                .extracting(DocumentLabel::name)
                .containsExactlyInAnyOrder("WEATHER", "SPORT");
        JsonNode confusion = JSON.readTree(
                ComprehendHouse.untarred(house.content(model.outputDataConfig().s3Uri()))
                        .get("output/confusion_matrix.json"));
        assertThat(confusion.path("type").asText()).isEqualTo("multi_label");
        assertThat(confusion.path("confusion_matrix")).hasSize(2);
        assertThat(confusion.path("confusion_matrix").path(0).path(1).path(1).asInt())
                .isEqualTo(6);
    }

    private static AugmentedManifestsListItem.Builder manifest(String name) {
        return AugmentedManifestsListItem.builder()
                .s3Uri("s3://" + BUCKET + "/" + name + ".manifest")
                .attributeNames("job");
    }

    @Test
    void readsAugmentedManifestsWithATestSetOfTheirOwn() {
        StringBuilder train = new StringBuilder();
        StringBuilder test = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            String name = i % 2 == 0 ? "yes" : "no";
            String line = "{\"source\": \"" + (i % 2 == 0 ? "fine good great " : "bad poor worse ") + i
                    + "\", \"job\": " + i % 2 + ", \"job-metadata\": {\"class-name\": \"" + name + "\"}}\n";
            (i < 20 ? train : test).append(line);
        }
        house.put("train.manifest", train.toString());
        house.put("test.manifest", test.toString());

        DocumentClassifierProperties model = trained(classifier("manifest")
                .inputDataConfig(input -> input.dataFormat("AUGMENTED_MANIFEST")
                        .augmentedManifests(
                                manifest("train").build(),
                                manifest("test").split("TEST").build()))
                .build());

        assertThat(model.message()).isNull();
        assertThat(model.classifierMetadata().numberOfTrainedDocuments()).isEqualTo(20);
        assertThat(model.classifierMetadata().numberOfTestDocuments()).isEqualTo(4);
    }

    @Test
    void endsInErrorThatSaysWhatIsWrongWithTheData() {
        house.put("train.csv", "A,one\nB,two\n");
        assertThat(trained(classifier("few").build()).message()).contains("must have at least 10 documents");

        house.put("train.csv", "A,one,more\n");
        assertThat(trained(classifier("columns").build()).message()).contains("line 1 has 3");

        house.put("train.csv", "A,\"never closed\n");
        DocumentClassifierProperties quoted = trained(classifier("quote").build());
        assertThat(quoted.status()).isEqualTo(ModelStatus.IN_ERROR);
        assertThat(quoted.message()).contains("a quote that is never closed");

        house.put("train.csv", new byte[] {'A', ',', (byte) 0xC3, (byte) 0x28, '\n'});
        assertThat(trained(classifier("latin").build()).message()).contains("is not in UTF-8");

        String blind = house.role("blind", "s3:ListBucket");
        assertThat(trained(classifier("blind").dataAccessRoleArn(blind).build()).message())
                .startsWith("NO_READ_ACCESS_TO_INPUT");
    }

    @Test
    void keepsAModelUnderAKeyOfKms() {
        house.put("train.csv", training("WEATHER", "SPORT"));
        String key = house.as(ComprehendHouse.ROOT, KmsClient.class, KmsClient::createKey)
                .keyMetadata()
                .arn();
        assertThatThrownBy(
                        () -> trained(classifier("refused").modelKmsKeyId(key).build()))
                .isInstanceOf(KmsKeyValidationException.class);
        role = house.role("sealer", "s3:GetObject", "s3:ListBucket", "kms:GenerateDataKey", "kms:Decrypt");

        DocumentClassifierProperties model =
                trained(classifier("sealed").modelKmsKeyId(key).build());

        assertThat(model.status()).isEqualTo(ModelStatus.TRAINED);
        String endpoint = endpoint(model.documentClassifierArn(), 10);
        house.as(ComprehendHouse.ROOT, KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));
        assertThatThrownBy(() -> classify(endpoint, "rain")).isInstanceOf(AwsServiceException.class);
        house.as(ComprehendHouse.ROOT, KmsClient.class, kms -> kms.enableKey(request -> request.keyId(key)));
        assertThat(classify(endpoint, "rain").classes()).isNotEmpty();
    }

    @Test
    void hasVersionsThatAreListedAndDeletedOneByOne() {
        house.put("train.csv", training("WEATHER", "SPORT"));
        String first = trained(classifier("many").versionName("v1").build()).documentClassifierArn();
        String second = trained(classifier("many").versionName("v2").build()).documentClassifierArn();

        assertThat(first).endsWith(":document-classifier/many/version/v1");
        assertThatThrownBy(() -> trained(classifier("many").versionName("v1").build()))
                .isInstanceOf(ResourceInUseException.class);
        assertThatThrownBy(() -> trained(classifier("many").build())).isInstanceOf(ResourceInUseException.class);
        assertThat(house.comprehend(comprehend ->
                                comprehend.listDocumentClassifierSummaries(request -> request.maxResults(50)))
                        .documentClassifierSummariesList())
                .filteredOn(summary -> summary.documentClassifierName().equals("many"))
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.numberOfVersions()).isEqualTo(2);
                    assertThat(summary.latestVersionName()).isEqualTo("v2");
                });
        house.comprehend(
                comprehend -> comprehend.deleteDocumentClassifier(request -> request.documentClassifierArn(first)));
        assertThat(house.comprehend(comprehend -> comprehend.listDocumentClassifiers(
                                request -> request.filter(filter -> filter.documentClassifierName("many"))))
                        .documentClassifierPropertiesList())
                .extracting(DocumentClassifierProperties::documentClassifierArn)
                .isEqualTo(List.of(second));
        assertThatThrownBy(() -> properties(first)).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void letsThroughWhatTheInferenceUnitsOfAnEndpointAreGoodFor() {
        house.put("train.csv", training("WEATHER", "SPORT"));
        String model = trained(classifier("slow").build()).documentClassifierArn();
        String endpoint = endpoint(model, 1);
        assertThatThrownBy(() -> house.comprehend(comprehend ->
                        comprehend.deleteDocumentClassifier(request -> request.documentClassifierArn(model))))
                .isInstanceOf(ResourceInUseException.class);

        classify(endpoint, "rain ".repeat(190));

        assertThatThrownBy(() -> classify(endpoint, "rain ".repeat(190)))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("ThrottlingException"));
        assertThat(house.measured())
                .filteredOn(measured -> measured.dimensions().equals(Map.of("EndpointArn", endpoint)))
                .singleElement()
                .satisfies(measured -> assertThat(measured.values())
                        .contains(
                                new Measured.Measurement("ProvisionedInferenceUnits", "Count", 1),
                                new Measured.Measurement("ConsumedInferenceUnits", "Count", 950 / 6000.0)));
        house.comprehend(comprehend -> comprehend.updateEndpoint(
                request -> request.endpointArn(endpoint).desiredInferenceUnits(10)));
        assertThat(house.comprehend(comprehend -> comprehend.describeEndpoint(request -> request.endpointArn(endpoint)))
                        .endpointProperties()
                        .currentInferenceUnits())
                .isEqualTo(10);
    }

    @Test
    void asksThatTheRoleMayBePassed() {
        house.put("train.csv", training("WEATHER", "SPORT"));
        Principal user = house.user("trainer", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "comprehend:*", "Resource": "*"}}""");

        assertThatThrownBy(() -> house.as(
                        user,
                        ComprehendClient.class,
                        comprehend -> comprehend.createDocumentClassifier(
                                classifier("mine").build())))
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void hasTagsAndAPolicy() {
        house.put("train.csv", training("WEATHER", "SPORT"));
        String arn = trained(classifier("tagged")
                        .tags(Tag.builder().key("team").value("a").build())
                        .build())
                .documentClassifierArn();

        house.comprehend(comprehend -> comprehend.tagResource(request -> request.resourceArn(arn)
                .tags(Tag.builder().key("more").value("b").build())));
        house.comprehend(comprehend ->
                comprehend.untagResource(request -> request.resourceArn(arn).tagKeys("team")));

        assertThat(house.comprehend(comprehend -> comprehend.listTagsForResource(request -> request.resourceArn(arn)))
                        .tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.key()).isEqualTo("more"));
        String document = """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "comprehend:ImportModel",
                 "Resource": "*", "Principal": {"AWS": "222222222222"}}}""";
        String revision = house.comprehend(comprehend -> comprehend.putResourcePolicy(
                        request -> request.resourceArn(arn).resourcePolicy(document)))
                .policyRevisionId();
        assertThat(house.comprehend(
                                comprehend -> comprehend.describeResourcePolicy(request -> request.resourceArn(arn)))
                        .policyRevisionId())
                .isEqualTo(revision);
        assertThatThrownBy(() -> house.comprehend(comprehend -> comprehend.deleteResourcePolicy(
                        request -> request.resourceArn(arn).policyRevisionId("abc"))))
                .hasMessageContaining("PolicyRevisionId");
    }
}
