/**
 * A store in Redis with its search module.
 *
 * <p>Source: "Vector search concepts" and "FT.SEARCH" of Redis' documentation; "Redis serialization protocol specification"; "Prerequisites
 * for using a vector store you created for a knowledge base" of the Bedrock guide. Run in tests against a played server that speaks these commands.
 */
package dev.outcrop.engines.vectors.redis;
