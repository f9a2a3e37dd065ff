/** Finds in texts what is harmful, attacks a model, is off topic, is personal or is not grounded in a source. */
package dev.outcrop.engines.guard;
