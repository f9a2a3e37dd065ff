/** Turns texts into speech. */
package dev.outcrop.engines.voice;
