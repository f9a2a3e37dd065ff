/**
 * The store of vectors that Outcrop brings along: entries in an encrypted log first and in Lucene's segments then, searched
 * by hierarchical navigable small worlds and by BM25.
 *
 * <p>Source: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
 * Small World graphs", 2018; Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
 */
package dev.outcrop.engines.vectors.embedded;
