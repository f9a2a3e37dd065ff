package dev.outcrop.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * Stands for Bedrock's models: a text's vector counts its words, so that texts with the same words are near; Converse
 * gives the text back in capitals. Remembers what it was asked.
 */
public final class WordVectors implements BedrockRuntimeClient {
    /** The longest text that is embedded, in words. */
    public static final int LONGEST = 2000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> embedded = new CopyOnWriteArrayList<>();
    private volatile Consumer<String> before = _ -> {};

    /** The texts that were embedded. */
    public List<String> embedded() {
        return embedded;
    }

    /** Has {@code action} run before each text is embedded. */
    public void before(Consumer<String> action) {
        before = action;
    }

    @Override
    public InvokeModelResponse invokeModel(InvokeModelRequest request) {
        JsonNode body = read(request.body().asByteArray());
        ObjectNode answer = JSON.createObjectNode();
        if (body.has("texts")) {
            ArrayNode vectors = answer.putObject("embeddings").putArray("float");
            body.path("texts").forEach(text -> vectors.add(vector(text.asText(), 1024)));
        } else {
            String text = body.path("inputText").asText();
            int words = text.split("\\s+").length;
            if (words > LONGEST) {
                throw ValidationException.builder()
                        .message("400 Bad Request: Too many input tokens. Max input tokens: " + LONGEST
                                + ", request input token count: " + words + " ")
                        .build();
            }
            ArrayNode vector = vector(text, body.path("dimensions").asInt(1024));
            if (body.path("embeddingTypes").path(0).asText().equals("binary")) {
                ArrayNode bits = answer.putObject("embeddingsByType").putArray("binary");
                vector.forEach(value -> bits.add(value.asDouble() > 0.01 ? 1 : 0));
            } else {
                answer.set("embedding", vector);
            }
        }
        return InvokeModelResponse.builder()
                .contentType("application/json")
                .body(SdkBytes.fromUtf8String(answer.toString()))
                .build();
    }

    private ArrayNode vector(String text, int dimension) {
        before.accept(text);
        embedded.add(text);
        float[] counts = new float[dimension];
        counts[0] = 0.01f;
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            counts[Math.floorMod(word.hashCode() * 31, dimension)] += 1;
        }
        ArrayNode vector = JSON.createArrayNode();
        for (float count : counts) {
            vector.add(count);
        }
        return vector;
    }

    @Override
    public ConverseResponse converse(ConverseRequest request) {
        String text = request.messages().getLast().content().getFirst().text();
        return ConverseResponse.builder()
                .output(output -> output.message(message -> message.role(ConversationRole.ASSISTANT)
                        .content(ContentBlock.fromText(text.toUpperCase(Locale.ROOT)))))
                .stopReason("end_turn")
                .usage(usage -> usage.inputTokens(1).outputTokens(1).totalTokens(2))
                .metrics(metrics -> metrics.latencyMs(1L))
                .build();
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
