/** Labels the tokens of texts one after the other: parts of speech, names. */
package dev.outcrop.engines.language.tagging;
