/**
 * Salesforce as a source of documents.
 *
 * <p>Source: "Connect to Salesforce for your knowledge base" of the Bedrock guide; "REST API Developer Guide" and "SOQL and SOSL Reference"
 * of Salesforce. Run in tests against a played server.
 */
package dev.outcrop.engines.sources.salesforce;
