/** Grammars in llama.cpp's GBNF: written from JSON Schema, and matched. */
package dev.outcrop.engines.text.grammar;
