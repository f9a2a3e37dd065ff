package dev.outcrop.engines.pages;

/**
 * A straight line drawn on a page.
 *
 * @param position its middle: from the top where it is horizontal, else from the left
 * @param from     where it begins, from the left or from the top
 * @param to       where it ends
 */
record Ruling(boolean horizontal, double position, double from, double to) {
    double length() {
        return to - from;
    }

    Box box() {
        return horizontal ? new Box(from, position, to, position) : new Box(position, from, position, to);
    }

    /** Whether the two cross or meet, up to {@code tolerance}. */
    boolean meets(Ruling other, double tolerance) {
        return horizontal != other.horizontal
                && position >= other.from - tolerance
                && position <= other.to + tolerance
                && other.position >= from - tolerance
                && other.position <= to + tolerance;
    }
}
