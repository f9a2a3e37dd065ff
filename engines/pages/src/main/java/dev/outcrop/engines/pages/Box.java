package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Point;
import java.util.Collection;
import java.util.List;

/** An upright rectangle on a page, in the page's pixels, counted from its upper left corner. */
public record Box(double left, double top, double right, double bottom) {
    /** What encloses the points, which are given in parts of the page. */
    static Box around(List<Point> polygon, double width, double height) {
        double left = 1;
        double top = 1;
        double right = 0;
        double bottom = 0;
        for (Point point : polygon) {
            left = Math.min(left, point.x());
            top = Math.min(top, point.y());
            right = Math.max(right, point.x());
            bottom = Math.max(bottom, point.y());
        }
        return new Box(left * width, top * height, Math.max(left, right) * width, Math.max(top, bottom) * height);
    }

    /** What encloses all of {@code boxes}, of which there is at least one. */
    static Box around(Collection<Box> boxes) {
        return boxes.stream().reduce(Box::union).orElseThrow();
    }

    /** What encloses the words, of which there is at least one. */
    public static Box of(Collection<PlacedWord> words) {
        return around(words.stream().map(PlacedWord::box).toList());
    }

    /** What encloses the lines, of which there is at least one. */
    static Box ofLines(Collection<PlacedLine> lines) {
        return around(lines.stream().map(PlacedLine::box).toList());
    }

    public double width() {
        return right - left;
    }

    public double height() {
        return bottom - top;
    }

    double area() {
        return width() * height();
    }

    public double middleX() {
        return (left + right) / 2;
    }

    public double middleY() {
        return (top + bottom) / 2;
    }

    Box union(Box other) {
        return new Box(
                Math.min(left, other.left),
                Math.min(top, other.top),
                Math.max(right, other.right),
                Math.max(bottom, other.bottom));
    }

    Box grown(double margin) {
        return new Box(left - margin, top - margin, right + margin, bottom + margin);
    }

    /** How much of the two overlaps from left to right, in pixels; negative for a gap. */
    double overlapX(Box other) {
        return Math.min(right, other.right) - Math.max(left, other.left);
    }

    /** How much of the two overlaps from top to bottom, in pixels; negative for a gap. */
    double overlapY(Box other) {
        return Math.min(bottom, other.bottom) - Math.max(top, other.top);
    }

    public boolean contains(double x, double y) {
        return x >= left && x <= right && y >= top && y <= bottom;
    }

    /** Whether the middle of {@code other} lies within. */
    boolean holds(Box other) {
        return contains(other.middleX(), other.middleY());
    }

    boolean touches(Box other) {
        return overlapX(other) > 0 && overlapY(other) > 0;
    }

    /** Whether the two stand on one row: their heights share at least half of the smaller one. */
    boolean onRowOf(Box other) {
        return overlapY(other) > 0.5 * Math.min(height(), other.height());
    }
}
