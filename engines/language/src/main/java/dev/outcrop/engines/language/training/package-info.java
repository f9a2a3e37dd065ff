/** The recipes by which the weights of the language engines were made, and the figures that they reach. */
package dev.outcrop.engines.language.training;
