/** How English is read aloud: text to words, words to sounds. */
package dev.outcrop.engines.voice.english;
