/** Who speaks: what voices sound like, and which stretches of speech have the same one. */
package dev.outcrop.engines.speech.speakers;
