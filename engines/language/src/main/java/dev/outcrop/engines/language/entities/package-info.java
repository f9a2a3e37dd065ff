/** Finds names of persons, organizations and places, and postal addresses, in texts; knows nothing of guards. */
package dev.outcrop.engines.language.entities;
