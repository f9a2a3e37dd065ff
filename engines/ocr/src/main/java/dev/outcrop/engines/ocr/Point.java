package dev.outcrop.engines.ocr;

/**
 * A place on a page.
 *
 * @param x from the left edge, 0 to 1
 * @param y from the upper edge, 0 to 1
 */
public record Point(double x, double y) {}
