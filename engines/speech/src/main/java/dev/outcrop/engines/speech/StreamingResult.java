package dev.outcrop.engines.speech;

/**
 * What was heard so far of a stretch of speech.
 *
 * @param number   which stretch, counted from 0
 * @param partial  whether another result with the same number will replace it
 * @param language code of the language spoken
 * @param segment  its words, with times from the beginning of the session
 * @param stable   how many of the words, from the first one on, will not change any more; all where not partial
 */
public record StreamingResult(int number, boolean partial, String language, Transcript.Segment segment, int stable) {}
