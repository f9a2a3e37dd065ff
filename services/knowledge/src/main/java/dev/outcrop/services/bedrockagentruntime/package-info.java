/** Agents for Amazon Bedrock, run time: retrieval, and answers that rest on it. */
package dev.outcrop.services.bedrockagentruntime;
