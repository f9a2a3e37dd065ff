/**
 * Amazon Bedrock Runtime: conversations with models, in one shape for all of them or in each family's own.
 *
 * <p>Which installed model answers for a model id is decided by {@link
 * dev.outcrop.services.bedrockruntime.ModelRouting}; the header {@code x-outcrop-model} and the record of the call name
 * it.
 *
 * <p>How this differs from AWS: a document of up to 4.5 MB is read as text, whatever the model, and pictures in it are
 * not seen; {@code anthropic_beta} is taken and changes nothing; there is one service tier; reasoning carries no
 * signature, and redacted reasoning in a conversation is left out.
 *
 * <p>Left out so far. Answered with 501: managed prompts and prompt variables, content from Amazon S3,
 * asynchronous invocation, bidirectional streams. Refused as unsupported by the model: citations, video, audio, system
 * tools, images in tool results, optimized latency.
 *
 * <p>Follows the Amazon Bedrock API Reference and, in the Amazon Bedrock User Guide, "Using the Converse API", "API
 * restrictions", "Use a tool to complete an Amazon Bedrock model response", "Prompt caching for faster model inference",
 * "Monitor your token usage by counting tokens" and "Troubleshooting Amazon Bedrock API Error Codes".
 */
package dev.outcrop.services.bedrockruntime;
