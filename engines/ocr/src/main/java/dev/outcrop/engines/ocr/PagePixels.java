package dev.outcrop.engines.ocr;

import java.util.function.Supplier;

/**
 * The upright page in grey, made when first asked for: to be asked only while the consumer of the page runs, since a
 * page of a PDF is drawn for it. Not safe for concurrent use.
 */
public final class PagePixels {
    private final int width;
    private final int height;
    private final Supplier<byte[]> source;
    private byte[] grey;

    PagePixels(int width, int height, Supplier<byte[]> source) {
        this.width = width;
        this.height = height;
        this.source = source;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels, row after row from the upper left, 0 (black) to 255 (white) when read as unsigned; not a copy. */
    public byte[] grey() {
        if (grey == null) {
            grey = source.get();
        }
        return grey;
    }

    /** The pixel at a place, 0 (black) to 255 (white). */
    public int at(int x, int y) {
        return grey()[y * width + x] & 0xFF;
    }
}
