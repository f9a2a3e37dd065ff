package dev.outcrop.engines.text;

import java.util.Set;

/**
 * What a text model is and can do.
 *
 * @param id            the id it is installed under
 * @param contextLength tokens of prompt and answer together
 * @param capabilities  what it can do beyond continuing text
 */
public record TextModelDescription(String id, int contextLength, Set<Capability> capabilities) {
    public TextModelDescription {
        capabilities = Set.copyOf(capabilities);
    }

    /** What some text models can do and others cannot. */
    public enum Capability {
        /** Has a chat template, so that it takes turns. */
        CHAT,
        /** Its chat template has a place for tools. */
        TOOLS,
        /** Sees images. */
        IMAGES,
        /** Writes its reasoning apart from its answer. */
        REASONING,
        /** Output can be constrained by a grammar or a JSON Schema. */
        CONSTRAINTS,
        /** Gives the logarithms of token probabilities. */
        LOG_PROBABILITIES
    }
}
