package dev.outcrop.engines.speech.whisper;

import java.util.Arrays;

/**
 * When each token of a text was spoken, by where the decoder looked in the sound while it wrote.
 *
 * <p>Source: OpenAI's {@code find_alignment}: weights of the alignment heads, brought to mean 0 and deviation 1 over the
 * tokens, smoothed by a median over seven positions, averaged, and dynamic time warping over them; time is tokens ·
 * positions.
 */
final class WordAlignment {
    private static final int MEDIAN_WIDTH = 7;
    private static final double LEAST_DEVIATION = 1e-9;

    private WordAlignment() {}

    /**
     * The position at which each row begins.
     *
     * @param attention [heads, rows, positions]
     * @param positions how many of the positions are sound
     */
    static int[] starts(float[][][] attention, int positions) {
        int rows = attention[0].length;
        double[][] cost = new double[rows][positions];
        for (float[][] head : attention) {
            double[][] weights = standardized(head, positions);
            double[] line = new double[MEDIAN_WIDTH];
            for (int row = 0; row < rows; row++) {
                for (int at = 0; at < positions; at++) {
                    for (int i = 0; i < MEDIAN_WIDTH; i++) {
                        line[i] = weights[row][reflected(at + i - MEDIAN_WIDTH / 2, positions)];
                    }
                    Arrays.sort(line);
                    cost[row][at] -= line[MEDIAN_WIDTH / 2] / attention.length;
                }
            }
        }
        return warped(cost);
    }

    private static int reflected(int at, int length) {
        int inside = Math.abs(at);
        if (inside >= length) {
            inside = 2 * (length - 1) - inside;
        }
        return Math.clamp(inside, 0, length - 1);
    }

    private static double[][] standardized(float[][] head, int positions) {
        double[][] weights = new double[head.length][positions];
        for (int row = 0; row < head.length; row++) {
            double sum = 0;
            for (int at = 0; at < positions; at++) {
                sum += head[row][at];
            }
            for (int at = 0; at < positions; at++) {
                weights[row][at] = head[row][at] / Math.max(sum, LEAST_DEVIATION);
            }
        }
        for (int at = 0; at < positions; at++) {
            double mean = 0;
            for (double[] row : weights) {
                mean += row[at] / weights.length;
            }
            double variance = 0;
            for (double[] row : weights) {
                variance += (row[at] - mean) * (row[at] - mean) / weights.length;
            }
            double deviation = Math.max(Math.sqrt(variance), LEAST_DEVIATION);
            for (double[] row : weights) {
                row[at] = (row[at] - mean) / deviation;
            }
        }
        return weights;
    }

    /** The first column of each row on the cheapest way through the costs, from the first corner to the last. */
    private static int[] warped(double[][] cost) {
        int rows = cost.length;
        int columns = cost[0].length;
        double[][] total = new double[rows + 1][columns + 1];
        for (double[] line : total) {
            Arrays.fill(line, Double.POSITIVE_INFINITY);
        }
        total[0][0] = 0;
        byte[][] from = new byte[rows + 1][columns + 1];
        for (int column = 1; column <= columns; column++) {
            for (int row = 1; row <= rows; row++) {
                double both = total[row - 1][column - 1];
                double down = total[row - 1][column];
                double right = total[row][column - 1];
                double least;
                if (both < down && both < right) {
                    least = both;
                    from[row][column] = 0;
                } else if (down < both && down < right) {
                    least = down;
                    from[row][column] = 1;
                } else {
                    least = right;
                    from[row][column] = 2;
                }
                total[row][column] = cost[row - 1][column - 1] + least;
            }
        }
        int[] starts = new int[rows];
        int row = rows;
        int column = columns;
        while (row > 0 && column > 0) {
            starts[row - 1] = column - 1;
            switch (from[row][column]) {
                case 0 -> {
                    row--;
                    column--;
                }
                case 1 -> row--;
                default -> column--;
            }
        }
        return starts;
    }
}
