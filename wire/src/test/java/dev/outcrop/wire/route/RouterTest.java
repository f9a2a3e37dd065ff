package dev.outcrop.wire.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static final ServiceModels MODELS = new ServiceTables();
    private static final Router ROUTER = new Router(MODELS, List.of("sts", "bedrock-runtime"));

    @ParameterizedTest
    @CsvSource({
        "bedrock, POST, /model/amazon.titan-text-lite-v1/converse, '', bedrock-runtime, Converse",
        "bedrock, GET, /foundation-models, '', bedrock, ListFoundationModels",
        "bedrock, PUT, /agents/, '', bedrock-agent, CreateAgent",
        "bedrock, POST, /retrieveAndGenerate, '', bedrock-agent-runtime, RetrieveAndGenerate",
        "s3, GET, /, '', s3, ListBuckets",
        "s3, GET, /bucket, '', s3, ListObjects",
        "s3, GET, /bucket/, list-type=2, s3, ListObjectsV2",
        "s3, GET, /bucket/a/key/, '', s3, GetObject",
        "s3, GET, /bucket/a/key, acl, s3, GetObjectAcl",
        "s3, GET, /bucket/a/key, uploadId=1, s3, ListParts",
        "s3, PUT, /bucket/a/key, '', s3, PutObject",
        "s3, PUT, /bucket/a/key, partNumber=1&uploadId=1, s3, UploadPart",
        "s3, POST, /bucket/a/key, uploads, s3, CreateMultipartUpload",
        "s3, POST, /bucket, delete, s3, DeleteObjects",
        "sagemaker, POST, /endpoints/mine/invocations, '', sagemaker-runtime, InvokeEndpoint",
        "lambda, GET, /2015-03-31/functions, '', lambda, ListFunctions"
    })
    void findsRestOperations(String scope, String method, String path, String query, String service, String operation) {
        Route route = route(scope, method, path, query, HttpHeaders.none(), "");

        assertThat(route).isInstanceOfSatisfying(Route.Found.class, found -> {
            assertThat(found.service().summary().id()).isEqualTo(service);
            assertThat(found.operation().name()).isEqualTo(operation);
        });
    }

    @Test
    void tellsACopyFromAPutByItsHeader() {
        HttpHeaders headers =
                HttpHeaders.builder().add("x-amz-copy-source", "/a/b").build();

        Route route = route("s3", "PUT", "/bucket/key", "", headers, "");

        assertThat(((Route.Found) route).operation().name()).isEqualTo("CopyObject");
    }

    @Test
    void takesTheBucketFromTheHost() {
        HttpHeaders headers = HttpHeaders.builder()
                .add("host", "photos.s3.us-east-1.amazonaws.com")
                .build();

        Route route = route("s3", "GET", "/2024/a%20b.jpg", "", headers, "");

        assertThat(((Route.Found) route).labels()).isEqualTo(Map.of("Bucket", "photos", "Key", "2024/a b.jpg"));
    }

    @Test
    void findsJsonOperationsByTheirTarget() {
        HttpHeaders headers = HttpHeaders.builder()
                .add("x-amz-target", "Comprehend_20171127.DetectSentiment")
                .build();

        Route route = route("comprehend", "POST", "/", "", headers, "");

        assertThat(route).isInstanceOfSatisfying(Route.Found.class, found -> {
            assertThat(found.operation().name()).isEqualTo("DetectSentiment");
            assertThat(found.protocol()).isEqualTo(Protocol.JSON);
        });
    }

    @Test
    void findsCloudTrailWithAndWithoutItsNamespace() {
        for (String target : List.of(
                "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
                "CloudTrail_20131101.LookupEvents")) {
            HttpHeaders headers =
                    HttpHeaders.builder().add("x-amz-target", target).build();

            Route route = route("cloudtrail", "POST", "/", "", headers, "");

            assertThat(((Route.Found) route).operation().name()).isEqualTo("LookupEvents");
        }
    }

    @Test
    void findsQueryOperationsByTheirAction() {
        Route route = route("sts", "POST", "/", "", form(), "Action=GetCallerIdentity&Version=2011-06-15");

        assertThat(((Route.Found) route).operation().name()).isEqualTo("GetCallerIdentity");
    }

    @Test
    void findsQueryOperationsWithoutASignatureByTheirVersion() {
        WireRequest request = new WireRequest("POST", "/", "", form());

        Route route = ROUTER.route(
                request,
                new Credentials.None(),
                () -> QueryString.parse("Action=AssumeRoleWithWebIdentity&Version=2011-06-15"));

        assertThat(((Route.Found) route).operation().name()).isEqualTo("AssumeRoleWithWebIdentity");
    }

    @Test
    void saysThatAQueryOperationIsUnknownAsAwsDoes() {
        Route route = route("sts", "POST", "/", "", form(), "Action=Nothing&Version=2011-06-15");

        assertThat(route).isInstanceOfSatisfying(Route.Unknown.class, unknown -> {
            assertThat(unknown.code()).isEqualTo("InvalidAction");
            assertThat(unknown.message()).isEqualTo("Could not find operation Nothing for version 2011-06-15");
        });
    }

    @Test
    void findsEveryOperationOfEveryRestServiceByItsOwnUri() {
        List<String> astray = new ArrayList<>();
        for (ServiceSummary summary : MODELS.summaries()) {
            Protocol protocol = summary.protocols().getFirst();
            if (protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML) {
                ServiceModel service = MODELS.find(summary.id()).orElseThrow();
                for (OperationModel operation : service.operations().values()) {
                    Route route = example(service, operation);
                    if (!(route instanceof Route.Found found)
                            || !found.operation().name().equals(operation.name())
                            || !found.service().summary().id().equals(summary.id())) {
                        astray.add(summary.id() + " " + operation.name() + " " + operation.uri() + " -> "
                                + (route instanceof Route.Found other
                                        ? other.service().summary().id() + " "
                                                + other.operation().name()
                                        : route));
                    }
                }
            }
        }

        assertThat(astray)
                .as("only what S3 renamed, and what it tells by its host alone, may lead elsewhere")
                .containsExactly(
                        "s3 GetBucketLifecycle /{Bucket}?lifecycle -> s3 GetBucketLifecycleConfiguration",
                        "s3 GetBucketNotification /{Bucket}?notification -> s3 GetBucketNotificationConfiguration",
                        "s3 ListDirectoryBuckets / -> s3 ListBuckets",
                        "s3 PutBucketLifecycle /{Bucket}?lifecycle -> s3 PutBucketLifecycleConfiguration",
                        "s3 PutBucketNotification /{Bucket}?notification -> s3 PutBucketNotificationConfiguration");
    }

    private static Route example(ServiceModel service, OperationModel operation) {
        int question = operation.uri().indexOf('?');
        String path = question < 0 ? operation.uri() : operation.uri().substring(0, question);
        StringBuilder query =
                new StringBuilder(question < 0 ? "" : operation.uri().substring(question + 1));
        String agent = service.summary().serviceId().replace(' ', '_');
        HttpHeaders.Builder headers =
                HttpHeaders.builder().add("user-agent", "aws-sdk-java/2.40.2 api/" + agent + "#2.40.2");
        operation
                .input()
                .map(service::shape)
                .map(ShapeModel.Structure.class::cast)
                .ifPresent(input -> input.members().forEach((name, member) -> {
                    String onWire = member.locationName().orElse(name);
                    if (member.required() && member.location() == Location.QUERY) {
                        query.append(query.isEmpty() ? "" : "&").append(onWire).append("=x");
                    } else if (member.required() && member.location() == Location.HEADER) {
                        headers.add(onWire, "x");
                    }
                }));
        return route(
                service.summary().signingName(),
                operation.method(),
                path.replaceAll("\\{[^}]*\\}", "x1"),
                query.toString(),
                headers.build(),
                "");
    }

    private static HttpHeaders form() {
        return HttpHeaders.builder()
                .add("content-type", "application/x-www-form-urlencoded; charset=utf-8")
                .build();
    }

    private static Route route(
            String scope, String method, String path, String query, HttpHeaders headers, String form) {
        HttpHeaders signed = headers.toBuilder()
                .add(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/" + scope
                                + "/aws4_request, SignedHeaders=host, Signature=00")
                .build();
        WireRequest request = new WireRequest(method, path, query, signed);
        return ROUTER.route(request, Credentials.of(request), () -> QueryString.parse(form));
    }
}
