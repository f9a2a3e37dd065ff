package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Grids that drawn lines make. */
final class RuledTables {
    /** A side of a cell is drawn if so much of it is. */
    private static final double DRAWN = 0.6;

    private static final int MOST_LINES = 200;

    private final Sheet sheet;
    private final double tolerance;

    RuledTables(Sheet sheet) {
        this.sheet = sheet;
        tolerance = 0.22 * sheet.wordHeight();
    }

    /** What lines that meet make, each with its cells, empty ones included; grids of one cell, too. */
    List<Grid> find(List<Ruling> rulings) {
        List<List<Ruling>> groups = new ArrayList<>();
        List<Ruling> left = new ArrayList<>(rulings);
        while (!left.isEmpty()) {
            List<Ruling> group = new ArrayList<>(List.of(left.removeLast()));
            for (int i = 0; i < group.size(); i++) {
                Ruling present = group.get(i);
                List<Ruling> met = left.stream()
                        .filter(ruling -> ruling.meets(present, tolerance))
                        .toList();
                left.removeAll(met);
                group.addAll(met);
            }
            groups.add(group);
        }
        List<Grid> grids = new ArrayList<>();
        for (List<Ruling> group : groups) {
            List<Double> xs = positions(group, false);
            List<Double> ys = positions(group, true);
            extend(xs, group, true);
            extend(ys, group, false);
            if (xs.size() >= 2 && ys.size() >= 2 && xs.size() < MOST_LINES && ys.size() < MOST_LINES) {
                grids.add(grid(xs, ys, group));
            }
        }
        grids.sort(Comparator.comparingDouble(grid -> grid.box().top()));
        return grids;
    }

    /** Where lines of one direction stand, those next to each other taken as one. */
    private List<Double> positions(List<Ruling> group, boolean horizontal) {
        List<Double> sorted = group.stream()
                .filter(ruling -> ruling.horizontal() == horizontal)
                .map(Ruling::position)
                .sorted()
                .toList();
        List<Double> positions = new ArrayList<>();
        double begin = 0;
        for (double position : sorted) {
            if (positions.isEmpty() || position - begin > 2 * tolerance) {
                positions.add(position);
                begin = position;
            } else {
                positions.set(positions.size() - 1, (begin + position) / 2);
            }
        }
        return positions;
    }

    /** A table without lines at its sides is as wide as its lines across. */
    private void extend(List<Double> positions, List<Ruling> group, boolean horizontal) {
        List<Ruling> across = group.stream()
                .filter(ruling -> ruling.horizontal() == horizontal)
                .toList();
        if (across.size() < 2 || positions.isEmpty()) {
            return;
        }
        double from = across.stream().mapToDouble(Ruling::from).sorted().toArray()[across.size() / 2];
        double to = across.stream().mapToDouble(Ruling::to).sorted().toArray()[across.size() / 2];
        if (from < positions.getFirst() - 2 * sheet.wordHeight()) {
            positions.addFirst(from);
        }
        if (to > positions.getLast() + 2 * sheet.wordHeight()) {
            positions.addLast(to);
        }
    }

    private Grid grid(List<Double> xs, List<Double> ys, List<Ruling> group) {
        int rows = ys.size() - 1;
        int columns = xs.size() - 1;
        int[][] areas = new int[rows][columns];
        int next = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                boolean openLeft = column > 0 && !drawn(group, false, xs.get(column), ys.get(row), ys.get(row + 1));
                boolean openAbove = row > 0 && !drawn(group, true, ys.get(row), xs.get(column), xs.get(column + 1));
                if (openLeft && openAbove) {
                    int area = areas[row - 1][column];
                    int other = areas[row][column - 1];
                    areas[row][column] = area;
                    replace(areas, other, area);
                } else if (openLeft) {
                    areas[row][column] = areas[row][column - 1];
                } else if (openAbove) {
                    areas[row][column] = areas[row - 1][column];
                } else {
                    areas[row][column] = next++;
                }
            }
        }
        return new Grid(
                xs.stream().mapToDouble(Double::doubleValue).toArray(),
                ys.stream().mapToDouble(Double::doubleValue).toArray(),
                areas);
    }

    private static void replace(int[][] areas, int from, int to) {
        for (int[] row : areas) {
            for (int i = 0; i < row.length; i++) {
                if (row[i] == from) {
                    row[i] = to;
                }
            }
        }
    }

    /** Whether lines cover most of a side. */
    private boolean drawn(List<Ruling> group, boolean horizontal, double position, double from, double to) {
        double covered = 0;
        for (Ruling ruling : group) {
            if (ruling.horizontal() == horizontal && Math.abs(ruling.position() - position) <= 2 * tolerance) {
                covered += Math.max(0, Math.min(to, ruling.to()) - Math.max(from, ruling.from()));
            }
        }
        return covered >= DRAWN * (to - from);
    }
}
