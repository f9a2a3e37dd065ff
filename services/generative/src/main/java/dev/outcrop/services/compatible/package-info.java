/**
 * OpenAI's and Anthropic's own HTTP interfaces over the same models as Amazon Bedrock's: {@code /openai/v1/…} and
 * {@code /anthropic/v1/…}.
 *
 * <p>A model is named by any id that Amazon Bedrock's operations take, and at Anthropic's interface also by Anthropic's
 * own, such as {@code claude-3-5-sonnet-20241022}. What an interface has beyond chat completions, embeddings, models,
 * messages and their tokens is left out.
 *
 * <p>Source: OpenAI's API reference; Anthropic's API reference; <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html">Invoke a model with the
 * OpenAI Chat Completions API</a>.
 */
package dev.outcrop.services.compatible;
