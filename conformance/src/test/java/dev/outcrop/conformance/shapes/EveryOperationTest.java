package dev.outcrop.conformance.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.shapes.RecordingHttpClient.Exchange;
import dev.outcrop.conformance.shapes.RecordingHttpClient.Reply;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import dev.outcrop.wire.binding.ErrorAnswer;
import dev.outcrop.wire.binding.HttpBinding;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Route;
import dev.outcrop.wire.route.Router;
import dev.outcrop.wire.signature.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Every operation of every service through the SDK's own client, without a network: what the client sends is routed to
 * that operation and read as that request; what is written of a response or an error reaches the caller as that.
 */
@Execution(ExecutionMode.CONCURRENT)
class EveryOperationTest {
    /** What cannot pass, and why. */
    private static final Map<String, String> EXCEPTIONS =
            Map.of("bedrock-agentcore GetAgentCard", "the SDK does not read documents that are the whole body");

    private static final String STREAM = "a stream of bytes é";
    private static final String MESSAGE = "what went wrong";
    private static final String REQUEST_ID = "a8a3b1c2-0000-4000-8000-000000000001";

    private static final ServiceTables TABLES = new ServiceTables();
    private static final List<SdkService> SERVICES = SdkService.all(TABLES);
    private static final Router ROUTER =
            new Router(TABLES, SERVICES.stream().map(SdkService::toString).toList());

    @Test
    void onlyEventStreamsAndReplacedOperationsHaveNoPlainCall() {
        Set<String> left = new TreeSet<>();
        TABLES.summaries().stream()
                .map(summary -> TABLES.find(summary.id()).orElseThrow())
                .forEach(service -> service.operations().values().stream()
                        .filter(operation -> !operation.inputEventStream() && !operation.outputEventStream())
                        .forEach(operation -> left.add(service.summary().id() + " " + operation.name())));
        assertThat(left).hasSizeGreaterThan(5_900);

        SERVICES.forEach(service -> service.operations().forEach(operation -> left.remove(service + " " + operation)));

        assertThat(left)
                .as("what the SDK for Java leaves out: operations that newer ones replaced long ago, and sync clients")
                .containsExactly(
                        "lambda InvokeAsync",
                        "s3 GetBucketLifecycle",
                        "s3 GetBucketNotification",
                        "s3 PutBucketLifecycle",
                        "s3 PutBucketNotification",
                        "transcribe-streaming GetMedicalScribeStream");
    }

    @TestFactory
    Stream<DynamicTest> requestsArriveEqualAndResponsesComeBackEqual() {
        return SERVICES.stream()
                .map(service -> DynamicTest.dynamicTest(
                        service.toString(), () -> check(service, EveryOperationTest::roundTrips)));
    }

    @TestFactory
    Stream<DynamicTest> errorsArriveAsTheirClasses() {
        return SERVICES.stream()
                .map(service ->
                        DynamicTest.dynamicTest(service.toString(), () -> check(service, EveryOperationTest::errors)));
    }

    private static void check(SdkService service, Check check) throws Exception {
        List<String> failures = new ArrayList<>();
        try (RecordingHttpClient http = new RecordingHttpClient();
                AutoCloseable client = service.newClient(http)) {
            check.of(service, http, client, failures);
        }
        assertThat(failures).as(service.toString()).isEmpty();
    }

    private static void roundTrips(
            SdkService service, RecordingHttpClient http, AutoCloseable client, List<String> failures) {
        for (SdkOperation operation : service.operations()) {
            if (EXCEPTIONS.containsKey(service + " " + operation)) {
                continue;
            }
            try {
                roundTrip(service, operation, http, client, failures);
            } catch (RuntimeException e) {
                failures.add(operation + ": " + e + " caused by " + e.getCause());
            }
        }
    }

    private static void roundTrip(
            SdkService service,
            SdkOperation operation,
            RecordingHttpClient http,
            AutoCloseable client,
            List<String> failures) {
        SampleShapes samples = SampleShapes.of(service.model(), operation.model());
        SdkPojo request = samples.request(operation.model(), operation.newRequest());
        SdkPojo response = samples.response(operation.model(), operation.newResponse(), operation.receivesStream());
        Arrival[] arrival = new Arrival[1];
        http.answerWith(exchange -> {
            arrival[0] = arrive(exchange, operation);
            return arrival[0].answer(response);
        });

        Object answer = operation.call(client, arguments(operation, request));

        Arrival arrived = arrival[0];
        if (!arrived.route.operation().name().equals(operation.model().name())
                || !arrived.route.service().summary().id().equals(service.toString())) {
            failures.add(
                    operation + " went to " + arrived.route.service().summary().id() + " "
                            + arrived.route.operation().name());
        } else {
            Differences.between(request, arrived.request)
                    .forEach(difference -> failures.add(operation + " request: " + difference));
        }
        if (operation.sendsStream() && !new String(arrived.body, StandardCharsets.UTF_8).contains(STREAM)) {
            failures.add(operation + " lost the stream of its request");
        }
        if (answer instanceof ResponseBytes<?> bytes) {
            if (!bytes.asUtf8String().equals(STREAM)) {
                failures.add(operation + " lost the stream of its response");
            }
            answer = bytes.response();
        }
        Differences.between(response, (SdkPojo) answer)
                .forEach(difference -> failures.add(operation + " response: " + difference));
    }

