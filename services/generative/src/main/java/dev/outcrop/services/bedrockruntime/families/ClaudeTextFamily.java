package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Anthropic's text completions, which Claude up to 2.1 and Claude Instant take: turns written as {@code Human:} and
 * {@code Assistant:}.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-text-completion.html">
 * Anthropic Claude Text Completions API</a>.
 */
final class ClaudeTextFamily implements TextFamily {
    private static final String HUMAN = "\n\nHuman:";
    private static final String ASSISTANT = "\n\nAssistant:";
    private static final int MAXIMUM = 4096;

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String prompt = fields.requiredText("prompt");
        int maximum = fields.requiredInteger("max_tokens_to_sample", 0, MAXIMUM);
        OptionalDouble temperature = fields.number("temperature", 0, 1);
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt topK = fields.integer("top_k", 0, 500);
        List<String> stopSequences = new ArrayList<>(fields.strings("stop_sequences", Integer.MAX_VALUE));
        fields.string("anthropic_version");
        fields.nothingElse();
        fields.check();
        if (!prompt.startsWith(HUMAN)) {
            throw BodyException.refusal("Invalid prompt: prompt must start with \"" + escaped(HUMAN) + "\" turn");
        }
        if (!prompt.contains(ASSISTANT)) {
            throw BodyException.refusal("Invalid prompt: prompt must end with \"" + escaped(ASSISTANT) + "\" turn");
        }
        if (!stopSequences.contains(HUMAN)) {
            stopSequences.add(HUMAN);
        }
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(1)),
                OptionalDouble.of(topP.orElse(1)),
                OptionalInt.of(topK.orElse(250)),
                OptionalInt.of(maximum),
                stopSequences);
        return new Written(decoding.request(FamilyPrompts.read(FamilyPrompts.Family.CLAUDE, prompt)));
    }

    private static String escaped(String text) {
        return text.replace("\n", "\\n");
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            return completion(answer.text(), Optional.of(answer.reason()), answer.stopSequence());
        }

        @Override
        public Chunks chunks() {
            return event -> switch (event) {
                case GenerationEvent.Text(String text) -> List.of(completion(text, Optional.empty(), Optional.empty()));
                case Finished finished ->
                    List.of(completion("", Optional.of(finished.reason()), finished.stopSequence()));
                default -> List.of();
            };
        }
    }

    /** To these models the end of a turn is the stop sequence of the next. */
    private static ObjectNode completion(String text, Optional<FinishReason> reason, Optional<String> stopSequence) {
        ObjectNode completion = JsonFields.MAPPER.createObjectNode();
        completion.put("type", "completion");
        completion.put("completion", text);
        if (reason.isEmpty()) {
            completion.putNull("stop_reason");
            completion.putNull("stop");
        } else if (reason.get() == FinishReason.MAXIMUM_TOKENS) {
            completion.put("stop_reason", "max_tokens");
            completion.putNull("stop");
        } else {
            completion.put("stop_reason", "stop_sequence");
            completion.put("stop", stopSequence.orElse(HUMAN));
        }
        return completion;
    }
}
