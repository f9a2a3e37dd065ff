/** Decodes, encodes and resamples sound. */
package dev.outcrop.engines.audio;
