package dev.outcrop.engines.speech.speakers;

/**
 * What a voice sounds like for a moment.
 *
 * @param start  seconds from the beginning of the recording
 * @param vector of length 1; the product of two is the larger the more alike the voices are
 */
public record VoicePrint(double start, double end, float[] vector) {}
