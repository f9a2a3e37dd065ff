package dev.outcrop.services.comprehend;

import static dev.outcrop.services.comprehend.ComprehendHouse.BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.comprehend.model.CreateEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.DatasetStatus;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityTypesListItem;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationProperties;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationStatus;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.ResourceInUseException;

class RecognizersTest {
    private static final List<String> ENGINES = List.of("Falcon", "Osprey", "Kestrel", "Merlin");

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
        StringBuilder texts = new StringBuilder();
        StringBuilder annotations = new StringBuilder("File, Line, Begin Offset, End Offset, Type\n");
        for (int i = 0; i < 60; i++) {
            // An emoji is one code point and two UTF-16 units.
            String begin = i % 2 == 0 ? "\ud83d\ude80 We mounted the " : "They tested an ";
            String name = ENGINES.get(i % ENGINES.size()) + " " + (100 + i);
            texts.append(begin).append(name).append(" engine on Monday.\n");
            int start = begin.codePointCount(0, begin.length());
            annotations.append("texts.txt,%d,%d,%d,ENGINE%n".formatted(i, start, start + name.length()));
        }
        house.put("texts.txt", texts.toString());
        house.put("annotations.csv", annotations.toString());
        house.put("list.csv", "Text,Type\nFalcon,BIRD\nOsprey,BIRD\nKestrel,BIRD\n\"Merlin\",BIRD\n");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static CreateEntityRecognizerRequest.Builder recognizer(String name, String type) {
        return CreateEntityRecognizerRequest.builder()
                .recognizerName(name)
                .languageCode("en")
                .dataAccessRoleArn(role)
                .inputDataConfig(input -> input.entityTypes(
                                EntityTypesListItem.builder().type(type).build())
                        .documents(documents -> documents.s3Uri("s3://" + BUCKET + "/texts.txt"))
                        .annotations(annotations -> annotations.s3Uri("s3://" + BUCKET + "/annotations.csv")));
    }

    private static EntityRecognizerProperties trained(CreateEntityRecognizerRequest request) {
        String arn = house.comprehend(comprehend -> comprehend.createEntityRecognizer(request))
                .entityRecognizerArn();
        ComprehendHouse.await(
                "the end of a training",
                () -> Set.of(ModelStatus.TRAINED, ModelStatus.IN_ERROR)
                        .contains(properties(arn).status()));
        return properties(arn);
    }

    private static EntityRecognizerProperties properties(String arn) {
        return house.comprehend(
                        comprehend -> comprehend.describeEntityRecognizer(request -> request.entityRecognizerArn(arn)))
                .entityRecognizerProperties();
    }

    @Test
    void findsWhatAnnotationsTaughtItAtAnEndpoint() {
        EntityRecognizerProperties model =
                trained(recognizer("engines", "ENGINE").build());

        assertThat(model.message()).isNull();
        assertThat(model.recognizerMetadata().numberOfTrainedDocuments()).isEqualTo(54);
        assertThat(model.recognizerMetadata().numberOfTestDocuments()).isEqualTo(6);
        assertThat(model.recognizerMetadata().evaluationMetrics().f1Score()).isGreaterThan(90);
        assertThat(model.recognizerMetadata().entityTypes())
                .singleElement()
                .satisfies(type -> assertThat(type.numberOfTrainMentions()).isEqualTo(54));
        String endpoint = house.comprehend(
                        comprehend -> comprehend.createEndpoint(request -> request.endpointName("ner")
                                .modelArn(model.entityRecognizerArn())
                                .desiredInferenceUnits(1)))
                .endpointArn();
        assertThat(endpoint).contains(":entity-recognizer-endpoint/ner");
        List<Entity> entities = house.comprehend(comprehend -> comprehend.detectEntities(request ->
                        request.endpointArn(endpoint).text("\ud83d\ude80 We mounted the Osprey 512 engine on Monday.")))
                .entities();
        assertThat(entities).singleElement().satisfies(entity -> {
            assertThat(entity.text()).isEqualTo("Osprey 512");
            assertThat(entity.typeAsString()).isEqualTo("ENGINE");
            assertThat(entity.beginOffset()).isEqualTo(17);
            assertThat(entity.endOffset()).isEqualTo(27);
        });
    }

    @Test
    void learnsFromAListOfNames() {
        EntityRecognizerProperties model = trained(recognizer("birds", "BIRD")
                .inputDataConfig(input -> input.entityTypes(
                                EntityTypesListItem.builder().type("BIRD").build())
                        .documents(documents -> documents.s3Uri("s3://" + BUCKET + "/texts.txt"))
                        .entityList(list -> list.s3Uri("s3://" + BUCKET + "/list.csv")))
                .build());

        assertThat(model.message()).isNull();
        assertThat(model.status()).isEqualTo(ModelStatus.TRAINED);
        assertThat(model.recognizerMetadata().evaluationMetrics().recall()).isGreaterThan(90);
    }

