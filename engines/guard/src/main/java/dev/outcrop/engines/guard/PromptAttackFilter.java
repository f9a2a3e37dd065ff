package dev.outcrop.engines.guard;

/**
 * Tells jailbreaks and prompt injections: texts that would have a model forget what it was told, play one that has no
 * rules, or give away its instructions. Safe for concurrent use.
 */
public interface PromptAttackFilter {
    /** How sure it is that {@code text}, or a part of it, is an attack. Meant for what users write, not for answers. */
    Confidence assess(String text);

    /** How probable it is that {@code text}, or a part of it, is an attack: 0 to 1. */
    double probability(String text);
}
