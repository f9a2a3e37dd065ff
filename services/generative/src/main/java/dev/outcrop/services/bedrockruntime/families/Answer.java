package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Timings;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A generation that has ended, as a whole.
 *
 * @param content       what was written: text, reasoning and tool calls in their order
 * @param reason        why the model stopped
 * @param stopSequence  the stop sequence met, if one was
 * @param probabilities of the prompt's tokens, if they were asked for, and then of the answer's
 */
public record Answer(
        List<Content> content,
        FinishReason reason,
        Optional<String> stopSequence,
        Usage usage,
        Timings timings,
        List<TokenProbability> probabilities) {
    public Answer {
        content = List.copyOf(content);
        probabilities = List.copyOf(probabilities);
    }

    /**
     * Reads a generation to its end.
     *
     * @throws TextModelException if the model fails
     */
    public static Answer of(Generation generation) {
        Pieces pieces = new Pieces();
        while (generation.hasNext()) {
            Optional<Answer> answer = pieces.add(generation.next());
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new TextModelException(TextModelException.Category.FAILED, "The model stopped without saying why");
    }

    /** The text alone. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Content part : content) {
            if (part instanceof Content.Text(String more)) {
                text.append(more);
            }
        }
        return text.toString();
    }

    /** The reasoning alone. */
    public String reasoning() {
        StringBuilder reasoning = new StringBuilder();
        for (Content part : content) {
            if (part instanceof Content.Reasoning(String more)) {
                reasoning.append(more);
            }
        }
        return reasoning.toString();
    }

    /** The tool calls alone. */
    public List<Content.ToolCall> toolCalls() {
        List<Content.ToolCall> calls = new ArrayList<>();
        for (Content part : content) {
            if (part instanceof Content.ToolCall call) {
                calls.add(call);
            }
        }
        return calls;
    }

    /** An answer being put together, event by event. */
    public static final class Pieces {
        private final List<Content> content = new ArrayList<>();
        private final List<TokenProbability> probabilities = new ArrayList<>();
        private final StringBuilder open = new StringBuilder();
        private Optional<GenerationEvent> kind = Optional.empty();

        /** Adds an event; gives the answer once the last has been added. */
        public Optional<Answer> add(GenerationEvent event) {
            switch (event) {
                case GenerationEvent.Text(String text) -> {
                    if (!(kind.orElse(null) instanceof GenerationEvent.Text)) {
                        begin(event);
                    }
                    open.append(text);
                }
                case GenerationEvent.Reasoning(String text) -> {
                    if (!(kind.orElse(null) instanceof GenerationEvent.Reasoning)) {
                        begin(event);
                    }
                    open.append(text);
                }
                case GenerationEvent.ToolCallStarted _ -> begin(event);
                case GenerationEvent.ToolCallInput(int _, String json) -> open.append(json);
                case GenerationEvent.Probabilities(List<TokenProbability> tokens) -> probabilities.addAll(tokens);
                case Finished(FinishReason reason, Optional<String> stopSequence, Usage usage, Timings timings) -> {
                    end();
                    return Optional.of(new Answer(content, reason, stopSequence, usage, timings, probabilities));
                }
            }
            return Optional.empty();
        }

        private void begin(GenerationEvent first) {
            end();
            kind = Optional.of(first);
        }

        private void end() {
            if (kind.isPresent()) {
                switch (kind.get()) {
                    case GenerationEvent.Text _ -> content.add(new Content.Text(open.toString()));
                    case GenerationEvent.Reasoning _ -> content.add(new Content.Reasoning(open.toString()));
                    case GenerationEvent.ToolCallStarted(int _, String id, String name) ->
                        content.add(new Content.ToolCall(id, name, open.isEmpty() ? "{}" : open.toString()));
                    case GenerationEvent.ToolCallInput _, GenerationEvent.Probabilities _, Finished _ ->
                        throw new IllegalStateException("begins nothing: " + kind.get());
                }
            }
            open.setLength(0);
            kind = Optional.empty();
        }
    }
}
