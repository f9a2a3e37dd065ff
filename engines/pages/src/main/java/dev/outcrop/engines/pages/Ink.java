package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.PagePixels;
import java.util.BitSet;

/**
 * The dark places of a page. A page larger than 2,400 pixels is looked at in squares of several pixels, dark where one of
 * them is, so that thin lines stay.
 */
final class Ink {
    private static final int LARGEST = 2400;

    /** Lines that we draw cover a third of a pixel at least, and next to nothing else is dark. */
    private static final int DRAWN = 170;

    private final int width;
    private final int height;
    /** Row after row. */
    private final BitSet dark;

    /** The same column after column. */
    private final BitSet turned;

    private final double scaleX;
    private final double scaleY;

    private Ink(int width, int height, BitSet dark, double scaleX, double scaleY) {
        this.width = width;
        this.height = height;
        this.dark = dark;
        turned = new BitSet(width * height);
        for (int place = dark.nextSetBit(0); place >= 0; place = dark.nextSetBit(place + 1)) {
            turned.set(place % width * height + place / width);
        }
        this.scaleX = scaleX;
        this.scaleY = scaleY;
    }

    /** The ink of a page. */
    static Ink of(Page page) {
        PagePixels pixels = page.pixels();
        int step = Math.max(1, (Math.max(pixels.width(), pixels.height()) + LARGEST - 1) / LARGEST);
        int width = pixels.width() / step;
        int height = pixels.height() / step;
        byte[] grey = pixels.grey();
        int threshold = page.origin() == Page.Origin.TEXT_LAYER ? DRAWN : threshold(grey);
        BitSet dark = new BitSet(width * height);
        for (int y = 0; y < height * step; y++) {
            int from = y * pixels.width();
            int target = y / step * width;
            for (int x = 0; x < width * step; x++) {
                if ((grey[from + x] & 0xFF) < threshold) {
                    dark.set(target + x / step);
                }
            }
        }
        return new Ink(
                width,
                height,
                dark,
                (double) page.width() * step / Math.max(1, pixels.width()),
                (double) page.height() * step / Math.max(1, pixels.height()));
    }

    /** Otsu's threshold between ink and paper, within what may be either. */
    private static int threshold(byte[] grey) {
        long[] histogram = new long[256];
        // Every seventh pixel tells enough.
        for (int i = 0; i < grey.length; i += 7) {
            histogram[grey[i] & 0xFF]++;
        }
        long total = 0;
        double sum = 0;
        for (int i = 0; i < 256; i++) {
            total += histogram[i];
            sum += (double) i * histogram[i];
        }
        double best = -1;
        int threshold = 128;
        long below = 0;
        double sumBelow = 0;
        for (int i = 0; i < 256; i++) {
            below += histogram[i];
            sumBelow += (double) i * histogram[i];
            long above = total - below;
            if (below > 0 && above > 0) {
                double difference = sumBelow / below - (sum - sumBelow) / above;
                double between = (double) below * above * difference * difference;
                if (between > best) {
                    best = between;
                    threshold = i + 1;
                }
            }
        }
        return Math.clamp(threshold, 100, 190);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean at(int x, int y) {
        return dark.get(y * width + x);
    }

    /** The first dark place of a row, from {@code x} on; {@link #width} if there is none. */
    int next(int x, int y) {
        return next(dark, y * width, x, width);
    }

    /** The first dark place of a column, from {@code y} on; {@link #height} if there is none. */
    int nextBelow(int x, int y) {
        return next(turned, x * height, y, height);
    }

    private static int next(BitSet places, int begin, int from, int length) {
        int place = from < length ? places.nextSetBit(begin + from) : -1;
        return place < 0 ? length : Math.min(length, place - begin);
    }

    /** How many pixels of the page one place of ink is wide. */
    double scaleX() {
        return scaleX;
    }

    double scaleY() {
        return scaleY;
    }

    /** The box on the page of places from {@code left} to before {@code right} and from {@code top} to before {@code bottom}. */
    Box box(int left, int top, int right, int bottom) {
        return new Box(left * scaleX, top * scaleY, right * scaleX, bottom * scaleY);
    }

    /** How much of a box on the page is dark, 0 to 1. */
    double share(Box box) {
        int left = Math.clamp((int) (box.left() / scaleX), 0, width);
        int right = Math.clamp((int) Math.ceil(box.right() / scaleX), left, width);
        int top = Math.clamp((int) (box.top() / scaleY), 0, height);
        int bottom = Math.clamp((int) Math.ceil(box.bottom() / scaleY), top, height);
        long count = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                count += at(x, y) ? 1 : 0;
            }
        }
        long area = (long) (right - left) * (bottom - top);
        return area == 0 ? 0 : (double) count / area;
    }
}
