/** The recipes by which the weights of the guard's filters were made, and the figures that they reach. */
package dev.outcrop.engines.guard.training;
