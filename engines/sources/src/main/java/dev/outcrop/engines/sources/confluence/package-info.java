/**
 * Confluence Cloud as a source of documents.
 *
 * <p>Source: "Connect to Confluence for your knowledge base" of the Bedrock guide; "Confluence Cloud REST API v2" of Atlassian. Run in
 * tests against a played server.
 */
package dev.outcrop.engines.sources.confluence;
