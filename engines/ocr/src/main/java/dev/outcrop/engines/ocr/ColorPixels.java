package dev.outcrop.engines.ocr;

/**
 * An image in colour.
 *
 * @param width  in pixels, at least 1
 * @param height in pixels, at least 1
 * @param rgb    row after row, 8 bits of red, green and blue in the lower 24 bits; not copied
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Compared by no one, and copying whole pages would cost more than reading them.
record ColorPixels(int width, int height, int[] rgb) {
    ColorPixels {
        if (width < 1 || height < 1 || rgb.length != width * height) {
            throw new IllegalArgumentException(width + " × " + height + " pixels, but " + rgb.length + " given");
        }
    }

    /** This image turned clockwise by {@code quarters} × 90°, 0 to 3. */
    ColorPixels turned(int quarters) {
        return switch (quarters) {
            case 1 -> {
                int[] turned = new int[rgb.length];
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        turned[x * height + height - 1 - y] = rgb[y * width + x];
                    }
                }
                yield new ColorPixels(height, width, turned);
            }
            case 2 -> {
                int[] turned = new int[rgb.length];
                for (int i = 0; i < rgb.length; i++) {
                    turned[rgb.length - 1 - i] = rgb[i];
                }
                yield new ColorPixels(width, height, turned);
            }
            case 3 -> {
                int[] turned = new int[rgb.length];
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        turned[(width - 1 - x) * height + y] = rgb[y * width + x];
                    }
                }
                yield new ColorPixels(height, width, turned);
            }
            default -> this;
        };
    }

    /** This image mirrored left to right. */
    ColorPixels mirrored() {
        int[] mirrored = new int[rgb.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                mirrored[y * width + width - 1 - x] = rgb[y * width + x];
            }
        }
        return new ColorPixels(width, height, mirrored);
    }

    /** How light each pixel is, by the weights of Rec. 601. */
    byte[] grey() {
        byte[] grey = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            grey[i] = (byte) lightness(rgb[i]);
        }
        return grey;
    }

    /** A pixel of three levels, 0 to 255 each. */
    static int rgb(int red, int green, int blue) {
        return (red << 16) | (green << 8) | blue;
    }

    /** How light a pixel is, 0 to 255. */
    static int lightness(int rgb) {
        return (299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF) + 500) / 1000;
    }
}
