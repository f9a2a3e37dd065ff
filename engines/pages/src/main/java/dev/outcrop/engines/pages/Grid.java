package dev.outcrop.engines.pages;

/**
 * Rows and columns between lines, drawn or thought.
 *
 * @param xs    where columns begin and end, one more than there are columns
 * @param ys    where rows begin and end
 * @param areas for each row and column which area it belongs to; what has the same number is one cell
 */
record Grid(double[] xs, double[] ys, int[][] areas) {
    int rows() {
        return ys.length - 1;
    }

    int columns() {
        return xs.length - 1;
    }

    Box box() {
        return new Box(xs[0], ys[0], xs[xs.length - 1], ys[ys.length - 1]);
    }

    Box box(int row, int column) {
        return new Box(xs[column], ys[row], xs[column + 1], ys[row + 1]);
    }

    /** How many cells there are, those that are one counted once. */
    int cells() {
        return (int) java.util.Arrays.stream(areas)
                .flatMapToInt(java.util.Arrays::stream)
                .distinct()
                .count();
    }
}
