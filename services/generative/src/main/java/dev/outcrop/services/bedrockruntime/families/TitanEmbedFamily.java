package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.embedding.Dimensions;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import java.util.List;
import java.util.OptionalInt;

/**
 * Amazon Titan Embeddings: G1 with 1,536 values, V2 with 1,024, 512 or 256, and in V2's shape installed models under
 * their own ids, with as many values as they have.
 *
 * <p>Vectors are of unit length also where {@code normalize} is false, which allows any length.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html">Amazon Titan
 * Embeddings G1 - Text</a>.
 *
 * @param version what of the two the model is, or else an installed one
 */
record TitanEmbedFamily(Version version) implements EmbeddingFamily {
    private static final int MAXIMUM_CHARACTERS = 50_000;
    private static final List<Integer> DIMENSIONS = List.of(256, 512, 1024);

    /** Versions, which differ in what may be asked for. */
    enum Version {
        G1,
        V2,
        INSTALLED
    }

    @Override
    public InvokedBody invoke(byte[] body, EmbeddingModel model, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String text = fields.requiredText("inputText");
        if (text.length() > MAXIMUM_CHARACTERS) {
            fields.note("inputText", new Violation.Fault.TooLong(MAXIMUM_CHARACTERS, text.length()));
        }
        int dimension = version == Version.G1
                ? 1536
                : version == Version.V2 ? 1024 : model.description().dimension();
        List<String> types = List.of();
        if (version != Version.G1) {
            OptionalInt asked = fields.integer("dimensions", Integer.MIN_VALUE, Integer.MAX_VALUE);
            if (asked.isPresent() && !DIMENSIONS.contains(asked.getAsInt()) && asked.getAsInt() != dimension) {
                fields.note(
                        "dimensions",
                        new Violation.Fault.NotOneOf(
                                Integer.toString(asked.getAsInt()),
                                DIMENSIONS.stream().map(String::valueOf).toList()));
            }
            dimension = asked.orElse(dimension);
            fields.flag("normalize");
            types = fields.choices("embeddingTypes", List.of("float", "binary"));
        }
        fields.nothingElse();
        fields.check();
        int limit = model.description().maximumTokens();
        int tokens = model.countTokens(text);
        if (tokens > limit) {
            throw BodyException.refusal("400 Bad Request: Too many input tokens. Max input tokens: " + limit
                    + ", request input token count: " + tokens + " ");
        }
        Embedding embedding =
                Dimensions.of(model, dimension).embed(List.of(text)).getFirst();
        float[] vector = embedding.vector();
        ObjectNode answer = JsonFields.MAPPER.createObjectNode();
        boolean floats = types.isEmpty() || types.contains("float");
        if (floats) {
            answer.set("embedding", VectorFormat.FLOAT.write(vector, vector.length));
        }
        if (version != Version.G1) {
            ObjectNode byType = answer.putObject("embeddingsByType");
            if (types.contains("binary")) {
                byType.set("binary", bits(vector));
            }
            if (floats) {
                byType.set("float", answer.get("embedding"));
            }
        }
        answer.put("inputTextTokenCount", embedding.tokens());
        return InvokedBody.embedded(answer, embedding.tokens());
    }

    /** Titan gives each bit a number of its own. */
    private static ArrayNode bits(float[] vector) {
        ArrayNode bits = JsonFields.MAPPER.createArrayNode();
        for (float value : vector) {
            bits.add(value > 0 ? 1 : 0);
        }
        return bits;
    }
}
