/**
 * Agents for Amazon Bedrock, build time: knowledge bases, their data sources, and how documents come into their stores.
 *
 * <p>Knowledge bases of vectors are whole; of structured data the configuration is kept, which the run time generates
 * queries by; indexes of Amazon Kendra, managed knowledge bases, multimodal data, custom transformation by AWS Lambda, the
 * parsing of Bedrock Data Automation, context enrichment and the delivery of ingestion logs are left out. Agents and flows
 * answer 501.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base.html">Retrieve data and generate
 * AI responses with Amazon Bedrock Knowledge Bases</a>, and the API reference of Agents for Amazon Bedrock.
 */
package dev.outcrop.services.bedrockagent;
