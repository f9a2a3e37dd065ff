package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.embedding.Dimensions;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.families.JsonFields;
import dev.outcrop.services.bedrockruntime.families.VectorFormat;
import dev.outcrop.services.bedrockruntime.families.Violation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code POST /openai/v1/embeddings}. Texts only: token ids would be those of OpenAI's tokenizers, which the models here
 * do not share.
 */
final class EmbeddingsEndpoint extends ModelEndpoint {
    private static final int MAXIMUM_TEXTS = 2048;

    private final ServedModels models;

    EmbeddingsEndpoint(ServedModels models) {
        super(OPENAI, "POST", "/openai/v1/embeddings", "bedrock:Embeddings", Optional.empty());
        this.models = models;
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        JsonFields fields = JsonFields.lenient(body(exchange));
        String modelId = fields.requiredText("model");
        models.require("bedrock:InvokeModel", OPENAI.bedrockId(modelId));
        fields.require("input");
        List<String> texts = fields.stringOrStrings("input", MAXIMUM_TEXTS);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isEmpty()) {
                fields.noteItem("input", i, new Violation.Fault.TooShort(1, 0));
            }
        }
        boolean base64 = fields.choice("encoding_format", List.of("float", "base64"))
                .orElse("float")
                .equals("base64");
        OptionalInt dimensions = fields.integer("dimensions", 1, 16_384);
        fields.ignore("user");
        fields.nothingElse();
        fields.check();
        EmbeddingModel own = models.embedding(modelId).model();
        EmbeddingModel model = dimensions.isPresent() ? Dimensions.of(own, dimensions.getAsInt()) : own;
        List<Embedding> embeddings = texts.isEmpty() ? List.of() : model.embed(texts);

        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("object", "list");
        ArrayNode data = answer.putArray("data");
        VectorFormat format = base64 ? VectorFormat.BASE64 : VectorFormat.FLOAT;
        int tokens = 0;
        for (Embedding embedding : embeddings) {
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            entry.put("object", "embedding");
            entry.put("index", data.size());
            entry.set(
                    "embedding",
                    format.write(embedding.vector(), own.description().dimension()));
            data.add(entry);
            tokens += embedding.tokens();
        }
        answer.put("model", modelId);
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        ModelUse.used(new Usage(tokens, 0, 0, 0));
        respond(exchange, answer);
    }
}
