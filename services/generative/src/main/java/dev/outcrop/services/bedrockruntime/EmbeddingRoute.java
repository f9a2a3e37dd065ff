package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingModel;

/**
 * An embedding model id, resolved.
 *
 * @param modelId     the foundation model that was meant, such as {@code amazon.titan-embed-text-v2:0}, without ARN and
 *                    inference profile; the installed id where the caller asked for an installed model
 * @param installedId the installed model that really answers
 * @param model       that model
 */
public record EmbeddingRoute(String modelId, String installedId, EmbeddingModel model) {}
