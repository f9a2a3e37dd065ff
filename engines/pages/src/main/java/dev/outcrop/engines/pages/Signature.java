package dev.outcrop.engines.pages;

/**
 * Where somebody has signed.
 *
 * @param confidence 0 to 1
 */
public record Signature(Box box, double confidence) {}
