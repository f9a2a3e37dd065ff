package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.DataBufferUShort;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A JPEG, PNG or TIFF. The size that headers give is checked first; an image of more than 32 million pixels is
 * unpacked with pixels left out, and every image is reduced to at most 16 million.
 */
final class ImageFile {
    private static final long MOST_UNPACKED = 32_000_000;
    private static final double MOST_KEPT = 16_000_000;

    private final byte[] file;
    private final DocumentFormat format;
    private final List<ImageHeader> headers;

    /** Looks at the headers of an image; nothing is unpacked yet. */
    ImageFile(byte[] file, DocumentFormat format, ReadingLimits limits) {
        this.file = file;
        this.format = format;
        this.headers = headers(file, format, limits.pages());
        for (ImageHeader header : headers) {
            check(header.width(), header.height(), limits.side());
        }
    }

    int pages() {
        return headers.size();
    }

    /** The pixels of a page, counted from 1, turned as the file says. */
    ColorPixels pixels(int page, Deadline deadline) {
        ImageHeader header = headers.get(page - 1);
        return oriented(reduced(unpacked(page - 1, header, deadline)), header.orientation());
    }

    private static List<ImageHeader> headers(byte[] file, DocumentFormat format, int pages) {
        try {
            return switch (format) {
                case JPEG -> List.of(ImageHeader.ofJpeg(file));
                case PNG -> List.of(ImageHeader.ofPng(file));
                case TIFF -> ImageHeader.ofTiff(file, pages);
                case PDF -> throw new IllegalArgumentException("a PDF is not an image");
            };
        } catch (IndexOutOfBoundsException outside) {
            throw new UnreadableDocumentException(Category.DAMAGED, "the head of the image is cut off", outside);
        }
    }

    /** Refuses sizes that are none or too large. */
    static void check(int width, int height, int side) {
        if (width <= 0 || height <= 0) {
            throw new UnreadableDocumentException(
                    Category.DAMAGED, "the image says that it has " + width + " × " + height + " pixels");
        }
        if (width > side || height > side) {
            throw new UnreadableDocumentException(
                    Category.TOO_LARGE,
                    "the image has " + width + " × " + height + " pixels, but each side may have at most " + side);
        }
    }

    private ColorPixels unpacked(int page, ImageHeader header, Deadline deadline) {
        ImageReader reader = reader(format);
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(stream, false, true);
            reader.addIIOReadProgressListener(new Stopping(deadline));
            ImageReadParam parameters = reader.getDefaultReadParam();
            int step = (int) Math.ceil(Math.sqrt((double) header.width() * header.height() / MOST_UNPACKED));
            if (step > 1) {
                parameters.setSourceSubsampling(step, step, 0, 0);
            }
            ColorPixels pixels = format == DocumentFormat.JPEG && header.channels() == 4
                    ? fromInks(reader.readRaster(page, parameters), header)
                    : pixels(reader.read(page, parameters));
            deadline.check();
            return pixels;
        } catch (IOException | RuntimeException failure) {
            if (failure instanceof UnreadableDocumentException refusal) {
                throw refusal;
            }
            // Image readers of the JDK answer damage with whatever exception comes.
            throw new UnreadableDocumentException(
                    Category.DAMAGED, "the image cannot be unpacked: " + failure.getMessage(), failure);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own reader, whatever else is on the class path. */
    private static ImageReader reader(DocumentFormat format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
        }
        throw new IllegalStateException("this Java runtime does not read " + format);
    }

