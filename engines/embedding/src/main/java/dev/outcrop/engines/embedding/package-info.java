/** Embedding models. Knows nothing of AWS. */
package dev.outcrop.engines.embedding;
