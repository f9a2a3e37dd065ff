/**
 * Agents for Amazon Bedrock Runtime: finding what a knowledge base has on a question, answering from it with citations,
 * reranking, queries of structured data, better prompts, and sessions that keep what is said. Agents, flows and their memory
 * are not there yet.
 *
 * <p>Source: the API reference "Agents for Amazon Bedrock Runtime", and "Test your knowledge base with queries and
 * responses" of the Amazon Bedrock user guide.
 */
package dev.outcrop.services.bedrockagentruntime;
