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

/**
 * Mistral AI's text completions: a prompt with {@code [INST]}.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html">Mistral AI
 * text completion</a>.
 */
final class MistralTextFamily implements TextFamily {
    private static final int MAXIMUM_TOP_K = 200;

    /** Defaults and limits, which differ from model to model. */
    private record Limits(double temperature, double topP, OptionalInt topK, int tokens, int maximumTokens) {
        static Limits of(String modelId) {
            if (modelId.contains("mixtral")) {
                return new Limits(0.5, 0.9, OptionalInt.of(50), 512, 4096);
            }
            if (modelId.contains("7b")) {
                return new Limits(0.5, 0.9, OptionalInt.of(50), 512, 8192);
            }
            return new Limits(0.7, 1, OptionalInt.empty(), 8192, 8192);
        }
    }

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        Limits limits = Limits.of(invocation.modelId());
        JsonFields fields = JsonFields.strict(body);
        String prompt = fields.requiredText("prompt");
        OptionalDouble temperature = fields.number("temperature", 0, 1);
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt topK = fields.integer("top_k", 0, MAXIMUM_TOP_K);
        OptionalInt maximum = fields.integer("max_tokens", 1, limits.maximumTokens());
        List<String> stop = fields.strings("stop", 10);
        fields.nothingElse();
        fields.check();
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(limits.temperature())),
                OptionalDouble.of(topP.orElse(limits.topP())),
                topK.isPresent() ? topK : limits.topK(),
                OptionalInt.of(maximum.orElse(limits.tokens())),
                stop);
        return new Written(decoding.request(FamilyPrompts.read(prompt)));
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            return outputs(answer.text(), Optional.of(answer.reason()));
        }

        @Override
        public Chunks chunks() {
            return event -> switch (event) {
                case GenerationEvent.Text(String text) -> List.of(outputs(text, Optional.empty()));
                case Finished finished -> List.of(outputs("", Optional.of(finished.reason())));
                default -> List.of();
            };
        }
    }

    private static ObjectNode outputs(String text, Optional<FinishReason> reason) {
        ObjectNode body = JsonFields.MAPPER.createObjectNode();
        ObjectNode output = body.putArray("outputs").addObject();
        output.put("text", text);
        output.put(
                "stop_reason",
                reason.map(why -> why == FinishReason.MAXIMUM_TOKENS ? "length" : "stop")
                        .orElse(null));
        return body;
    }
}
