/** How the models of pronunciation are made. */
package dev.outcrop.engines.voice.english.training;
