package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each call as a span to an OpenTelemetry collector, in batches, as OTLP over HTTP in JSON. Only made where a
 * collector is configured. Spans are dropped, and counted, when the collector cannot keep up: monitoring must not slow
 * what it watches.
 *
 * <p>Source: "OTLP Specification 1.9.0" and the semantic conventions for RPC and generative AI, opentelemetry.io.
 */
public final class OpenTelemetryTraces implements CallRecorder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetryTraces.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int QUEUE_LENGTH = 8192;
    private static final int LARGEST_BATCH = 512;
    private static final int INTERNAL_KIND = 1;
    private static final int SERVER_KIND = 2;
    private static final int ERROR_STATUS = 2;

    private final JsonFactory json = new JsonFactory();
    private final BlockingQueue<CallRecord> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final LongAdder dropped = new LongAdder();
    private final HttpClient client;
    private final URI traces;
    private final Thread thread;
    private volatile boolean closing;

    /** @param endpoint the collector's address as in OTEL_EXPORTER_OTLP_ENDPOINT, such as {@code http://localhost:4318} */
    public OpenTelemetryTraces(URI endpoint) {
        String base = endpoint.toString();
        traces = URI.create((base.endsWith("/") ? base : base + "/") + "v1/traces");
        client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        thread = Thread.ofVirtual().name("outcrop-traces").start(this::run);
    }

    @Override
    public void record(CallRecord call) {
        if (!queue.offer(call)) {
            dropped.increment();
        }
    }

    /** How many spans the collector never got. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        List<CallRecord> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                CallRecord first = queue.poll(closing ? 0 : 1000, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, LARGEST_BATCH - 1);
                    send(batch);
                }
            } catch (InterruptedException wakened) {
                // Closing: send what is left.
            }
            batch.clear();
        }
    }

    private void send(List<CallRecord> batch) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(traces)
                    .timeout(TIMEOUT)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)))
                    .build();
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() >= 300) {
                lose(batch, "it answered " + response.statusCode());
            }
        } catch (IOException failure) {
            lose(batch, failure.toString());
        }
    }

    private void lose(List<CallRecord> batch, String why) {
        dropped.add(batch.size());
        LOG.warn("the collector {} did not take {} spans: {}", traces, batch.size(), why);
    }

    private byte[] body(List<CallRecord> batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.size() * 512);
        try (JsonGenerator body = json.createGenerator(bytes, JsonEncoding.UTF8)) {
            body.writeStartObject();
            body.writeArrayFieldStart("resourceSpans");
            body.writeStartObject();
            body.writeObjectFieldStart("resource");
            body.writeArrayFieldStart("attributes");
            attribute(body, "service.name", "outcrop");
            body.writeEndArray();
            body.writeEndObject();
            body.writeArrayFieldStart("scopeSpans");
            body.writeStartObject();
            body.writeObjectFieldStart("scope");
            body.writeStringField("name", "dev.outcrop.kernel");
            body.writeEndObject();
            body.writeArrayFieldStart("spans");
            for (CallRecord call : batch) {
                span(body, call);
                modelSpan(body, call);
            }
            body.writeEndArray();
            body.writeEndObject();
            body.writeEndArray();
            body.writeEndObject();
            body.writeEndArray();
            body.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void span(JsonGenerator body, CallRecord call) throws IOException {
        CallContext context = call.context();
        Trace trace = context.trace();
        begin(
                body,
                trace.traceId(),
                trace.spanId(),
                trace.parentId(),
                call.service() + "/" + call.operation(),
                SERVER_KIND,
                context.startedAt(),
                call.durationNanos());
        body.writeArrayFieldStart("attributes");
        attribute(body, "rpc.system", "aws-api");
        attribute(body, "rpc.service", call.service());
        attribute(body, "rpc.method", call.operation());
        attribute(body, "aws.request_id", context.requestId());
        attribute(body, "cloud.account.id", context.account());
        attribute(body, "cloud.region", context.region());
        Metering metering = context.metering();
        Optional<String> model = metering.model();
        if (model.isPresent()) {
            attribute(body, "gen_ai.request.model", model.get());
            attribute(body, "gen_ai.response.model", metering.answeredBy().orElse(model.get()));
        }
        for (Map.Entry<String, Double> amount : metering.amounts().entrySet()) {
            attribute(body, "outcrop.usage." + amount.getKey(), Double.toString(amount.getValue()));
        }
        if (call.failure().isPresent()) {
            attribute(body, "error.type", call.failure().get().code());
        }
        body.writeEndArray();
        if (call.failure().isPresent()) {
            Answer.Failure failure = call.failure().get();
            body.writeObjectFieldStart("status");
            body.writeNumberField("code", ERROR_STATUS);
            body.writeStringField("message", failure.message());
            body.writeEndObject();
        }
        body.writeEndObject();
    }

    /** The part of a call that a model took, as a span below the call's. */
    private static void modelSpan(JsonGenerator body, CallRecord call) throws IOException {
        CallContext context = call.context();
        Metering metering = context.metering();
        Optional<Duration> time = metering.modelTime();
        if (time.isEmpty()) {
            return;
        }
        String model = metering.answeredBy().orElse(metering.model().orElse(""));
        begin(
                body,
                context.trace().traceId(),
                Trace.newSpanId(),
                Optional.of(context.trace().spanId()),
                "generate " + model,
                INTERNAL_KIND,
                context.at(metering.modelAskedNanos()),
                time.get().toNanos());
        body.writeArrayFieldStart("attributes");
        attribute(body, "gen_ai.request.model", metering.model().orElse(""));
        attribute(body, "gen_ai.response.model", model);
        body.writeEndArray();
        body.writeEndObject();
    }

    private static void begin(
            JsonGenerator body,
            String traceId,
            String spanId,
            Optional<String> parentId,
            String name,
            int kind,
            Instant startedAt,
            long nanos)
            throws IOException {
        long start = ChronoUnit.NANOS.between(Instant.EPOCH, startedAt);
        body.writeStartObject();
        body.writeStringField("traceId", traceId);
        body.writeStringField("spanId", spanId);
        if (parentId.isPresent()) {
            body.writeStringField("parentSpanId", parentId.get());
        }
        body.writeStringField("name", name);
        body.writeNumberField("kind", kind);
        body.writeStringField("startTimeUnixNano", Long.toString(start));
        body.writeStringField("endTimeUnixNano", Long.toString(start + nanos));
    }

    private static void attribute(JsonGenerator body, String key, String value) throws IOException {
        body.writeStartObject();
        body.writeStringField("key", key);
        body.writeObjectFieldStart("value");
        body.writeStringField("stringValue", value);
        body.writeEndObject();
        body.writeEndObject();
    }

    /** Sends what was recorded, ten seconds at most, and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TIMEOUT);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
    }
}
