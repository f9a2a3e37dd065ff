package dev.outcrop.engines.ocr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds rectangles of text in a map of probabilities.
 *
 * <p>Source: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020, with the constants of
 * PP-OCR: the map is cut at .3 and widened by a pixel, each connected part gets the rectangle of least area, which is kept
 * when its mean probability is at least .5, and grown by 1.6 × area / perimeter on each side. Since what is grown is a
 * rectangle, growing it with round joins and taking the rectangle of least area again is moving its sides outwards.
 *
 * <p>Costs O(pixels) for the parts, and O(n²) for a part whose convex hull has n corners.
 */
final class TextRegions {
    private static final float THRESHOLD = 0.3f;
    private static final double BOX_SCORE = 0.5;
    private static final double GROWTH = 1.6;
    private static final double SMALLEST = 3;
    private static final double SMALLEST_GROWN = 5;
    private static final int MOST = 4_000;

    private TextRegions() {}

    /**
     * The regions of a map.
     *
     * @param map probabilities, row after row
     * @return rectangles in pixels of the map, corners from the upper left clockwise, as if the text were read rightwards
     */
    static List<Quadrilateral> find(float[] map, int width, int height) {
        Runs runs = new Runs(map, width, height);
        List<Quadrilateral> regions = new ArrayList<>();
        for (double[] hull : runs.hulls()) {
            Rectangle rectangle = Rectangle.around(hull);
            if (Math.min(rectangle.length, rectangle.thickness) < SMALLEST
                    || mean(map, width, height, rectangle.corners(0)) < BOX_SCORE) {
                continue;
            }
            double by =
                    GROWTH * rectangle.length * rectangle.thickness / (2 * (rectangle.length + rectangle.thickness));
            if (Math.min(rectangle.length, rectangle.thickness) + 2 * by < SMALLEST_GROWN) {
                continue;
            }
            regions.add(rectangle.corners(by));
            if (regions.size() == MOST) {
                break;
            }
        }
        return regions;
    }

    /** The mean probability within a rectangle. */
    private static double mean(float[] map, int width, int height, Quadrilateral box) {
        double[] xs = {box.x0(), box.x1(), box.x2(), box.x3()};
        double[] ys = {box.y0(), box.y1(), box.y2(), box.y3()};
        int top = Math.clamp((int) Math.floor(Arrays.stream(ys).min().orElse(0)), 0, height - 1);
        int bottom = Math.clamp((int) Math.ceil(Arrays.stream(ys).max().orElse(0)), 0, height - 1);
        double sum = 0;
        long count = 0;
        for (int y = top; y <= bottom; y++) {
            double left = Double.POSITIVE_INFINITY;
            double right = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < 4; i++) {
                int next = (i + 1) % 4;
                double low = Math.min(ys[i], ys[next]);
                double high = Math.max(ys[i], ys[next]);
                // The side's part within half a pixel of the row.
                double from = Math.max(low, y - 0.5);
                double to = Math.min(high, y + 0.5);
                if (from > to) {
                    continue;
                }
                double slope = high - low < 1e-9 ? 0 : (xs[next] - xs[i]) / (ys[next] - ys[i]);
                double first = high - low < 1e-9 ? xs[i] : xs[i] + (from - ys[i]) * slope;
                double second = high - low < 1e-9 ? xs[next] : xs[i] + (to - ys[i]) * slope;
                left = Math.min(left, Math.min(first, second));
                right = Math.max(right, Math.max(first, second));
            }
            int begin = Math.clamp(Math.round(left), 0, width);
            int end = Math.clamp(Math.round(right), -1, width - 1);
            for (int x = begin; x <= end; x++) {
                sum += map[y * width + x];
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    /** A rectangle: its middle, half axes as unit vectors, and sizes. */
    private record Rectangle(double x, double y, double cos, double sin, double length, double thickness) {
        /** The rectangle of least area around a convex hull given as x, y, x, y…: one of its sides lies on the hull. */
        static Rectangle around(double[] hull) {
            int count = hull.length / 2;
            if (count == 1) {
                return new Rectangle(hull[0], hull[1], 1, 0, 0, 0);
            }
            Rectangle best = null;
            for (int i = 0; i < count; i++) {
                int next = (i + 1) % count;
                double dx = hull[2 * next] - hull[2 * i];
                double dy = hull[2 * next + 1] - hull[2 * i + 1];
                double length = Math.hypot(dx, dy);
                double cos = dx / length;
                double sin = dy / length;
                double least = Double.POSITIVE_INFINITY;
                double most = Double.NEGATIVE_INFINITY;
                double leastAcross = Double.POSITIVE_INFINITY;
                double mostAcross = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < count; k++) {
                    double along = hull[2 * k] * cos + hull[2 * k + 1] * sin;
                    double across = hull[2 * k + 1] * cos - hull[2 * k] * sin;
                    least = Math.min(least, along);
                    most = Math.max(most, along);
                    leastAcross = Math.min(leastAcross, across);
                    mostAcross = Math.max(mostAcross, across);
                }
                double area = (most - least) * (mostAcross - leastAcross);
                if (best == null || area < best.length * best.thickness) {
                    double along = (least + most) / 2;
                    double across = (leastAcross + mostAcross) / 2;
                    best = new Rectangle(
                            along * cos - across * sin,
                            along * sin + across * cos,
                            cos,
                            sin,
                            most - least,
                            mostAcross - leastAcross);
                }
            }
            return best;
        }

        /** The corners with each side moved outwards, turned such that the upper side is the one most nearly level. */
        Quadrilateral corners(double by) {
            double alongX = cos;
            double alongY = sin;
            double halfAlong = length / 2 + by;
            double halfAcross = thickness / 2 + by;
            if (Math.abs(cos) < Math.abs(sin)) {
                alongX = -sin;
                alongY = cos;
                halfAlong = thickness / 2 + by;
                halfAcross = length / 2 + by;
            }
            if (alongX < 0) {
                alongX = -alongX;
                alongY = -alongY;
            }
            double ax = alongX * halfAlong;
            double ay = alongY * halfAlong;
            double bx = -alongY * halfAcross;
            double by2 = alongX * halfAcross;
            return new Quadrilateral(
                    x - ax - bx,
                    y - ay - by2,
                    x + ax - bx,
                    y + ay - by2,
                    x + ax + bx,
                    y + ay + by2,
                    x - ax + bx,
                    y - ay + by2);
        }
    }

    /** The connected parts of a cut and widened map, as runs of each row. */
    private static final class Runs {
        private int[] starts = new int[1024];
        private int[] ends = new int[1024];
        private int[] rows = new int[1024];
        private int[] parents = new int[1024];
        private int count;

        Runs(float[] map, int width, int height) {
            int previousFirst = 0;
            int previousEnd = 0;
            for (int y = 0; y < height; y++) {
                int first = count;
                int x = 0;
                while (x < width) {
                    if (!set(map, width, x, y)) {
                        x++;
                        continue;
                    }
                    int start = x;
                    while (x < width && set(map, width, x, y)) {
                        x++;
                    }
                    add(start, x - 1, y);
                }
                int above = previousFirst;
                for (int run = first; run < count; run++) {
                    while (above < previousEnd && ends[above] < starts[run] - 1) {
                        above++;
                    }
                    for (int touching = above;
                            touching < previousEnd && starts[touching] <= ends[run] + 1;
                            touching++) {
                        join(touching, run);
                    }
                }
                previousFirst = first;
                previousEnd = count;
            }
        }

        /** Whether a pixel, or the one left of, above, or above left of it, is text. */
        private static boolean set(float[] map, int width, int x, int y) {
            int at = y * width + x;
            return map[at] > THRESHOLD
                    || (x > 0 && map[at - 1] > THRESHOLD)
                    || (y > 0 && (map[at - width] > THRESHOLD || (x > 0 && map[at - width - 1] > THRESHOLD)));
        }

        private void add(int start, int end, int row) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
                rows = Arrays.copyOf(rows, 2 * count);
                parents = Arrays.copyOf(parents, 2 * count);
            }
            starts[count] = start;
            ends[count] = end;
            rows[count] = row;
            parents[count] = count;
            count++;
        }

