package dev.outcrop.engines.language;

/** How probable it is that a text feels one way; the four are 1 together. */
public record SentimentScores(double positive, double negative, double neutral, double mixed) {}