    @Test
    void saysWhatIsWrongWithAnnotations() {
        house.put("wrong.csv", "File,Line,Begin Offset,End Offset,Type\ntexts.txt,0,900,905,ENGINE\n");

        EntityRecognizerProperties model = trained(recognizer("wrong", "ENGINE")
                .inputDataConfig(input -> input.entityTypes(
                                EntityTypesListItem.builder().type("ENGINE").build())
                        .documents(documents -> documents.s3Uri("s3://" + BUCKET + "/texts.txt"))
                        .annotations(annotations -> annotations.s3Uri("s3://" + BUCKET + "/wrong.csv")))
                .build());

        assertThat(model.status()).isEqualTo(ModelStatus.IN_ERROR);
        assertThat(model.message()).contains("outside of its document");
    }

    @Test
    void turnsAFlywheelWhoseNewModelIsMadeTheActiveOneAndImported() {
        house.put("flywheel.csv", ClassifiersTest.training("WEATHER", "SPORT"));
        String flywheel = house.comprehend(comprehend -> comprehend.createFlywheel(request -> request.flywheelName(
                                "wheel")
                        .dataAccessRoleArn(role)
                        .modelType("DOCUMENT_CLASSIFIER")
                        .taskConfig(task -> task.languageCode("en")
                                .documentClassificationConfig(configuration -> configuration.mode("MULTI_CLASS")))
                        .dataLakeS3Uri("s3://" + BUCKET + "/lake")))
                .flywheelArn();
        String dataset = house.comprehend(comprehend ->
                        comprehend.createDataset(request -> request.flywheelArn(flywheel)
                                .datasetName("first")
                                .inputDataConfig(input -> input.dataFormat("COMPREHEND_CSV")
                                        .documentClassifierInputDataConfig(
                                                documents -> documents.s3Uri("s3://" + BUCKET + "/flywheel.csv")))))
                .datasetArn();
        ComprehendHouse.await("a dataset", () -> dataset(dataset) != DatasetStatus.CREATING);
        assertThat(dataset(dataset)).isEqualTo(DatasetStatus.COMPLETED);

        String id = house.comprehend(
                        comprehend -> comprehend.startFlywheelIteration(request -> request.flywheelArn(flywheel)))
                .flywheelIterationId();
        ComprehendHouse.await(
                "an iteration",
                () -> Set.of(FlywheelIterationStatus.COMPLETED, FlywheelIterationStatus.FAILED)
                        .contains(iteration(flywheel, id).status()));

        FlywheelIterationProperties iteration = iteration(flywheel, id);
        assertThat(iteration.message()).isNull();
        assertThat(iteration.trainedModelMetrics().averageF1Score()).isEqualTo(1);
        assertThat(iteration.trainedModelArn()).contains(":document-classifier/wheel/version/Comprehend-Generated-v1-");
        house.comprehend(comprehend -> comprehend.updateFlywheel(
                request -> request.flywheelArn(flywheel).activeModelArn(iteration.trainedModelArn())));
        String endpoint = house.comprehend(comprehend -> comprehend.createEndpoint(request ->
                        request.endpointName("wheel").flywheelArn(flywheel).desiredInferenceUnits(1)))
                .endpointArn();
        assertThat(house.comprehend(comprehend -> comprehend.classifyDocument(
                                request -> request.endpointArn(endpoint).text("rain and wind")))
                        .classes()
                        .getFirst()
                        .name())
                .isEqualTo("WEATHER");
        assertThatThrownBy(() -> house.comprehend(comprehend -> comprehend.deleteDocumentClassifier(
                        request -> request.documentClassifierArn(iteration.trainedModelArn()))))
                .isInstanceOf(ResourceInUseException.class);

        String copy = house.as(
                        ComprehendHouse.ROOT,
                        "eu-west-1",
                        ComprehendClient.class,
                        comprehend ->
                                comprehend.importModel(request -> request.sourceModelArn(iteration.trainedModelArn())
                                        .modelName("copy")))
                .modelArn();
        assertThat(copy).isEqualTo("arn:aws:comprehend:eu-west-1:111111111111:document-classifier/copy");
        assertThat(house.as(
                                ComprehendHouse.ROOT,
                                "eu-west-1",
                                ComprehendClient.class,
                                comprehend -> comprehend.describeDocumentClassifier(
                                        request -> request.documentClassifierArn(copy)))
                        .documentClassifierProperties()
                        .sourceModelArn())
                .isEqualTo(iteration.trainedModelArn());
    }

    private static DatasetStatus dataset(String arn) {
        return house.comprehend(comprehend -> comprehend.describeDataset(request -> request.datasetArn(arn)))
                .datasetProperties()
                .status();
    }

    private static FlywheelIterationProperties iteration(String flywheel, String id) {
        return house.comprehend(comprehend -> comprehend.describeFlywheelIteration(
                        request -> request.flywheelArn(flywheel).flywheelIterationId(id)))
                .flywheelIterationProperties();
    }
}
