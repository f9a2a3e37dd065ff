/** Patterns that JSON events match, one at a time or very many at once. Knows nothing of who sends events. */
package dev.outcrop.engines.patterns;
