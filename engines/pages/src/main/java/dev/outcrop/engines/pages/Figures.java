package dev.outcrop.engines.pages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Finds pictures and drawings: connected areas with ink that neither words nor tables account for. */
final class Figures {
    private static final double LEAST_AREA = 0.012;

    private Figures() {}

    static List<Box> find(Sheet sheet, List<Table> tables) {
        double cell = sheet.wordHeight();
        int columns = (int) Math.ceil(sheet.width() / cell);
        int rows = (int) Math.ceil(sheet.height() / cell);
        boolean[][] inked = new boolean[rows][columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                Box place = new Box(column * cell, row * cell, (column + 1) * cell, (row + 1) * cell);
                inked[row][column] = sheet.ink().share(place) > 0.12
                        && tables.stream()
                                .noneMatch(table -> table.box().grown(cell / 2).holds(place));
            }
        }
        for (PlacedWord word : sheet.words()) {
            Box box = word.box();
            for (int row = clamp(box.top() / cell, rows); row <= clamp(box.bottom() / cell, rows); row++) {
                for (int column = clamp(box.left() / cell, columns);
                        column <= clamp(box.right() / cell, columns);
                        column++) {
                    inked[row][column] = false;
                }
            }
        }
        List<Box> figures = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (inked[row][column]) {
                    Box box = area(inked, row, column, cell);
                    if (box.area() > LEAST_AREA * sheet.width() * sheet.height()
                            && Math.min(box.width(), box.height()) > 3 * cell) {
                        figures.add(box);
                    }
                }
            }
        }
        return figures;
    }

    private static int clamp(double value, int count) {
        return Math.clamp((int) value, 0, count - 1);
    }

    private static Box area(boolean[][] inked, int row, int column, double cell) {
        Deque<int[]> open = new ArrayDeque<>(List.of(new int[] {row, column}));
        inked[row][column] = false;
        Box box = new Box(column * cell, row * cell, (column + 1) * cell, (row + 1) * cell);
        while (!open.isEmpty()) {
            int[] place = open.pop();
            box = box.union(new Box(place[1] * cell, place[0] * cell, (place[1] + 1) * cell, (place[0] + 1) * cell));
            for (int y = Math.max(0, place[0] - 2); y <= Math.min(inked.length - 1, place[0] + 2); y++) {
                for (int x = Math.max(0, place[1] - 2); x <= Math.min(inked[0].length - 1, place[1] + 2); x++) {
                    if (inked[y][x]) {
                        inked[y][x] = false;
                        open.push(new int[] {y, x});
                    }
                }
            }
        }
        return box;
    }
}
