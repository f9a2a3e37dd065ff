package dev.outcrop.engines.ocr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Sorts what stands on an upright page from the top down and, where things stand on one level, from the left: rows of
 * receipts and tables stay together, columns of newspapers do not. Costs O(n log n).
 */
final class ReadingOrder {
    private ReadingOrder() {}

    /** What is sorted, and where it stands. */
    record Placed<T>(T what, Quadrilateral box) {}

    /** {@code items} in order. */
    static <T> List<T> sorted(List<Placed<T>> items) {
        double slope = median(items, item -> slope(item.box()));
        List<Placed<T>> byLevel = new ArrayList<>(items);
        ToDoubleFunction<Placed<T>> level =
                item -> item.box().centerY() - slope * item.box().centerX();
        byLevel.sort(Comparator.comparingDouble(level));
        List<T> sorted = new ArrayList<>();
        List<Placed<T>> row = new ArrayList<>();
        double sum = 0;
        for (Placed<T> item : byLevel) {
            double height = Math.min(item.box().height(), item.box().width());
            if (!row.isEmpty()) {
                double rowHeight = median(
                        row, other -> Math.min(other.box().height(), other.box().width()));
                if (level.applyAsDouble(item) - sum / row.size() > 0.5 * Math.min(height, rowHeight)) {
                    finish(row, sorted);
                    sum = 0;
                }
            }
            row.add(item);
            sum += level.applyAsDouble(item);
        }
        finish(row, sorted);
        return sorted;
    }

    private static <T> void finish(List<Placed<T>> row, List<T> sorted) {
        row.sort(Comparator.comparingDouble(item -> item.box().centerX()));
        row.forEach(item -> sorted.add(item.what()));
        row.clear();
    }

    private static double slope(Quadrilateral box) {
        double dx = box.x1() - box.x0();
        return box.width() > 3 * box.height() && Math.abs(dx) > 1e-9 ? (box.y1() - box.y0()) / dx : 0;
    }

    private static <T> double median(List<Placed<T>> items, ToDoubleFunction<Placed<T>> value) {
        double[] values = items.stream().mapToDouble(value).sorted().toArray();
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}
