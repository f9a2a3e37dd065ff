/** Tells how a text feels: features, weights and networks behind {@code SentimentClassifier}. */
package dev.outcrop.engines.language.sentiment;
