/**
 * The request and response bodies of InvokeModel and InvokeModelWithResponseStream: one class for each family of models,
 * between its JSON and one {@link dev.outcrop.engines.text.TextRequest} or one call of an
 * {@link dev.outcrop.engines.embedding.EmbeddingModel}.
 *
 * <p>{@link dev.outcrop.services.bedrockruntime.families.ModelBodies} is the door. Families of which another API speaks
 * the same JSON (OpenAI's chat completions, Anthropic's messages) are read and written by the same class for both.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html">Inference request
 * parameters and response fields for foundation models</a>.
 */
package dev.outcrop.services.bedrockruntime.families;