        private int root(int run) {
            int root = run;
            while (parents[root] != root) {
                parents[root] = parents[parents[root]];
                root = parents[root];
            }
            return root;
        }

        private void join(int one, int other) {
            int first = root(one);
            int second = root(other);
            parents[Math.max(first, second)] = Math.min(first, second);
        }

        /** The convex hull of each part, as x, y, x, y… */
        List<double[]> hulls() {
            int[] sizes = new int[count];
            for (int run = 0; run < count; run++) {
                sizes[root(run)]++;
            }
            int[][] members = new int[count][];
            int[] filled = new int[count];
            List<double[]> hulls = new ArrayList<>();
            for (int run = 0; run < count; run++) {
                int root = root(run);
                if (members[root] == null) {
                    members[root] = new int[sizes[root]];
                }
                members[root][filled[root]++] = run;
                if (filled[root] == sizes[root]) {
                    hulls.add(hull(members[root]));
                    members[root] = null;
                }
            }
            return hulls;
        }

        /** Andrew's monotone chain, along the rows: runs come sorted by row. */
        private double[] hull(int[] members) {
            int first = rows[members[0]];
            int last = rows[members[members.length - 1]];
            int[] left = new int[last - first + 1];
            int[] right = new int[last - first + 1];
            Arrays.fill(left, Integer.MAX_VALUE);
            Arrays.fill(right, Integer.MIN_VALUE);
            for (int run : members) {
                int row = rows[run] - first;
                left[row] = Math.min(left[row], starts[run]);
                right[row] = Math.max(right[row], ends[run]);
            }
            double[] hull = new double[4 * left.length];
            int size = chain(hull, 0, right, first, 1);
            size = chain(hull, size, left, first, -1);
            return Arrays.copyOf(hull, 2 * size);
        }

        /** Adds the outer corners of one side, the right one downwards or the left one upwards. */
        private static int chain(double[] hull, int from, int[] side, int firstRow, int sign) {
            int size = from;
            for (int i = 0; i < side.length; i++) {
                int row = sign > 0 ? i : side.length - 1 - i;
                double x = side[row];
                double y = (double) firstRow + row;
                while (size - from >= 2 && cross(hull, size, x, y) >= 0) {
                    size--;
                }
                if (size == 0 || hull[2 * size - 2] != x || hull[2 * size - 1] != y) {
                    hull[2 * size] = x;
                    hull[2 * size + 1] = y;
                    size++;
                }
            }
            if (sign < 0 && size > 1 && hull[0] == hull[2 * size - 2] && hull[1] == hull[2 * size - 1]) {
                size--;
            }
            return size;
        }

        /** Positive or zero when the last corner lies within the hull once {@code x, y} is added (y grows downwards). */
        private static double cross(double[] hull, int size, double x, double y) {
            double ax = hull[2 * size - 4];
            double ay = hull[2 * size - 3];
            double bx = hull[2 * size - 2];
            double by = hull[2 * size - 1];
            return -((bx - ax) * (y - ay) - (by - ay) * (x - ax));
        }
    }
}