    /** Cyan, magenta, yellow and black to red, green and blue. */
    private static ColorPixels fromInks(Raster raster, ImageHeader header) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int[] rgb = new int[width * height];
        int[] row = new int[4 * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int first = row[4 * x];
                int second = row[4 * x + 1];
                int third = row[4 * x + 2];
                int black = row[4 * x + 3];
                if (header.luminance()) {
                    double blueness = second - 128;
                    double redness = third - 128;
                    int lightness = first;
                    first = level(lightness + 1.402 * redness);
                    second = level(lightness - 0.344136 * blueness - 0.714136 * redness);
                    third = level(lightness + 1.772 * blueness);
                }
                if (!header.inverted()) {
                    first = 255 - first;
                    second = 255 - second;
                    third = 255 - third;
                    black = 255 - black;
                }
                rgb[y * width + x] = ColorPixels.rgb(first * black / 255, second * black / 255, third * black / 255);
            }
        }
        return new ColorPixels(width, height, rgb);
    }

    private static int level(double value) {
        return Math.clamp(Math.round(value), 0, 255);
    }

    /** The pixels of an image; what is transparent shows white paper. */
    static ColorPixels pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] rgb = new int[width * height];
        Raster raster = image.getRaster();
        boolean whole = raster.getSampleModelTranslateX() == 0 && raster.getSampleModelTranslateY() == 0;
        if (whole
                && image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && raster.getDataBuffer() instanceof DataBufferByte bytes
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && bytes.getOffset() == 0) {
            byte[] data = bytes.getData();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = y * model.getScanlineStride() + 3 * x;
                    rgb[y * width + x] = ColorPixels.rgb(data[at + 2] & 0xFF, data[at + 1] & 0xFF, data[at] & 0xFF);
                }
            }
        } else if (whole
                && image.getType() == BufferedImage.TYPE_INT_RGB
                && raster.getDataBuffer() instanceof DataBufferInt integers
                && raster.getSampleModel() instanceof SinglePixelPackedSampleModel model
                && integers.getOffset() == 0) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(integers.getData(), y * model.getScanlineStride(), rgb, y * width, width);
            }
        } else if (raster.getNumBands() == 1
                && image.getColorModel().getNumColorComponents() == 1
                && (raster.getDataBuffer() instanceof DataBufferByte
                        || raster.getDataBuffer() instanceof DataBufferUShort)
                && image.getType() != BufferedImage.TYPE_BYTE_BINARY
                && image.getType() != BufferedImage.TYPE_BYTE_INDEXED) {
            // Java takes grey values for linear light and would brighten them.
            int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
                for (int x = 0; x < width; x++) {
                    rgb[y * width + x] = (row[x] >> shift & 0xFF) * 0x010101;
                }
            }
        } else {
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    rgb[y * width + x] = onWhite(row[x]);
                }
            }
        }
        return new ColorPixels(width, height, rgb);
    }

    private static int onWhite(int argb) {
        int alpha = argb >>> 24;
        if (alpha == 255) {
            return argb & 0xFFFFFF;
        }
        int white = 255 * (255 - alpha);
        return ColorPixels.rgb(
                ((argb >> 16 & 0xFF) * alpha + white) / 255,
                ((argb >> 8 & 0xFF) * alpha + white) / 255,
                ((argb & 0xFF) * alpha + white) / 255);
    }

    private static ColorPixels reduced(ColorPixels pixels) {
        double share = Math.sqrt(MOST_KEPT / ((double) pixels.width() * pixels.height()));
        return share >= 1
                ? pixels
                : Resampling.resized(pixels, Math.max(1, (int) (pixels.width() * share)), Math.max(1, (int)
                        (pixels.height() * share)));
    }

    private static ColorPixels oriented(ColorPixels pixels, int orientation) {
        return switch (orientation) {
            case 2 -> pixels.mirrored();
            case 3 -> pixels.turned(2);
            case 4 -> pixels.mirrored().turned(2);
            case 5 -> pixels.mirrored().turned(3);
            case 6 -> pixels.turned(1);
            case 7 -> pixels.mirrored().turned(1);
            case 8 -> pixels.turned(3);
            default -> pixels;
        };
    }

    /** Stops unpacking when the time is over. */
    private record Stopping(Deadline deadline) implements IIOReadProgressListener {
        private void look(ImageReader reader) {
            if (deadline.leftNanos() < 0) {
                reader.abort();
            }
        }

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            look(source);
        }

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {
            look(source);
        }

        @Override
        public void imageComplete(ImageReader source) {
            // The deadline is looked at then anyway.
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {
            // One image is read at a time.
        }

        @Override
        public void sequenceComplete(ImageReader source) {
            // One image is read at a time.
        }

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {
            // Thumbnails are not read.
        }

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {
            // Thumbnails are not read.
        }

        @Override
        public void thumbnailComplete(ImageReader source) {
            // Thumbnails are not read.
        }

        @Override
        public void readAborted(ImageReader source) {
            // The deadline is looked at then anyway.
        }
    }
}
