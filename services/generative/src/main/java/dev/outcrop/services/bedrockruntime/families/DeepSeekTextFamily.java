package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * DeepSeek-R1: a prompt in its own template, which ends where the reasoning begins, so that the text which continues it
 * is the reasoning, {@code </think>}, and the answer.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html">DeepSeek
 * models</a>.
 */
final class DeepSeekTextFamily implements TextFamily {
    private static final String BEGINNING_OF_REASONING = "<think>";
    private static final String END_OF_REASONING = "\n</think>\n\n";
    private static final int MAXIMUM = 32_768;

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String prompt = fields.requiredText("prompt");
        OptionalDouble temperature = fields.number("temperature", 0, 1);
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt maximum = fields.integer("max_tokens", 1, MAXIMUM);
        List<String> stop = fields.strings("stop", 10);
        fields.nothingElse();
        fields.check();
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(0.5)),
                OptionalDouble.of(topP.orElse(0.9)),
                OptionalInt.empty(),
                OptionalInt.of(maximum.orElse(512)),
                stop);
        return new Written(decoding.request(reasoning(prompt)));
    }

    /** The turns, to be answered with reasoning: whose beginning the template writes is not a turn. */
    private static Prompt reasoning(String prompt) {
        String turns = prompt.stripTrailing();
        if (turns.endsWith(BEGINNING_OF_REASONING)) {
            turns = turns.substring(0, turns.length() - BEGINNING_OF_REASONING.length());
        }
        Prompt.Chat chat = FamilyPrompts.read(FamilyPrompts.Family.DEEPSEEK, turns);
        return new Prompt.Chat(chat.messages(), chat.tools(), chat.toolChoice(), true);
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            String reasoning = answer.reasoning();
            return choices(
                    reasoning.isEmpty() ? answer.text() : reasoning + END_OF_REASONING + answer.text(),
                    Optional.of(answer.reason()));
        }

        @Override
        public Chunks chunks() {
            return new DeepSeekChunks();
        }
    }

    private static final class DeepSeekChunks implements Exchange.Chunks {
        private boolean reasoning;

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.Reasoning(String text) -> {
                    reasoning = true;
                    yield List.of(choices(text, Optional.empty()));
                }
                case GenerationEvent.Text(String text) -> {
                    List<ObjectNode> chunks = new ArrayList<>(endOfReasoning());
                    chunks.add(choices(text, Optional.empty()));
                    yield chunks;
                }
                case Finished finished -> {
                    List<ObjectNode> chunks = new ArrayList<>(endOfReasoning());
                    chunks.add(choices("", Optional.of(finished.reason())));
                    yield chunks;
                }
                default -> List.of();
            };
        }

        private List<ObjectNode> endOfReasoning() {
            if (!reasoning) {
                return List.of();
            }
            reasoning = false;
            return List.of(choices(END_OF_REASONING, Optional.empty()));
        }
    }

    private static ObjectNode choices(String text, Optional<FinishReason> reason) {
        ObjectNode body = JsonFields.MAPPER.createObjectNode();
        ObjectNode choice = body.putArray("choices").addObject();
        choice.put("text", text);
        choice.put(
                "stop_reason",
                reason.map(why -> why == FinishReason.MAXIMUM_TOKENS ? "length" : "stop")
                        .orElse(null));
        return body;
    }
}
