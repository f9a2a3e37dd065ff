package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.TextModel;

/**
 * A text model id, resolved.
 *
 * @param modelId     the foundation model that was meant, such as {@code anthropic.claude-3-haiku-20240307-v1:0}, without
 *                    ARN and inference profile; the installed id where the caller asked for an installed model
 * @param installedId the installed model that really answers
 * @param model       that model
 */
public record TextRoute(String modelId, String installedId, TextModel model) {}
