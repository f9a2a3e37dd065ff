/**
 * A store in an index of Pinecone.
 *
 * <p>Source: "Data plane API" of Pinecone's reference, version 2025-04; "Prerequisites for using a vector store you created for a
 * knowledge base" of the Bedrock guide. Run in tests against a played server that speaks these requests.
 */
package dev.outcrop.engines.vectors.pinecone;
