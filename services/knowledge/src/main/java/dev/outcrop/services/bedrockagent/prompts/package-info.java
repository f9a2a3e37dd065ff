/**
 * Prompt management: prompts with their variant, draft and numbered versions. A prompt under a key of KMS keeps what it says
 * encrypted under a data key, which is asked for as whoever calls. Prompts of agents answer 501.
 *
 * <p>Source: "Construct and store reusable prompts with Prompt management in Amazon Bedrock", Amazon Bedrock user guide.
 */
package dev.outcrop.services.bedrockagent.prompts;
