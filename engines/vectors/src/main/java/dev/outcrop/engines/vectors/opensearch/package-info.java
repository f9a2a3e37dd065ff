/**
 * A store in an index of OpenSearch with its k-NN plug-in.
 *
 * <p>Source: "Prerequisites for using a vector store you created for a knowledge base" of the Bedrock guide, for the index; "Vector search"
 * of OpenSearch's documentation. Run in tests against a played server that speaks these requests.
 */
package dev.outcrop.engines.vectors.opensearch;
