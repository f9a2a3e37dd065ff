package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.TextRequest;
import java.util.List;

/**
 * A grammar that holds only once the model has begun a tool call, so that it stays free to answer in text.
 *
 * @param triggers texts, any of which begins a call; the grammar holds for what follows the first that is written
 * @param grammar  for the output right after the trigger
 */
public record TriggeredGrammar(List<String> triggers, TextRequest.Constraint.Grammar grammar) {
    public TriggeredGrammar {
        triggers = List.copyOf(triggers);
    }
}
