package dev.outcrop.services.bedrockruntime;

import dev.outcrop.services.invocationlogs.StreamedAnswer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands around calls to models.
 *
 * @param prompts  what conversations may name in a model's place
 * @param streamed where the events of the present call's stream are told, if anybody wants them
 */
public record Surroundings(ManagedPrompts prompts, Supplier<Optional<StreamedAnswer>> streamed) {
    /** Nothing does. */
    public static final Surroundings NONE = new Surroundings(ManagedPrompts.none(), Optional::empty);
}
