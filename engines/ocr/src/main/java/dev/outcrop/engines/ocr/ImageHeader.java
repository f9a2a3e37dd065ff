package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the first bytes of an image, or of each image of a TIFF, say of it: read before any pixel is unpacked.
 *
 * @param orientation how EXIF (JPEG) or the tag (TIFF) says that it must be turned, 1 (not at all) to 8
 * @param channels    values a pixel
 * @param inverted    whether a JPEG of four channels was written by Adobe's programs, which store ink as its opposite
 * @param luminance   whether the first three of four channels are a lightness and two colour differences
 */
record ImageHeader(int width, int height, int orientation, int channels, boolean inverted, boolean luminance) {
    private static final int LONGEST_TIFF_TAG = 12;
    private static final int MOST_CHANNELS = 8;

    /** The header of a JPEG. */
    static ImageHeader ofJpeg(byte[] file) {
        int at = 2;
        int orientation = 1;
        boolean adobe = false;
        int transform = 0;
        while (at + 4 <= file.length) {
            if ((file[at] & 0xFF) != 0xFF) {
                throw damaged("a segment of the JPEG does not begin with a marker");
            }
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                at += 2;
                continue;
            }
            int length = unsignedShort(file, at + 2);
            int body = at + 4;
            int end = at + 2 + length;
            if (length < 2 || end > file.length || marker == 0xD9 || marker == 0xDA) {
                break;
            }
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame && length >= 8) {
                return new ImageHeader(
                        unsignedShort(file, body + 3),
                        unsignedShort(file, body + 1),
                        orientation,
                        file[body + 5] & 0xFF,
                        adobe,
                        transform == 2);
            }
            if (marker == 0xE1 && starts(file, body, end, "Exif\0\0")) {
                orientation = exifOrientation(file, body + 6, end);
            } else if (marker == 0xEE && length >= 14 && starts(file, body, end, "Adobe")) {
                adobe = true;
                transform = file[body + 11] & 0xFF;
            }
            at = end;
        }
        throw damaged("the JPEG does not say how large it is");
    }

    /** The header of a PNG. */
    static ImageHeader ofPng(byte[] file) {
        if (file.length < 33 || !starts(file, 12, file.length, "IHDR")) {
            throw damaged("the PNG does not say how large it is");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        return new ImageHeader(bytes.getInt(16), bytes.getInt(20), 1, 4, false, false);
    }

    /**
     * The headers of the images of a TIFF.
     *
     * @throws UnreadableDocumentException {@code TOO_MANY_PAGES} if there are more than {@code pages}
     */
    static List<ImageHeader> ofTiff(byte[] file, int pages) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        bytes.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        List<ImageHeader> headers = new ArrayList<>();
        Set<Long> seen = new TreeSet<>();
        long at = file.length < 8 ? 0 : Integer.toUnsignedLong(bytes.getInt(4));
        while (at != 0) {
            if (at + 2 > file.length || !seen.add(at)) {
                throw damaged("a directory of the TIFF lies outside the file, or is its own successor");
            }
            if (headers.size() == pages) {
                throw new UnreadableDocumentException(
                        Category.TOO_MANY_PAGES, "the TIFF has more than " + pages + " pages");
            }
            int count = Short.toUnsignedInt(bytes.getShort((int) at));
            long next = at + 2 + (long) count * LONGEST_TIFF_TAG;
            if (next + 4 > file.length) {
                throw damaged("a directory of the TIFF is cut off");
            }
            headers.add(directory(bytes, (int) at + 2, count));
            at = Integer.toUnsignedLong(bytes.getInt((int) next));
        }
        if (headers.isEmpty()) {
            throw damaged("the TIFF holds no image");
        }
        return headers;
    }

    private static ImageHeader directory(ByteBuffer bytes, int from, int count) {
        long width = 0;
        long height = 0;
        long tile = 0;
        long channels = 1;
        long orientation = 1;
        for (int i = 0; i < count; i++) {
            int at = from + i * LONGEST_TIFF_TAG;
            int tag = Short.toUnsignedInt(bytes.getShort(at));
            int type = Short.toUnsignedInt(bytes.getShort(at + 2));
            long values = Integer.toUnsignedLong(bytes.getInt(at + 4));
            if (values * Math.max(1, sizeOf(type)) > bytes.capacity()) {
                throw damaged("a value of the TIFF is longer than the file");
            }
            long value = type == 3
                    ? Short.toUnsignedLong(bytes.getShort(at + 8))
                    : Integer.toUnsignedLong(bytes.getInt(at + 8));
            switch (tag) {
                case 256 -> width = value;
                case 257 -> height = value;
                case 274 -> orientation = value;
                case 277 -> channels = value;
                case 322, 323 -> tile = Math.max(tile, value);
                default -> {
                    // Says nothing of the size.
                }
            }
        }
        // A tile larger than any page would be made room for as a whole.
        if (channels > MOST_CHANNELS || tile > Short.MAX_VALUE) {
            throw damaged("the TIFF has " + channels + " values a pixel and tiles of " + tile + " pixels");
        }
        return new ImageHeader(
                clampToInt(width == 0 ? 0 : Math.max(width, tile)),
                clampToInt(height),
                orientation >= 1 && orientation <= 8 ? (int) orientation : 1,
                (int) channels,
                false,
                false);
    }

    private static int clampToInt(long value) {
        return (int) Math.min(Integer.MAX_VALUE, value);
    }

    private static int sizeOf(int type) {
        return switch (type) {
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12 -> 8;
            default -> 1;
        };
    }

    private static int exifOrientation(byte[] file, int from, int end) {
        if (from + 8 > end) {
            return 1;
        }
        ByteBuffer bytes = ByteBuffer.wrap(file, from, end - from).slice();
        bytes.order(bytes.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long at = Integer.toUnsignedLong(bytes.getInt(4));
        if (at + 2 > bytes.capacity()) {
            return 1;
        }
        int count = Short.toUnsignedInt(bytes.getShort((int) at));
        for (int i = 0; i < count; i++) {
            long entry = at + 2 + (long) i * LONGEST_TIFF_TAG;
            if (entry + LONGEST_TIFF_TAG > bytes.capacity()) {
                return 1;
            }
            if (bytes.getShort((int) entry) == 0x0112) {
                int orientation = Short.toUnsignedInt(bytes.getShort((int) entry + 8));
                return orientation >= 1 && orientation <= 8 ? orientation : 1;
            }
        }
        return 1;
    }

    private static int unsignedShort(byte[] file, int at) {
        return (file[at] & 0xFF) * 256 + (file[at + 1] & 0xFF);
    }

    private static boolean starts(byte[] file, int from, int end, String text) {
        if (from + text.length() > end) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (file[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static UnreadableDocumentException damaged(String message) {
        return new UnreadableDocumentException(Category.DAMAGED, message);
    }
}
