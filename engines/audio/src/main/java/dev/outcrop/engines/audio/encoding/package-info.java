/** Encodes sound: PCM, MPEG layer III, and Opus in Ogg. */
package dev.outcrop.engines.audio.encoding;
