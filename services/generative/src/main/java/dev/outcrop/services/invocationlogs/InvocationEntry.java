package dev.outcrop.services.invocationlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Metering;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.storage.Objects;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.bedrock.model.LoggingConfig;
import software.amazon.awssdk.services.bedrock.model.S3Config;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;

/**
 * What is written down of one invocation: the record in AWS's format, where it is to be delivered, and what is too large to
 * stand in it, which is kept as objects of the house until it is delivered.
 *
 * <p>Source: "Monitor model invocation using CloudWatch Logs and Amazon S3", Amazon Bedrock user guide, for the record's
 * fields and the keys of objects.
 */
final class InvocationEntry {
    /** Longer bodies are delivered as objects of their own, in bytes. */
    static final int LARGEST_BODY = 100 << 10;

    private static final String JSON_TYPE = "application/json";
    private static final long LARGEST_OBJECT = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> MEDIA = Set.of("image", "document", "video");
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final CallRecord call;
    private final LoggingConfig configuration;
    private final Optional<JsonNode> streamed;
    private final boolean embedding;
    private final Objects objects;
    private final ObjectNode entry = JSON.createObjectNode();

    /**
     * An entry.
     *
     * @param streamed  the body of an answer that was streamed
     * @param embedding whether the model makes embeddings
     */
    InvocationEntry(
            CallRecord call,
            LoggingConfig configuration,
            Optional<JsonNode> streamed,
            boolean embedding,
            Objects objects) {
        this.call = call;
        this.configuration = configuration;
        this.streamed = streamed;
        this.embedding = embedding;
        this.objects = objects;
    }

    /** The entry as JSON. */
    byte[] write() throws IOException {
        CallContext context = call.context();
        entry.put("region", context.region());
        if (configuration.s3Config() != null) {
            entry.set("s3", destination(configuration.s3Config()));
        }
        if (configuration.cloudWatchConfig() != null) {
            ObjectNode logs = entry.putObject("logs")
                    .put("group", configuration.cloudWatchConfig().logGroupName())
                    .put("role", configuration.cloudWatchConfig().roleArn());
            if (configuration.cloudWatchConfig().largeDataDeliveryS3Config() != null) {
                logs.set("large", destination(configuration.cloudWatchConfig().largeDataDeliveryS3Config()));
            }
        }
        ObjectNode record = entry.putObject("record")
                .put(
                        "timestamp",
                        context.startedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("accountId", context.account());
        record.putObject("identity").put("arn", context.principal().arn());
        record.put("region", context.region())
                .put("requestId", context.requestId())
                .put("operation", call.operation())
                .put("modelId", text(call.request().orElseThrow(), "modelId").orElse(""));
        call.failure().map(Answer.Failure::code).ifPresent(code -> record.put("errorCode", code));
        context.metering().answeredBy().ifPresent(model -> record.put("outcropModel", model));
        boolean bodies = isOn(
                embedding ? configuration.embeddingDataDeliveryEnabled() : configuration.textDataDeliveryEnabled());
        Map<String, Double> amounts = context.metering().amounts();
        ObjectNode input = record.putObject("input").put("inputContentType", JSON_TYPE);
        if (bodies) {
            put(input, "input", inputBody());
        }
        count(input, "inputTokenCount", amounts.get(Metering.INPUT_TOKENS));
        count(input, "cacheReadInputTokenCount", amounts.get(Metering.CACHE_READ_INPUT_TOKENS));
        count(input, "cacheWriteInputTokenCount", amounts.get(Metering.CACHE_WRITE_INPUT_TOKENS));
        Optional<JsonNode> answer = outputBody();
        if (answer.isPresent()) {
            ObjectNode output = record.putObject("output").put("outputContentType", JSON_TYPE);
            if (bodies) {
                put(output, "output", answer.get());
            }
            count(output, "outputTokenCount", amounts.get(Metering.OUTPUT_TOKENS));
        }
        record.put("inferenceRegion", context.region());
        requestMetadata().ifPresent(metadata -> record.set("requestMetadata", metadata));
        record.put("schemaType", "ModelInvocationLog").put("schemaVersion", "1.0");
        return JSON.writeValueAsBytes(entry);
    }

    private static ObjectNode destination(S3Config destination) {
        return JSON.createObjectNode()
                .put("bucket", destination.bucketName())
                .put("prefix", destination.keyPrefix() == null ? "" : destination.keyPrefix());
    }

    private static void count(ObjectNode side, String name, Double amount) {
        if (amount != null) {
            side.put(name, amount.longValue());
        }
    }

    /** A switch that nobody has set is on. */
    private static boolean isOn(Boolean delivered) {
        return !Boolean.FALSE.equals(delivered);
    }

    private static Optional<String> text(SdkPojo shape, String member) {
        return shape instanceof SdkRequest request ? request.getValueForField(member, String.class) : Optional.empty();
    }

    private JsonNode inputBody() throws IOException {
        SdkRequest request = call.request().orElseThrow();
        return switch (request) {
            case InvokeModelRequest invocation -> body(invocation.body());
            case InvokeModelWithResponseStreamRequest invocation -> body(invocation.body());
            default -> {
                ObjectNode body = (ObjectNode) JSON.readTree(StructuredCodec.JSON.write(request));
                body.remove("requestMetadata");
                takeMedia(body);
                yield body;
            }
        };
    }

    private Optional<JsonNode> outputBody() throws IOException {
        if (streamed.isPresent()) {
            return streamed;
        }
        Optional<SdkResponse> response = call.response();
        if (response.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                response.get() instanceof InvokeModelResponse answer
                        ? body(answer.body())
                        : JSON.readTree(StructuredCodec.JSON.write(response.get())));
    }

    /** The body of an invocation; what is no JSON is told as a text. */
    private static JsonNode body(SdkBytes bytes) {
        if (bytes == null) {
            return JSON.nullNode();
        }
        try {
            return JSON.readTree(bytes.asByteArrayUnsafe());
        } catch (IOException notJson) {
            return JSON.getNodeFactory().textNode(new String(bytes.asByteArrayUnsafe(), UTF_8));
        }
    }

    private Optional<JsonNode> requestMetadata() throws IOException {
        SdkRequest request = call.request().orElseThrow();
        Optional<?> metadata = request.getValueForField("requestMetadata", Map.class);
        return metadata.filter(map -> !((Map<?, ?>) map).isEmpty()).map(JSON::valueToTree);
    }

    private void put(ObjectNode side, String name, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        if (bytes.length <= LARGEST_BODY) {
            side.set(name + "BodyJson", body);
        } else {
            entry.put(name + "Object", keep(bytes));
        }
    }

    private String keep(byte[] bytes) throws IOException {
        return objects.write(new ByteArrayInputStream(bytes), LARGEST_OBJECT).id();
    }

    /** Takes images, documents and videos out of a conversation: they go to S3 beside its record, if they go anywhere. */
    private void takeMedia(JsonNode node) throws IOException {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (MEDIA.contains(member.getKey())
                    && member.getValue().path("source").path("bytes").isTextual()) {
                takeMedium(member.getKey(), (ObjectNode) member.getValue());
            } else {
                takeMedia(member.getValue());
            }
        }
        for (JsonNode element : node instanceof ArrayNode list ? list : JSON.createArrayNode()) {
            takeMedia(element);
        }
    }

