/**
 * Turns speech into words with their times.
 *
 * <p>{@link dev.outcrop.engines.speech.SpeechRecognizer} is what callers see; {@code whisper} answers for it. Who speaks is not
 * told apart: no model of voices is listed. Quality on 32 sentences spoken by Piper with whisper-base, beside faster-whisper
 * 1.2.1 with the same weights (int8, beam 5, one thread): 2.5 % of the words wrong (peer 2.5 %) at .14 seconds of CPU a second
 * of sound (peer .43); in noise of 5 dB 13.6 % (peer 10.6 %). Thresholds of the search for speech and the silence behind it
 * were chosen on such sentences. {@code ./outcrop bench speech} prints the figures anew.
 */
package dev.outcrop.engines.speech;
