package dev.outcrop.engines.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Asks models and reads their answers whole. */
public final class Answers {
    /** Always the likeliest token. */
    public static final Sampling GREEDY = sampling(0, 1);

    private Answers() {}

    /** A temperature and a seed. */
    public static Sampling sampling(double temperature, long seed) {
        return new Sampling(
                OptionalDouble.of(temperature),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(seed));
    }

    /** A greedy request for a turn of SmolLM2, written in its template by hand. */
    public static TextRequest turn(String question, int maximumTokens) {
        return raw("<|im_start|>user\n" + question + "<|im_end|>\n<|im_start|>assistant\n", maximumTokens);
    }

    /** A greedy request to continue text. */
    public static TextRequest raw(String text, int maximumTokens) {
        return request(new Prompt.Raw(text), maximumTokens, GREEDY, new TextRequest.Constraint.None(), List.of());
    }

    public static TextRequest request(
            Prompt prompt,
            int maximumTokens,
            Sampling sampling,
            TextRequest.Constraint constraint,
            List<String> stopSequences) {
        return new TextRequest(
                prompt,
                sampling,
                OptionalInt.of(maximumTokens),
                stopSequences,
                constraint,
                OptionalInt.empty(),
                false,
                Duration.ofMinutes(2),
                Map.of());
    }

    /** All events of an answer. */
    public static List<GenerationEvent> read(TextModel model, TextRequest request) {
        List<GenerationEvent> events = new ArrayList<>();
        try (Generation generation = model.generate(request)) {
            generation.forEachRemaining(events::add);
        }
        return events;
    }

    /** The text of an answer. */
    public static String text(List<GenerationEvent> events) {
        return events.stream()
                .filter(GenerationEvent.Text.class::isInstance)
                .map(event -> ((GenerationEvent.Text) event).text())
                .collect(Collectors.joining());
    }

    /** How an answer ended. */
    public static GenerationEvent.Finished finished(List<GenerationEvent> events) {
        return (GenerationEvent.Finished) events.getLast();
    }
}
