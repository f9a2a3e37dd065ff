package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenTelemetryTracesTest {
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @Test
    void sendsEachCallAsASpan() throws IOException {
        HttpServer collector = collector(200);

        try (OpenTelemetryTraces traces = new OpenTelemetryTraces(address(collector))) {
            traces.record(call(Optional.empty()));
        } finally {
            collector.stop(0);
        }

        assertThat(bodies)
                .singleElement()
                .asString()
                .contains("\"name\":\"bedrock/Converse\"")
                .contains("\"startTimeUnixNano\":\"1767268800250000000\",\"endTimeUnixNano\":\"1767268800252000000\"")
                .contains("{\"key\":\"gen_ai.response.model\",\"value\":{\"stringValue\":\"qwen\"}}");
    }

    @Test
    void spansStandBelowTheCallersAndAboveTheModels() throws IOException {
        HttpServer collector = collector(200);
        CallRecord call = call(Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        try (OpenTelemetryTraces traces = new OpenTelemetryTraces(address(collector))) {
            traces.record(call);
        } finally {
            collector.stop(0);
        }

        String span = call.context().trace().spanId();
        assertThat(bodies)
                .singleElement()
                .asString()
                .contains("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"" + span
                        + "\",\"parentSpanId\":\"b7ad6b7169203331\",\"name\":\"bedrock/Converse\"")
                .contains("\"parentSpanId\":\"" + span + "\",\"name\":\"generate qwen\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
            })
    void aMalformedParentBeginsANewTrace(String traceParent) {
        CallRecord call = call(Optional.of(traceParent));

        assertThat(call.context().trace().parentId()).isEmpty();
        assertThat(call.context().trace().traceId()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
    }

    @Test
    void countsWhatTheCollectorDoesNotTake() throws IOException {
        HttpServer collector = collector(503);
        OpenTelemetryTraces traces = new OpenTelemetryTraces(address(collector));

        traces.record(call(Optional.empty()));
        traces.close();
        collector.stop(0);

        assertThat(traces.dropped()).isEqualTo(1);
    }

    private HttpServer collector(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static CallRecord call(Optional<String> traceParent) {
        CallContext context = CallContext.builder()
                .principal(Principal.root("111122223333", Optional.empty()))
                .requestId("1")
                .startedAt(Instant.parse("2026-01-01T12:00:00.250Z"))
                .traceParent(traceParent)
                .build();
        context.metering().model("claude", "qwen");
        context.metering().outputTokens(5);
        return new CallRecord(
                context, "bedrock", "Converse", Optional.empty(), Optional.empty(), Optional.empty(), 2_000_000);
    }
}
