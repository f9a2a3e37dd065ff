package dev.outcrop.engines.ocr;

import java.nio.FloatBuffer;
import java.util.List;

/** Finds where lines of text stand on a page. */
final class TextDetector {
    private static final int SHORTEST_SIDE = 736;
    private static final int STEP = 32;
    private static final double LARGEST_SCALE = 4;

    private final OnnxModel model;
    private final int longestSide;

    /**
     * Makes a detector.
     *
     * @param longestSide to how many pixels the longer side of a page is reduced at most
     */
    TextDetector(OnnxModel model, int longestSide) {
        this.model = model;
        this.longestSide = longestSide;
    }

    /** The rectangles of lines, in pixels of {@code page}, each as if it were read rightwards. */
    List<Quadrilateral> detect(ColorPixels page) {
        double scale = Math.max(1, (double) SHORTEST_SIDE / Math.min(page.width(), page.height()));
        scale = Math.min(Math.min(scale, LARGEST_SCALE), (double) longestSide / Math.max(page.width(), page.height()));
        int width = size(page.width() * scale);
        int height = size(page.height() * scale);
        FloatBuffer input = OnnxModel.floats(3 * width * height);
        Resampling.write(page, width, height, new Resampling.Planes(input, 0, width, width * height));
        FloatBuffer output = model.run(input, 1, 3, height, width).values();
        float[] map = new float[width * height];
        output.get(0, map);
        double acrossX = (double) page.width() / width;
        double acrossY = (double) page.height() / height;
        return TextRegions.find(map, width, height).stream()
                .map(box -> new Quadrilateral(
                        box.x0() * acrossX,
                        box.y0() * acrossY,
                        box.x1() * acrossX,
                        box.y1() * acrossY,
                        box.x2() * acrossX,
                        box.y2() * acrossY,
                        box.x3() * acrossX,
                        box.y3() * acrossY))
                .toList();
    }

    private static int size(double wanted) {
        return Math.max(STEP, (int) Math.round(wanted / STEP) * STEP);
    }
}
