/**
 * Agents for Amazon Bedrock Runtime: finding what a knowledge base has on a question, answering from it with citations,
 * reranking, and sessions that keep what is said. Agents, flows, their memory, and the optimization of prompts are not
 * there yet.
 *
 * <p>Source: the API reference "Agents for Amazon Bedrock Runtime", and "Test your knowledge base with queries and
 * responses" of the Amazon Bedrock user guide.
 */
package dev.outcrop.services.bedrockagentruntime;
