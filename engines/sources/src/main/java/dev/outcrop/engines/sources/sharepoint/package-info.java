/**
 * SharePoint Online as a source of documents.
 *
 * <p>Source: "Connect to Microsoft SharePoint for your knowledge base" of the Bedrock guide; "Working with SharePoint sites in Microsoft
 * Graph" of Microsoft. Run in tests against a played server.
 */
package dev.outcrop.engines.sources.sharepoint;
