/**
 * A store in PostgreSQL with pgvector, such as Amazon Aurora's.
 *
 * <p>Source: "Using Aurora PostgreSQL as a knowledge base for Amazon Bedrock" of the Aurora guide, for the table; pgvector's manual. Run
 * in tests against a real PostgreSQL 16 with pgvector 0.6.
 */
package dev.outcrop.engines.vectors.postgres;
