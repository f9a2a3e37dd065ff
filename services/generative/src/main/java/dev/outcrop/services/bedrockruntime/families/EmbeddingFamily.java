package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.embedding.EmbeddingModel;

/** A family of embedding models: from its request body to its response body. */
@FunctionalInterface
interface EmbeddingFamily {
    /**
     * Answers a request body.
     *
     * @throws BodyException if the body breaks the family's rules, or asks for what the model cannot do
     * @throws EmbeddingException if the model does not answer
     */
    InvokedBody invoke(byte[] body, EmbeddingModel model, Invocation invocation);
}
