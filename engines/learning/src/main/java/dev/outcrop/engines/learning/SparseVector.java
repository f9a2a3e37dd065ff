package dev.outcrop.engines.learning;

/**
 * A vector most of whose values are 0.
 *
 * @param indexes of the others, in ascending order
 * @param values  of the others
 */
record SparseVector(int[] indexes, float[] values) {}
