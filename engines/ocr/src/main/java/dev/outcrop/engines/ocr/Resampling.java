package dev.outcrop.engines.ocr;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Changes the size of images by a triangle filter that widens when an image shrinks, so that thin strokes do not vanish
 * between two pixels. Costs O(source + target pixels) times the filter's width in each direction.
 */
final class Resampling {
    private Resampling() {}

    /** Which source values, with what weights, make each target value. */
    private record Taps(int[] first, float[][] weights) {
        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double reach = Math.max(1, scale);
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double center = (i + 0.5) * scale - 0.5;
                int low = Math.max(0, (int) Math.ceil(center - reach));
                int high = Math.min(from - 1, (int) Math.floor(center + reach));
                if (high < low) {
                    low = high = Math.clamp(Math.round(center), 0, from - 1);
                }
                float[] row = new float[high - low + 1];
                float sum = 0;
                for (int k = low; k <= high; k++) {
                    row[k - low] = (float) Math.max(1e-6, 1 - Math.abs(k - center) / reach);
                    sum += row[k - low];
                }
                for (int k = 0; k < row.length; k++) {
                    row[k] /= sum;
                }
                first[i] = low;
                weights[i] = row;
            }
            return new Taps(first, weights);
        }
    }

    /** Where the values of an image go: three planes (blue, green, red), −1 for black to 1 for white. */
    record Planes(FloatBuffer values, int offset, int rowStride, int planeStride) {}

    /** Writes {@code image} in the size {@code width} × {@code height} to {@code target}. */
    static void write(ColorPixels image, int width, int height, Planes target) {
        Taps columns = Taps.of(image.width(), width);
        Taps rows = Taps.of(image.height(), height);
        int most =
                Arrays.stream(rows.weights()).mapToInt(row -> row.length).max().orElse(1);
        float[][] ring = new float[most][];
        int[] held = new int[most];
        Arrays.fill(held, -1);
        float[] out = new float[3 * width];
        for (int y = 0; y < height; y++) {
            Arrays.fill(out, 0);
            float[] weights = rows.weights()[y];
            for (int k = 0; k < weights.length; k++) {
                int source = rows.first()[y] + k;
                int slot = source % most;
                if (held[slot] != source) {
                    if (ring[slot] == null) {
                        ring[slot] = new float[3 * width];
                    }
                    row(image, source, columns, ring[slot]);
                    held[slot] = source;
                }
                float weight = weights[k];
                float[] from = ring[slot];
                for (int i = 0; i < out.length; i++) {
                    out[i] += weight * from[i];
                }
            }
            for (int i = 0; i < out.length; i++) {
                out[i] = out[i] * (2f / 255) - 1;
            }
            for (int plane = 0; plane < 3; plane++) {
                target.values()
                        .put(
                                target.offset() + plane * target.planeStride() + y * target.rowStride(),
                                out,
                                plane * width,
                                width);
            }
        }
    }

    /** One row of the source in its new width: all blue values, then all green, then all red. */
    private static void row(ColorPixels image, int y, Taps columns, float[] target) {
        int[] rgb = image.rgb();
        int start = y * image.width();
        int width = columns.first().length;
        for (int x = 0; x < width; x++) {
            float[] weights = columns.weights()[x];
            int from = start + columns.first()[x];
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int k = 0; k < weights.length; k++) {
                int pixel = rgb[from + k];
                float weight = weights[k];
                red += weight * (pixel >> 16 & 0xFF);
                green += weight * (pixel >> 8 & 0xFF);
                blue += weight * (pixel & 0xFF);
            }
            target[x] = blue;
            target[width + x] = green;
            target[2 * width + x] = red;
        }
    }

    /** {@code image} in another size. */
    static ColorPixels resized(ColorPixels image, int width, int height) {
        if (width == image.width() && height == image.height()) {
            return image;
        }
        FloatBuffer planes = FloatBuffer.allocate(3 * width * height);
        write(image, width, height, new Planes(planes, 0, width, width * height));
        int[] rgb = new int[width * height];
        float[] values = planes.array();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] =
                    ColorPixels.rgb(level(values[2 * rgb.length + i]), level(values[rgb.length + i]), level(values[i]));
        }
        return new ColorPixels(width, height, rgb);
    }

    private static int level(float value) {
        return Math.clamp(Math.round((value + 1) * 127.5f), 0, 255);
    }
}
