/** Agents for Amazon Bedrock, build time: knowledge bases, data sources, ingestion, prompts. */
package dev.outcrop.services.bedrockagent;
