/** What says how a text is to be spoken: SSML, and lexicons of PLS. */
package dev.outcrop.engines.voice.markup;
