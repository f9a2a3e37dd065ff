package dev.outcrop.conformance.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.shapes.RecordingHttpClient.Exchange;
import dev.outcrop.conformance.shapes.RecordingHttpClient.Reply;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.QueryCodec;
import dev.outcrop.shapes.codec.QueryParameters;
import dev.outcrop.shapes.codec.ReadLimits;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.utils.builder.Buildable;

/** What the SDK's clients send of a shape is read as that shape, and what is written of a shape they read as that shape. */
@Execution(ExecutionMode.CONCURRENT)
class CodecRoundTripTest {
    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> everyShapePassesUnchanged() {
        return SdkService.all().stream()
                .filter(service -> spoken(service) != Protocol.REST_JSON && spoken(service) != Protocol.REST_XML)
                .map(service -> DynamicTest.dynamicTest(service.toString(), () -> roundTrip(service)));
    }

    private static Protocol spoken(SdkService service) {
        return service.model().summary().protocols().getFirst();
    }

    private static void roundTrip(SdkService service) throws Exception {
        List<String> failures = new ArrayList<>();
        Protocol protocol = spoken(service);
        boolean query = protocol == Protocol.QUERY || protocol == Protocol.EC2_QUERY;
        try (RecordingHttpClient http = new RecordingHttpClient();
                AutoCloseable client = service.newClient(http)) {
            for (SdkOperation operation : service.operations()) {
                SampleShapes samples = new SampleShapes(
                        service.model(), operation.model().name().hashCode(), !query);
                SdkPojo request = operation.model().input().isPresent()
                        ? samples.sample(operation.model().input().get(), operation.newRequest())
                        : (SdkPojo) ((Buildable) operation.newRequest()).build();
                SdkPojo response = operation.model().output().isPresent()
                        ? samples.sample(operation.model().output().get(), operation.newResponse())
                        : (SdkPojo) ((Buildable) operation.newResponse()).build();
                SdkPojo[] received = new SdkPojo[1];
                http.answerWith(exchange -> {
                    received[0] = (SdkPojo) ((Buildable) read(protocol, exchange, operation.newRequest())).build();
                    return write(service, protocol, exchange, operation, response);
                });
                try {
                    Object answer = operation.call(client, request);
                    if (!request.equalsBySdkFields(received[0])) {
                        failures.add(operation + " request: " + Differences.between(request, received[0]));
                    }
                    if (!response.equalsBySdkFields(answer)) {
                        failures.add(operation + " response: " + Differences.between(response, answer));
                    }
                } catch (RuntimeException e) {
                    failures.add(operation + " " + e + " " + e.getCause());
                }
            }
        }
        assertThat(failures).as(service.toString()).isEmpty();
    }

    private static SdkPojo read(Protocol protocol, Exchange exchange, SdkPojo builder) {
        return switch (protocol) {
            case JSON -> codec(exchange).read(exchange.body(), builder);
            case QUERY -> QueryCodec.QUERY.read(parameters(exchange), builder);
            case EC2_QUERY -> QueryCodec.EC2.read(parameters(exchange), builder);
            case RPC_V2_CBOR, REST_JSON, REST_XML ->
                throw new IllegalArgumentException(protocol + " is not meant here");
        };
    }

    private static StructuredCodec codec(Exchange exchange) {
        String type = exchange.request().firstMatchingHeader("Content-Type").orElseThrow();
        return type.startsWith(StructuredCodec.AWS_CBOR.mediaType()) ? StructuredCodec.AWS_CBOR : StructuredCodec.JSON;
    }

    private static QueryParameters parameters(Exchange exchange) {
        return QueryParameters.parse(exchange.body(), ReadLimits.DEFAULT);
    }

    private static Reply write(
            SdkService service, Protocol protocol, Exchange exchange, SdkOperation operation, SdkPojo response) {
        BodyBuffer body = new BodyBuffer();
        ServiceSummary summary = service.model().summary();
        String name = operation.model().name();
        switch (protocol) {
            case JSON -> body.write(codec(exchange).write(response));
            case QUERY ->
                XmlCodec.XML.writeQueryResponse(
                        response, name, operation.model().resultWrapper(), summary.xmlNamespace(), "id", body);
            case EC2_QUERY -> XmlCodec.XML.writeEc2Response(response, name, summary.xmlNamespace(), "id", body);
            case RPC_V2_CBOR, REST_JSON, REST_XML ->
                throw new IllegalArgumentException(protocol + " is not meant here");
        }
        return new Reply(SdkHttpResponse.builder().statusCode(200).build(), body.toByteArray());
    }
}
