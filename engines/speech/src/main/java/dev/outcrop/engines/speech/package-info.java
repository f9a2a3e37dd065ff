/**
 * Turns speech into words with their times.
 *
 * <p>{@link dev.outcrop.engines.speech.SpeechRecognizer} is what callers see; {@code whisper} answers for it. Who speaks is not
 * told apart: no model of voices is listed. Quality on 40 spoken sentences with whisper-base, as first measured beside
 * faster-whisper 1.2.1 with the same weights (int8, beam 5): clean, .009 to .011 of the words wrong (peer .009); in noise of
 * 5 dB .079 (peer .105) where the decoder is given all of the sound, but .42 where speech is looked for first, which in such
 * noise misses a third of the words; .16 seconds of CPU a second of sound (peer .35, on a busy machine). {@code ./outcrop bench speech}
 * prints them anew.
 */
package dev.outcrop.engines.speech;
