package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.services.bedrockruntime.EmbeddingRoute;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import dev.outcrop.services.bedrockruntime.TextRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Calls model bodies as InvokeModel does, with JSON in and out. Single quotes stand for double ones. */
final class Calls {
    static final ModelFamilies FAMILIES =
            new ModelFamilies(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)), new Random(7));
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Calls() {}

    static TextInvocation invocation(TextModel model, String modelId, String body, boolean streaming) {
        return FAMILIES.text(new TextRoute(modelId, "scripted", model), bytes(body), streaming);
    }

    static InvokedBody invoked(TextModel model, String modelId, String body) {
        return invocation(model, modelId, body, false).invoke();
    }

    static JsonNode invoke(TextModel model, String modelId, String body) {
        return tree(invoked(model, modelId, body).body());
    }

    static List<JsonNode> stream(TextModel model, String modelId, String body) {
        List<JsonNode> chunks = new ArrayList<>();
        invocation(model, modelId, body, true).stream(chunk -> chunks.add(tree(chunk)));
        return chunks;
    }

    static JsonNode embed(EmbeddingModel model, String modelId, String body) {
        return tree(FAMILIES.embedding(new EmbeddingRoute(modelId, "words", model), bytes(body))
                .body());
    }

    static Prompt.Chat chat(ScriptedTextModel model) {
        return (Prompt.Chat) model.request().prompt();
    }

    static byte[] bytes(String body) {
        return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode json(String text) {
        return tree(bytes(text));
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException invalid) {
            throw new UncheckedIOException(invalid);
        }
    }
}