    private static void errors(
            SdkService service, RecordingHttpClient http, AutoCloseable client, List<String> failures) {
        Set<String> seen = new HashSet<>();
        for (SdkOperation operation : service.operations()) {
            SampleShapes samples = SampleShapes.of(service.model(), operation.model());
            SdkPojo request = samples.request(operation.model(), operation.newRequest());
            for (SdkOperation.ModeledError error : operation.errors(service.model())) {
                if (seen.add(error.shape())) {
                    AwsServiceException sent = (AwsServiceException) samples.sample(error.shape(), error.newBuilder());
                    http.answerWith(exchange -> arrive(exchange, operation).refuse(answer(error, sent)));
                    try {
                        operation.call(client, arguments(operation, request));
                        failures.add(operation + " did not fail with " + error);
                    } catch (AwsServiceException received) {
                        compare(service, error, sent, received, failures);
                    }
                }
            }
        }
    }

    private static ErrorAnswer answer(SdkOperation.ModeledError error, AwsServiceException sent) {
        ErrorTrait trait = error.trait();
        return new ErrorAnswer(trait.code(), trait.status(), MESSAGE, trait.fault(), sent, false);
    }

    private static void compare(
            SdkService service,
            SdkOperation.ModeledError error,
            AwsServiceException sent,
            AwsServiceException received,
            List<String> failures) {
        if (received.getClass() != sent.getClass()) {
            if (!sharesCode(service, error)) {
                failures.add(error + " arrived as " + received);
            }
        } else if (!MESSAGE.equals(received.awsErrorDetails().errorMessage())) {
            failures.add(error + " lost its message: " + received);
        } else if (received.statusCode() != error.trait().status()) {
            failures.add(error + " has status " + received.statusCode());
        } else {
            for (ShapeMember member : ShapeFields.of(sent).members()) {
                // Clients take the request's id from its header, whatever the error has of that name.
                boolean compared =
                        member.get(sent).isPresent() && !member.name().equals("RequestId");
                if (compared && !member.get(sent).equals(member.get(received))) {
                    failures.add(error + " lost " + member);
                }
            }
        }
    }

    /** Query clients tell errors by a code that a few services give to several of them: then any of these will do. */
    private static boolean sharesCode(SdkService service, SdkOperation.ModeledError error) {
        String code = error.trait().queryCode().orElse(error.trait().code());
        return service.model().shapes().values().stream()
                        .map(shape -> shape instanceof ShapeModel.Structure structure
                                ? structure.error()
                                : Optional.<ErrorTrait>empty())
                        .flatMap(Optional::stream)
                        .filter(trait -> trait.queryCode().orElse(trait.code()).equals(code))
                        .count()
                > 1;
    }

    private static Object[] arguments(SdkOperation operation, SdkPojo request) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(request);
        if (operation.sendsStream()) {
            arguments.add(RequestBody.fromString(STREAM));
        }
        if (operation.receivesStream()) {
            arguments.add(ResponseTransformer.toBytes());
        }
        return arguments.toArray();
    }

    private static Arrival arrive(Exchange exchange, SdkOperation operation) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        headers.add("host", exchange.request().host());
        exchange.request().forEachHeader((name, values) -> values.forEach(value -> headers.add(name, value)));
        WireRequest head = new WireRequest(
                exchange.request().method().name(),
                exchange.request().encodedPath().isEmpty()
                        ? "/"
                        : exchange.request().encodedPath(),
                exchange.request().encodedQueryParameters().orElse(""),
                headers.build());
        Route route = ROUTER.route(
                head,
                Credentials.of(head),
                () -> QueryString.parse(new String(exchange.body(), StandardCharsets.UTF_8)));
        if (!(route instanceof Route.Found found)) {
            throw new IllegalStateException("no route for " + head + ": " + route);
        }
        HttpBinding binding = new HttpBinding(found.service(), found.operation(), found.protocol());
        SdkPojo builder = operation.newRequest();
        InputStream body =
                operation.sendsStream() ? InputStream.nullInputStream() : new ByteArrayInputStream(exchange.body());
        try {
            binding.readRequest(head, found.labels(), body, builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Arrival(
                found,
                head,
                binding,
                (SdkPojo) ((Buildable) builder).build(),
                exchange.body(),
                operation.receivesStream());
    }

    /** A request that came to its operation. */
    private record Arrival(
            Route.Found route, WireRequest head, HttpBinding binding, SdkPojo request, byte[] body, boolean streams) {
        Reply answer(SdkPojo response) {
            if (streams) {
                return reply(binding.writeHead(response, REQUEST_ID), STREAM.getBytes(StandardCharsets.UTF_8));
            }
            WireResponse written = binding.writeResponse(response, REQUEST_ID);
            return reply(written, head.method().equals("HEAD") ? new byte[0] : written.body());
        }

        Reply refuse(ErrorAnswer error) {
            WireResponse written = binding.writeError(error, REQUEST_ID);
            return reply(written, written.body());
        }

        private static Reply reply(WireResponse head, byte[] body) {
            SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(head.status());
            for (int i = 0; i < head.headers().size(); i++) {
                response.appendHeader(head.headers().name(i), head.headers().value(i));
            }
            if (!head.headers().has("content-length")) {
                response.putHeader("content-length", Integer.toString(body.length));
            }
            return new Reply(response.build(), body);
        }
    }

    /** What is looked at of a service. */
    private interface Check {
        void of(SdkService service, RecordingHttpClient http, AutoCloseable client, List<String> failures);
    }
}
