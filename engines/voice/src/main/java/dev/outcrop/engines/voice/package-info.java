/**
 * Turns texts into speech: reads them aloud in a voice of Piper, with the times of sentences, words and shapes of the mouth
 * from the voice's own durations.
 */
package dev.outcrop.engines.voice;
