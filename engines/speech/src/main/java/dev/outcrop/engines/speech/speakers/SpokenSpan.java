package dev.outcrop.engines.speech.speakers;

/** A stretch of a recording in which somebody speaks without a pause, such as a word or a sentence; seconds from its beginning. */
public record SpokenSpan(double start, double end) {}
