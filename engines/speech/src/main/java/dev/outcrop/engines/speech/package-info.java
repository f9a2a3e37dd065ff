/** Turns speech into words with their times. */
package dev.outcrop.engines.speech;
