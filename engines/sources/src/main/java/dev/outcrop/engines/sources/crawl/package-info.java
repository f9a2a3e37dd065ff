/**
 * Web sites as sources of documents: which pages belong to a crawl, what a site allows (RFC 9309), how fast it is asked.
 *
 * <p>Source: "Crawl web pages for your knowledge base" of the Bedrock guide. Pages that need a browser or a login are not read,
 * nor are sitemaps.
 */
package dev.outcrop.engines.sources.crawl;