    private void takeMedium(String kind, ObjectNode medium) throws IOException {
        byte[] bytes =
                Base64.getDecoder().decode(medium.path("source").path("bytes").asText());
        ObjectNode source = medium.putObject("source");
        Optional<S3Config> destination = Optional.ofNullable(configuration.s3Config())
                .or(() -> Optional.ofNullable(configuration.cloudWatchConfig())
                        .map(logs -> logs.largeDataDeliveryS3Config()));
        boolean wanted = isOn(
                kind.equals("video")
                        ? configuration.videoDataDeliveryEnabled()
                        : configuration.imageDataDeliveryEnabled());
        if (destination.isEmpty() || !wanted) {
            return;
        }
        CallContext context = call.context();
        ArrayNode attachments = entry.withArray("attachments");
        String key = dataKey(
                LoggingSettings.folder(destination.get(), context.account()),
                context.region(),
                context.startedAt(),
                context.requestId() + "_input_" + attachments.size() + "."
                        + medium.path("format").asText("bin").replaceAll("[^a-z0-9_]", ""));
        attachments
                .addObject()
                .put("object", keep(bytes))
                .put("bucket", destination.get().bucketName())
                .put("key", key);
        source.putObject("s3Location").put("uri", "s3://" + destination.get().bucketName() + "/" + key);
    }

    /** The folder of an hour's records. */
    static String hourFolder(String folder, String region, Instant time) {
        return folder + region + "/" + HOUR.format(time) + "/";
    }

    /** The key of what is delivered beside the records. */
    static String dataKey(String folder, String region, Instant time, String name) {
        return hourFolder(folder, region, time) + "data/" + name;
    }

    /** The entry that was written. */
    static ObjectNode read(byte[] json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException damaged) {
            throw new UncheckedIOException("an entry of an invocation cannot be read", damaged);
        }
    }
}
