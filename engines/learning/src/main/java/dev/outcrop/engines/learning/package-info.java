/** Learns from labelled texts: classes of documents, names of things, topics. */
package dev.outcrop.engines.learning;
