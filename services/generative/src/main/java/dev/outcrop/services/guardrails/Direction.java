package dev.outcrop.services.guardrails;

/** Which way a text goes. */
public enum Direction {
    /** To a model. */
    INPUT,
    /** From a model. */
    OUTPUT
}
