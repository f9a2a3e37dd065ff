/** Ranks passages for a question, and finds what parts of an answer rest on which of them. */
package dev.outcrop.engines.retrieval;
