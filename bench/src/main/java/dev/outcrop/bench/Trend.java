package dev.outcrop.bench;

import java.util.List;

/**
 * The straight line through measured points by least squares, and how sure its slope is.
 *
 * @param slope what {@code y} gains for each {@code x}
 * @param error standard error of the slope
 * @param degreesOfFreedom the number of points less two
 */
record Trend(double slope, double error, int degreesOfFreedom) {
    /** The 95 % points of Student's t, one-sided, for 1 to 20 degrees of freedom. */
    private static final double[] STUDENT = {
        6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746,
        1.740, 1.734, 1.729, 1.725
    };

    /** A point of a measurement. */
    record Point(double x, double y) {}

    /**
     * The trend of {@code points}.
     *
     * @param points three to 22, not all of one {@code x}
     */
    static Trend of(List<Point> points) {
        int count = points.size();
        if (count < 3 || count > STUDENT.length + 2) {
            throw new IllegalArgumentException(
                    "a trend needs 3 to " + (STUDENT.length + 2) + " points, but has " + count);
        }
        double x = points.stream().mapToDouble(Point::x).average().orElseThrow();
        double y = points.stream().mapToDouble(Point::y).average().orElseThrow();
        double spread = 0;
        double common = 0;
        for (Point point : points) {
            spread += (point.x - x) * (point.x - x);
            common += (point.x - x) * (point.y - y);
        }
        double slope = common / spread;
        double residue = 0;
        for (Point point : points) {
            double off = point.y - y - slope * (point.x - x);
            residue += off * off;
        }
        return new Trend(slope, Math.sqrt(residue / (count - 2) / spread), count - 2);
    }

    /** What the slope is less than, with 95 % confidence. */
    double upperBound() {
        return slope + STUDENT[degreesOfFreedom - 1] * error;
    }
}
