package dev.outcrop.engines.ocr;

/** Cuts the rectangle of a line, at whatever angle it stands, out of a page. */
final class LineCrop {
    /** The sharpness of the cubic kernel, as image libraries commonly have it. */
    private static final double SHARPNESS = -0.75;

    private static final double LEVEL = 0.02;

    private LineCrop() {}

    /**
     * What stands within {@code box}, upright, in as many pixels as it has on the page. A rectangle along the axes is copied,
     * any other one sampled by cubic convolution (Keys, 1981); beyond the page its edge goes on.
     */
    static ColorPixels of(ColorPixels page, Quadrilateral box) {
        int width = Math.max(1, (int) Math.round(box.width()));
        int height = Math.max(1, (int) Math.round(box.height()));
        int[] rgb = new int[width * height];
        double ux = (box.x1() - box.x0()) / width;
        double uy = (box.y1() - box.y0()) / width;
        double vx = (box.x3() - box.x0()) / height;
        double vy = (box.y3() - box.y0()) / height;
        boolean level = Math.min(Math.abs(uy) + Math.abs(vx), Math.abs(ux) + Math.abs(vy)) < LEVEL;
        double[] column = new double[4];
        double[] row = new double[4];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sourceX = box.x0() + (x + 0.5) * ux + (y + 0.5) * vx - 0.5;
                double sourceY = box.y0() + (x + 0.5) * uy + (y + 0.5) * vy - 0.5;
                rgb[y * width + x] = level
                        ? pixel(page, (int) Math.round(sourceX), (int) Math.round(sourceY))
                        : cubic(page, sourceX, sourceY, column, row);
            }
        }
        return new ColorPixels(width, height, rgb);
    }

    private static int pixel(ColorPixels page, int x, int y) {
        return page.rgb()[Math.clamp(y, 0, page.height() - 1) * page.width() + Math.clamp(x, 0, page.width() - 1)];
    }

    private static int cubic(ColorPixels page, double x, double y, double[] column, double[] row) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        weights(x - left, column);
        weights(y - top, row);
        double red = 0;
        double green = 0;
        double blue = 0;
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < 4; i++) {
                double weight = row[j] * column[i];
                int pixel = pixel(page, left - 1 + i, top - 1 + j);
                red += weight * (pixel >> 16 & 0xFF);
                green += weight * (pixel >> 8 & 0xFF);
                blue += weight * (pixel & 0xFF);
            }
        }
        return ColorPixels.rgb(level(red), level(green), level(blue));
    }

    private static int level(double value) {
        return Math.clamp(Math.round(value), 0, 255);
    }

    private static void weights(double at, double[] weights) {
        for (int i = 0; i < 4; i++) {
            double distance = Math.abs(i - 1 - at);
            weights[i] = distance <= 1
                    ? ((SHARPNESS + 2) * distance - (SHARPNESS + 3)) * distance * distance + 1
                    : ((SHARPNESS * distance - 5 * SHARPNESS) * distance + 8 * SHARPNESS) * distance - 4 * SHARPNESS;
        }
    }
}
