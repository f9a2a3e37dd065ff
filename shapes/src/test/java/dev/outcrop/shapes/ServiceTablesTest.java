package dev.outcrop.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outcrop.shapes.OperationModel.Authentication;
import dev.outcrop.shapes.OperationModel.Pagination;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.shapes.ShapeModel.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceTablesTest {
    private final ServiceTables tables = new ServiceTables();

    @Test
    void holdsEveryServiceOfTheProduct() {
        assertThat(tables.summaries()).hasSize(97);
        assertThat(tables.summaries().stream()
                        .mapToInt(ServiceSummary::operationCount)
                        .sum())
                .isEqualTo(5952);
        assertThat(tables.summaries())
                .extracting(ServiceSummary::id)
                .isSorted()
                .contains("sts", "s3", "bedrock-runtime");
    }

    @Test
    void summarizesWhatTellsServicesApart() {
        assertThat(summary("bedrock-runtime").signingName()).isEqualTo("bedrock");
        assertThat(summary("bedrock-runtime").protocols()).containsExactly(Protocol.REST_JSON);
        assertThat(summary("s3").protocols()).containsExactly(Protocol.REST_XML);
        assertThat(summary("ec2").protocols()).containsExactly(Protocol.EC2_QUERY);
        assertThat(summary("dynamodb").targetPrefix()).contains("DynamoDB_20120810");
        assertThat(summary("dynamodb").jsonVersion()).contains("1.0");
        assertThat(summary("sts").apiVersion()).isEqualTo("2011-06-15");
        assertThat(summary("sts").xmlNamespace()).contains("https://sts.amazonaws.com/doc/2011-06-15/");
    }

    @Test
    void servicesThatWereQueryOnceStillSpeakIt() {
        assertThat(summary("sqs").protocols()).containsExactly(Protocol.JSON, Protocol.QUERY);
        assertThat(summary("sqs").queryCompatible()).isTrue();
        assertThat(error("sqs", "QueueDoesNotExist").queryCode()).contains("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(summary("cloudwatch").protocols())
                .containsExactly(Protocol.QUERY, Protocol.JSON, Protocol.RPC_V2_CBOR);
    }

    @Test
    void knowsTheOperationsOfSts() {
        OperationModel identity = operation("sts", "GetCallerIdentity");

        assertThat(identity.method()).isEqualTo("POST");
        assertThat(identity.uri()).isEqualTo("/");
        assertThat(identity.resultWrapper()).contains("GetCallerIdentityResult");
        assertThat(identity.authentication()).containsExactly(Authentication.SIGNATURE_V4);
        assertThat(operation("sts", "AssumeRoleWithWebIdentity").authentication())
                .containsExactly(Authentication.NONE);
        assertThat(error("sts", "IDPRejectedClaimException"))
                .isEqualTo(new ErrorTrait("IDPRejectedClaim", Optional.empty(), 403, false, false, false));
    }

    @Test
    void knowsTheOperationsOfBedrockRuntime() {
        OperationModel converse = operation("bedrock-runtime", "ConverseStream");

        assertThat(converse.uri()).isEqualTo("/model/{modelId}/converse-stream");
        assertThat(converse.outputEventStream()).isTrue();
        assertThat(converse.inputEventStream()).isFalse();
        assertThat(converse.errors()).contains("ThrottlingException", "ModelNotReadyException");
        assertThat(converse.authentication()).containsExactly(Authentication.SIGNATURE_V4, Authentication.BEARER);
        assertThat(operation("bedrock-runtime", "InvokeModelWithBidirectionalStream")
                        .inputEventStream())
                .isTrue();
        assertThat(structure("bedrock-runtime", "ConverseRequest").members().get("modelId"))
                .isEqualTo(new Member("ConversationalModelId", true, false, Optional.empty(), false, Location.LABEL));
        assertThat(structure("bedrock-runtime", "ContentBlock").union()).isTrue();
        assertThat(error("bedrock-runtime", "ThrottlingException").status()).isEqualTo(429);
        assertThat(operation("bedrock-runtime", "ListAsyncInvokes").pagination())
                .contains(new Pagination(
                        List.of("nextToken"),
                        List.of("nextToken"),
                        Optional.of("maxResults"),
                        List.of("asyncInvokeSummaries")));
    }

    @Test
    void knowsTheOperationsOfS3() {
        OperationModel put = operation("s3", "PutObject");

        assertThat(put.uri()).isEqualTo("/{Bucket}/{Key+}");
        assertThat(structure("s3", "PutObjectRequest").payload()).contains("Body");
        assertThat(structure("s3", "PutObjectRequest").members().get("Metadata").location())
                .isEqualTo(Location.PREFIX_HEADERS);
        assertThat(operation("s3", "DeleteObject").status()).isEqualTo(204);
        assertThat(operation("s3", "ListObjectsV2").uri()).isEqualTo("/{Bucket}?list-type=2");
        assertThat(structure("s3", "SSEKMS").elementName()).contains("SSE-KMS");
        assertThat(structure("s3", "RecordsEvent").members().get("Payload").location())
                .isEqualTo(Location.EVENT_PAYLOAD);
    }

    @Test
    void keepsConstraintsAsTheDescriptionsHaveThem() {
        ServiceModel runtime = tables.find("bedrock-runtime").orElseThrow();

        assertThat(runtime.shape("InferenceConfigurationTemperatureFloat"))
                .isEqualTo(new ShapeModel.Numeric(
                        "InferenceConfigurationTemperatureFloat",
                        ShapeModel.NumberType.FLOAT,
                        OptionalDouble.of(0),
                        OptionalDouble.of(1),
                        false));
        assertThat(runtime.shape("ToolName"))
                .isEqualTo(new ShapeModel.Text(
                        "ToolName",
                        OptionalLong.of(1),
                        OptionalLong.of(64),
                        Optional.of("[a-zA-Z0-9_-]+"),
                        List.of(),
                        false));
        assertThat(((ShapeModel.Text) runtime.shape("ConversationRole")).values())
                .containsExactly("user", "assistant");
    }

    @Test
    void readsMembersThatAreCalledLikeAnOption() {
        Member token = structure("apigateway", "ApiKey").members().get("name");
        Member pageToken =
                structure("ecs", "DiscoverPollEndpointResponse").members().get("endpoint");

        assertThat(token.idempotencyToken()).isFalse();
        assertThat(pageToken.required()).isFalse();
        assertThat(structure("sagemaker-geospatial", "ListTagsForResourceRequest")
                        .error())
                .isEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> lost = new ArrayList<>();

        for (ServiceSummary summary : tables.summaries()) {
            ServiceModel model = tables.find(summary.id()).orElseThrow();
            Stream<String> fromOperations = model.operations().values().stream()
                    .flatMap(operation -> Stream.of(
                                    operation.input().stream(),
                                    operation.output().stream(),
                                    operation.errors().stream())
                            .flatMap(names -> names));
            Stream<String> fromShapes = model.shapes().values().stream().flatMap(ServiceTablesTest::references);
            Stream.concat(fromOperations, fromShapes)
                    .filter(name -> !model.shapes().containsKey(name))
                    .forEach(name -> lost.add(summary.id() + "#" + name));
            assertThat(model.operations()).as(summary.id()).hasSize(summary.operationCount());
        }

        assertThat(lost).isEmpty();
    }

    @Test
    void knowsNoOtherService() {
        assertThat(tables.find("gamelift")).isEmpty();
        assertThat(tables.find("sts").orElseThrow().operation("getcalleridentity"))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tables.find("sts").orElseThrow().shape("Nothing"))
                .withMessage("sts has no shape \"Nothing\"");
    }

    @Test
    void aServiceIsReadOnce() {
        assertThat(tables.find("sts").orElseThrow()).isSameAs(tables.find("sts").orElseThrow());
    }

    private static Stream<String> references(ShapeModel shape) {
        return switch (shape) {
            case ShapeModel.Structure structure ->
                structure.members().values().stream().map(Member::shape);
            case ShapeModel.ListOf list -> Stream.of(list.member().shape());
            case ShapeModel.MapOf map ->
                Stream.of(map.key().shape(), map.value().shape());
            case ShapeModel.Text _,
                    ShapeModel.Numeric _,
                    ShapeModel.Blob _,
                    ShapeModel.Bool _,
                    ShapeModel.Timestamp _ -> Stream.empty();
        };
    }

    private ServiceSummary summary(String id) {
        return tables.find(id).orElseThrow().summary();
    }

    private OperationModel operation(String service, String name) {
        return tables.find(service).orElseThrow().operation(name).orElseThrow();
    }

    private ShapeModel.Structure structure(String service, String name) {
        return (ShapeModel.Structure) tables.find(service).orElseThrow().shape(name);
    }

    private ErrorTrait error(String service, String name) {
        return structure(service, name).error().orElseThrow();
    }
}
