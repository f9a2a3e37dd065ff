/**
 * A store in a graph of Neptune Analytics.
 *
 * <p>Source: "Vector similarity algorithms" of the Neptune Analytics guide, and its ExecuteQuery; "Build a knowledge base with Neptune
 * Analytics graphs" of the Bedrock guide. Run in tests against a played server that knows the store's queries.
 */
package dev.outcrop.engines.vectors.neptune;
