package dev.outcrop.engines.ocr;

/**
 * Which columns of a line hold ink. What is ink and what paper is told by the threshold that separates the two best (Otsu,
 * "A Threshold Selection Method from Gray-Level Histograms", 1979); the rarer of the two is ink. The upper and lower edge
 * are left out, where ruling lines and neighbours reach in.
 */
final class InkColumns {
    private static final double EDGE = 0.1;
    private static final double LEAST = 0.05;

    private final boolean[] ink;

    private InkColumns(boolean[] ink) {
        this.ink = ink;
    }

    static InkColumns of(ColorPixels line) {
        int width = line.width();
        int top = (int) Math.floor(line.height() * EDGE);
        int bottom = Math.max(top + 1, line.height() - top);
        int[] histogram = new int[256];
        byte[] grey = line.grey();
        for (int i = top * width; i < bottom * width; i++) {
            histogram[grey[i] & 0xFF]++;
        }
        int total = (bottom - top) * width;
        int threshold = threshold(histogram, total);
        long dark = 0;
        for (int level = 0; level <= threshold; level++) {
            dark += histogram[level];
        }
        boolean darkIsInk = 2 * dark <= total;
        int least = Math.max(1, (int) Math.round(LEAST * (bottom - top)));
        boolean[] ink = new boolean[width];
        for (int x = 0; x < width; x++) {
            int count = 0;
            for (int y = top; y < bottom; y++) {
                if ((grey[y * width + x] & 0xFF) <= threshold == darkIsInk) {
                    count++;
                }
            }
            ink[x] = count >= least;
        }
        return new InkColumns(ink);
    }

    private static int threshold(int[] histogram, int total) {
        double sum = 0;
        for (int level = 0; level < 256; level++) {
            sum += (double) level * histogram[level];
        }
        double sumBelow = 0;
        long below = 0;
        double best = -1;
        int threshold = 127;
        for (int level = 0; level < 255; level++) {
            below += histogram[level];
            sumBelow += (double) level * histogram[level];
            if (below == 0 || below == total) {
                continue;
            }
            double difference = sumBelow / below - (sum - sumBelow) / (total - below);
            double between = (double) below * (total - below) * difference * difference;
            if (between > best) {
                best = between;
                threshold = level;
            }
        }
        return threshold;
    }

    int width() {
        return ink.length;
    }

    /** The first column with ink, or the last one if none has any. */
    int first() {
        int x = 0;
        while (x < ink.length - 1 && !ink[x]) {
            x++;
        }
        return x;
    }

    /** The column after the last one with ink, at least 1. */
    int end() {
        int x = ink.length;
        while (x > 1 && !ink[x - 1]) {
            x--;
        }
        return x;
    }

    /** The widest part without ink from one column to another, as its first column and the one after it. */
    int[] widestClear(int from, int to) {
        int bestFrom = (from + to) / 2;
        int bestTo = bestFrom;
        int start = -1;
        for (int x = Math.max(0, from); x <= Math.min(to, ink.length); x++) {
            boolean clear = x < Math.min(to, ink.length) && !ink[x];
            if (clear && start < 0) {
                start = x;
            } else if (!clear && start >= 0) {
                if (x - start > bestTo - bestFrom) {
                    bestFrom = start;
                    bestTo = x;
                }
                start = -1;
            }
        }
        return new int[] {bestFrom, bestTo};
    }
}
