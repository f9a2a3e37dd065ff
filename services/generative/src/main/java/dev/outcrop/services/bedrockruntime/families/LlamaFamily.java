package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * Meta Llama: a prompt in Llama's own template, and the text that continues it.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html">Meta Llama
 * models</a>.
 */
final class LlamaFamily implements TextFamily {
    private static final int DEFAULT_MAXIMUM = 512;
    private static final int MAXIMUM = 2048;

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String prompt = fields.requiredText("prompt");
        OptionalDouble temperature = fields.number("temperature", 0, 1);
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt maximum = fields.integer("max_gen_len", 1, MAXIMUM);
        if (!fields.strings("images", 10).isEmpty()) {
            fields.note("images", "images are read by the Converse operations only");
        }
        fields.nothingElse();
        fields.check();
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(0.5)),
                OptionalDouble.of(topP.orElse(0.9)),
                OptionalInt.empty(),
                OptionalInt.of(maximum.orElse(DEFAULT_MAXIMUM)),
                List.of());
        return new Written(decoding.request(FamilyPrompts.read(prompt)));
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            ObjectNode body = JsonFields.MAPPER.createObjectNode();
            body.put("generation", answer.text());
            body.put("prompt_token_count", answer.usage().inputTokens());
            body.put("generation_token_count", answer.usage().outputTokens());
            body.put("stop_reason", stopReason(answer.reason()));
            return body;
        }

        @Override
        public Chunks chunks() {
            return new LlamaChunks();
        }
    }

    private static String stopReason(FinishReason reason) {
        return reason == FinishReason.MAXIMUM_TOKENS ? "length" : "stop";
    }

    /** Only the first chunk tells the prompt's tokens, and only the last why it stopped. */
    private static final class LlamaChunks implements Exchange.Chunks {
        private OptionalInt promptTokens = OptionalInt.empty();
        private int written;

        @Override
        public List<ObjectNode> begin(IntSupplier inputTokens) {
            promptTokens = OptionalInt.of(inputTokens.getAsInt());
            return List.of();
        }

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.Text(String text) -> List.of(chunk(text, ++written));
                case Finished finished -> {
                    ObjectNode last = chunk("", finished.usage().outputTokens());
                    last.put("stop_reason", stopReason(finished.reason()));
                    yield List.of(last);
                }
                default -> List.of();
            };
        }

        private ObjectNode chunk(String text, int tokens) {
            ObjectNode chunk = JsonFields.MAPPER.createObjectNode();
            chunk.put("generation", text);
            if (promptTokens.isPresent()) {
                chunk.put("prompt_token_count", promptTokens.getAsInt());
                promptTokens = OptionalInt.empty();
            } else {
                chunk.putNull("prompt_token_count");
            }
            chunk.put("generation_token_count", tokens);
            chunk.putNull("stop_reason");
            return chunk;
        }
    }
}
