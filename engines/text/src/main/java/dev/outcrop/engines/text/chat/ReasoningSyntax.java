package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/**
 * The markers around a model's reasoning.
 *
 * @param open  before
 * @param close after
 */
record ReasoningSyntax(String open, String close) {
    private static final List<ReasoningSyntax> KNOWN = List.of(
            new ReasoningSyntax("<think>", "</think>"),
            new ReasoningSyntax("<|START_THINKING|>", "<|END_THINKING|>"),
            new ReasoningSyntax("[THINK]", "[/THINK]"),
            new ReasoningSyntax("<seed:think>", "</seed:think>"),
            new ReasoningSyntax("<mm:think>", "</mm:think>"),
            new ReasoningSyntax("<think:opensource>", "</think:opensource>"),
            new ReasoningSyntax("<|channel>thought", "<channel|>"),
            new ReasoningSyntax("<|inner_prefix|>", "<|inner_suffix|>"));

    /** The markers that a template shows. */
    static Optional<ReasoningSyntax> of(String template) {
        return KNOWN.stream()
                .filter(known -> template.contains(known.open) || template.contains(known.close))
                .findFirst();
    }

    /** Whether reasoning has begun where a prompt ends. */
    boolean begunIn(String prompt) {
        return prompt.stripTrailing().endsWith(open);
    }
}
