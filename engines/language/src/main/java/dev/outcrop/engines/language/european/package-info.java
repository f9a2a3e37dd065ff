/**
 * What can be said of German, Spanish, French, Italian and Portuguese texts: names by lists and by the words around them,
 * dates and amounts by their form, sentiment by a lexicon, and, where a model is openly licensed, parts of speech and phrases.
 */
package dev.outcrop.engines.language.european;
