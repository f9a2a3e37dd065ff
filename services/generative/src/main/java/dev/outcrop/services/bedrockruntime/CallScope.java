package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.GenerationEvent.Usage;

/** The call being answered: who asks where, and what is recorded of the answer. */
public interface CallScope {
    /** Account of the caller. */
    String account();

    /** Region that was called. */
    String region();

    /** Says which model answers, in the header {@code x-outcrop-model} and in the record. */
    void answeredBy(String modelId, String installedId);

    /** Records what a generation used. */
    void used(Usage usage);

    /** Records what an embedding used. */
    void embedded(int inputTokens);
}
