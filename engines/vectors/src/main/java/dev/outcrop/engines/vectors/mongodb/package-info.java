/**
 * A store in a collection of MongoDB Atlas, or of a MongoDB with its search.
 *
 * <p>Source: "Run vector search queries" and "Review Atlas Search index syntax" of MongoDB's documentation; "Prerequisites for using a
 * vector store you created for a knowledge base" of the Bedrock guide. Run in tests against a played server behind MongoDB's driver.
 */
package dev.outcrop.engines.vectors.mongodb;
