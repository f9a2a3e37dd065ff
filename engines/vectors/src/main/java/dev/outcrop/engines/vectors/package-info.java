/** Nearest neighbours of vectors and keyword search over the same entries, embedded or in another system. */
package dev.outcrop.engines.vectors;
