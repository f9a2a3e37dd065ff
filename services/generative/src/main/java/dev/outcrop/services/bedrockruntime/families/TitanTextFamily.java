package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * Amazon Titan Text.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html">Amazon Titan
 * Text models</a>.
 */
final class TitanTextFamily implements TextFamily {
    private static final int DEFAULT_MAXIMUM = 512;

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String text = fields.requiredText("inputText");
        Optional<JsonFields> configuration = fields.object("textGenerationConfig");
        OptionalDouble temperature = OptionalDouble.empty();
        OptionalDouble topP = OptionalDouble.empty();
        OptionalInt maximum = OptionalInt.empty();
        List<String> stopSequences = List.of();
        if (configuration.isPresent()) {
            JsonFields given = configuration.get();
            temperature = given.number("temperature", 0, 1);
            topP = given.number("topP", 0, 1);
            maximum = given.integer("maxTokenCount", 0, maximumTokens(invocation.modelId()));
            stopSequences = given.strings("stopSequences", Integer.MAX_VALUE);
            given.nothingElse();
        }
        fields.nothingElse();
        fields.check();
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(0.7)),
                OptionalDouble.of(topP.orElse(0.9)),
                OptionalInt.empty(),
                OptionalInt.of(maximum.orElse(DEFAULT_MAXIMUM)),
                stopSequences);
        return new Written(decoding.request(FamilyPrompts.read(FamilyPrompts.Family.TITAN, text)));
    }

    private static int maximumTokens(String modelId) {
        if (modelId.contains("lite")) {
            return 4096;
        }
        return modelId.contains("premier") ? 3072 : 8192;
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            ObjectNode body = JsonFields.MAPPER.createObjectNode();
            body.put("inputTextTokenCount", answer.usage().inputTokens());
            ObjectNode result = body.putArray("results").addObject();
            result.put("tokenCount", answer.usage().outputTokens());
            result.put("outputText", answer.text());
            result.put("completionReason", completionReason(answer.reason()));
            return body;
        }

        @Override
        public Chunks chunks() {
            return new TitanChunks();
        }
    }

    private static String completionReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN, TOOL_CALL -> "FINISH";
            case MAXIMUM_TOKENS -> "LENGTH";
            case STOP_SEQUENCE -> "STOP_CRITERIA_MET";
            case CONTENT_FILTERED -> "CONTENT_FILTERED";
        };
    }

    /** Totals stand in the last chunk only. */
    private static final class TitanChunks implements Exchange.Chunks {
        private int promptTokens;

        @Override
        public List<ObjectNode> begin(IntSupplier inputTokens) {
            promptTokens = inputTokens.getAsInt();
            return List.of();
        }

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.Text(String text) -> {
                    ObjectNode chunk = chunk(text, promptTokens);
                    chunk.putNull("totalOutputTextTokenCount");
                    chunk.putNull("completionReason");
                    yield List.of(chunk);
                }
                case Finished finished -> {
                    ObjectNode chunk = chunk("", finished.usage().inputTokens());
                    chunk.put("totalOutputTextTokenCount", finished.usage().outputTokens());
                    chunk.put("completionReason", completionReason(finished.reason()));
                    yield List.of(chunk);
                }
                default -> List.of();
            };
        }

        private static ObjectNode chunk(String text, int promptTokens) {
            ObjectNode chunk = JsonFields.MAPPER.createObjectNode();
            chunk.put("outputText", text);
            chunk.put("index", 0);
            chunk.put("inputTextTokenCount", promptTokens);
            return chunk;
        }
    }
}
