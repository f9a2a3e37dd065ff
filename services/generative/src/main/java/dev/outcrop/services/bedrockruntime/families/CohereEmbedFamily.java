package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.embedding.Dimensions;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import dev.outcrop.engines.embedding.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Cohere Embed: version 3 with 1,024 values, version 4 with 256, 512, 1,024 or 1,536.
 *
 * <p>What the texts are for ({@code input_type}) changes nothing where the model that answers makes no difference between
 * queries and documents. Images are refused.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html">Cohere Embed
 * v3</a> and <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html">Cohere Embed
 * v4</a>.
 *
 * @param version 3 or 4
 */
record CohereEmbedFamily(int version) implements EmbeddingFamily {
    private static final int MAXIMUM_TEXTS = 96;
    private static final int MAXIMUM_CHARACTERS = 2048;
    private static final List<Integer> DIMENSIONS = List.of(256, 512, 1024, 1536);

    @Override
    public InvokedBody invoke(byte[] body, EmbeddingModel model, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        fields.requiredChoice(
                "input_type", List.of("search_document", "search_query", "classification", "clustering", "image"));
        if (!fields.strings("images", MAXIMUM_TEXTS).isEmpty()) {
            throw noImages(model, invocation);
        }
        List<String> texts = texts(fields, model, invocation);
        Truncation truncation = truncation(fields);
        List<String> types = fields.choices("embedding_types", VectorFormat.names());
        int dimension = dimension(fields);
        OptionalInt budget = version == 4 ? fields.integer("max_tokens", 1, 128_000) : OptionalInt.empty();
        int limit = model.description().maximumTokens();
        if (budget.orElse(limit) < limit
                && texts.stream().anyMatch(text -> model.countTokens(text) > budget.getAsInt())) {
            fields.note("max_tokens", "the model that answers reads " + limit + " tokens and not fewer");
        }
        fields.nothingElse();
        fields.check();
        List<Embedding> embeddings =
                texts.isEmpty() ? List.of() : Dimensions.of(model, dimension).embed(texts, truncation);
        int ownDimension = Math.min(dimension, model.description().dimension());
        int tokens = embeddings.stream().mapToInt(Embedding::tokens).sum();
        ObjectNode answer = JsonFields.MAPPER.createObjectNode();
        answer.put("id", invocation.uuid());
        if (types.isEmpty()) {
            answer.put("response_type", "embeddings_floats");
            answer.set("embeddings", written(embeddings, VectorFormat.FLOAT, ownDimension));
        } else {
            answer.put("response_type", "embeddings_by_type");
            ObjectNode byType = answer.putObject("embeddings");
            for (String type : types) {
                VectorFormat format = VectorFormat.valueOf(type.toUpperCase(Locale.ROOT));
                byType.set(type, written(embeddings, format, ownDimension));
            }
        }
        ArrayNode echo = answer.putArray("texts");
        texts.forEach(echo::add);
        return InvokedBody.embedded(answer, tokens);
    }

    private static ArrayNode written(List<Embedding> embeddings, VectorFormat format, int ownDimension) {
        ArrayNode vectors = JsonFields.MAPPER.createArrayNode();
        embeddings.forEach(embedding -> vectors.add(format.write(embedding.vector(), ownDimension)));
        return vectors;
    }

    private List<String> texts(JsonFields fields, EmbeddingModel model, Invocation invocation) {
        if (version == 4 && fields.has("inputs")) {
            fields.ignore("texts");
            List<String> texts = new ArrayList<>();
            for (JsonFields input : fields.objects("inputs", 1, MAXIMUM_TEXTS)) {
                List<String> parts = new ArrayList<>();
                for (JsonFields part : input.requiredObjects("content")) {
                    if (part.requiredChoice("type", List.of("text", "image_url"))
                            .equals("image_url")) {
                        throw noImages(model, invocation);
                    }
                    parts.add(part.requiredText("text"));
                    part.nothingElse();
                }
                input.nothingElse();
                texts.add(String.join("\n", parts));
            }
            return texts;
        }
        fields.require("texts");
        List<String> texts = fields.strings("texts", MAXIMUM_TEXTS);
        if (version == 3) {
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).length() > MAXIMUM_CHARACTERS) {
                    fields.noteItem(
                            "texts",
                            i,
                            new Violation.Fault.TooLong(
                                    MAXIMUM_CHARACTERS, texts.get(i).length()));
                }
            }
        }
        return texts;
    }

    private Truncation truncation(JsonFields fields) {
        List<String> allowed =
                version == 3 ? List.of("NONE", "START", "END") : List.of("NONE", "LEFT", "RIGHT", "START", "END");
        return switch (fields.choice("truncate", allowed).orElse("NONE")) {
            case "START", "LEFT" -> Truncation.START;
            case "END", "RIGHT" -> Truncation.END;
            default -> Truncation.NONE;
        };
    }

    private int dimension(JsonFields fields) {
        if (version == 3) {
            return 1024;
        }
        OptionalInt asked = fields.integer("output_dimension", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (asked.isPresent() && !DIMENSIONS.contains(asked.getAsInt())) {
            fields.note(
                    "output_dimension",
                    new Violation.Fault.NotOneOf(
                            Integer.toString(asked.getAsInt()),
                            DIMENSIONS.stream().map(String::valueOf).toList()));
        }
        return asked.orElse(1536);
    }

    private static BodyException noImages(EmbeddingModel model, Invocation invocation) {
        return BodyException.refusal("The model " + invocation.modelId() + " is answered for by "
                + model.description().id() + ", which does not embed images. Remove the images and try again.");
    }
}
