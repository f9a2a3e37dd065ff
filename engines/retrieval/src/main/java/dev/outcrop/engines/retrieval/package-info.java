/**
 * What makes an answer of passages that were found: fusing ranked lists, reranking, choosing what a question is searched
 * by, telling when nothing fits, and saying which passage supports which sentence.
 */
package dev.outcrop.engines.retrieval;
