package dev.outcrop.services.guardrails;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A model's likeliest short answer. */
final class ModelAnswer {
    static final Constraint ANYTHING = new Constraint.None();

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Sampling LIKELIEST = new Sampling(
            OptionalDouble.of(0),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty());

    private ModelAnswer() {}

    /** @throws dev.outcrop.engines.text.TextModelException as the model fails */
    static String of(TextModel model, Prompt prompt, int longest, Constraint constraint) {
        TextRequest request = new TextRequest(
                prompt,
                LIKELIEST,
                OptionalInt.of(longest),
                List.of(),
                constraint,
                OptionalInt.empty(),
                false,
                PATIENCE,
                Map.of());
        StringBuilder answer = new StringBuilder();
        try (Generation generation = model.generate(request)) {
            while (generation.hasNext()) {
                if (generation.next() instanceof GenerationEvent.Text(String text)) {
                    answer.append(text);
                }
            }
        }
        return answer.toString();
    }
}
