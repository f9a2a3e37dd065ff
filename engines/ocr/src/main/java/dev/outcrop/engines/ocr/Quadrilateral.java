package dev.outcrop.engines.ocr;

import java.util.List;

/**
 * A rectangle at any angle, in pixels of an image whose upper left corner is 0, 0: the corners in the order of reading,
 * from the upper left of the text clockwise.
 */
record Quadrilateral(double x0, double y0, double x1, double y1, double x2, double y2, double x3, double y3) {
    /** How long the text is. */
    double width() {
        return Math.max(Math.hypot(x1 - x0, y1 - y0), Math.hypot(x2 - x3, y2 - y3));
    }

    /** How tall the text is. */
    double height() {
        return Math.max(Math.hypot(x3 - x0, y3 - y0), Math.hypot(x2 - x1, y2 - y1));
    }

    double centerX() {
        return (x0 + x1 + x2 + x3) / 4;
    }

    double centerY() {
        return (y0 + y1 + y2 + y3) / 4;
    }

    /** The same place read from another corner: once turned, what was read rightwards is read downwards. */
    Quadrilateral turned(int quarters) {
        return switch (quarters) {
            case 1 -> new Quadrilateral(x1, y1, x2, y2, x3, y3, x0, y0);
            case 2 -> new Quadrilateral(x2, y2, x3, y3, x0, y0, x1, y1);
            case 3 -> new Quadrilateral(x3, y3, x0, y0, x1, y1, x2, y2);
            default -> this;
        };
    }

    /** The part between two shares of the text's length and two of its height, each 0 to 1. */
    Quadrilateral part(double left, double right, double top, double bottom) {
        return new Quadrilateral(
                x(left, top),
                y(left, top),
                x(right, top),
                y(right, top),
                x(right, bottom),
                y(right, bottom),
                x(left, bottom),
                y(left, bottom));
    }

    private double x(double u, double v) {
        return (1 - v) * ((1 - u) * x0 + u * x1) + v * ((1 - u) * x3 + u * x2);
    }

    private double y(double u, double v) {
        return (1 - v) * ((1 - u) * y0 + u * y1) + v * ((1 - u) * y3 + u * y2);
    }

    /** The corners on a page of {@code width} × {@code height} pixels, kept within it. */
    List<Point> polygon(double width, double height) {
        return List.of(
                point(x0 / width, y0 / height),
                point(x1 / width, y1 / height),
                point(x2 / width, y2 / height),
                point(x3 / width, y3 / height));
    }

    private static Point point(double x, double y) {
        return new Point(Math.clamp(x, 0.0, 1.0), Math.clamp(y, 0.0, 1.0));
    }
}
