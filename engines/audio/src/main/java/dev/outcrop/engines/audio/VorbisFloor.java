package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rough shape of a spectrum: lines between points, in decibels.
 *
 * <p>Source: Vorbis I specification, section 7. Its first kind (section 6) is what encoders wrote before 2001, and is left
 * out.
 */
final class VorbisFloor {
    private static final int MOST_POINTS = 65;
    private static final int[] RANGES = {256, 128, 86, 64};
    private static final float[] AMPLITUDES = amplitudes();

    private final int[] partitionClasses;
    private final int[] classDimensions;
    private final int[] classBits;
    private final VorbisCodebook[] masterBooks;
    private final VorbisCodebook[][] books;
    private final int multiplier;
    private final int[] places;
    private final int[] sorted;
    private final int[] lower;
    private final int[] higher;

    VorbisFloor(VorbisBits bits, List<VorbisCodebook> codebooks) {
        int type = bits.number(16);
        if (type != 1) {
            throw type == 0
                    ? unsupported("Vorbis of before 2001 (floor 0) is not decoded")
                    : damaged("a floor of the Vorbis stream is of no kind that is known");
        }
        partitionClasses = new int[bits.number(5)];
        int classes = 0;
        for (int i = 0; i < partitionClasses.length; i++) {
            partitionClasses[i] = bits.number(4);
            classes = Math.max(classes, partitionClasses[i] + 1);
        }
        classDimensions = new int[classes];
        classBits = new int[classes];
        masterBooks = new VorbisCodebook[classes];
        books = new VorbisCodebook[classes][];
        for (int i = 0; i < classes; i++) {
            classDimensions[i] = bits.number(3) + 1;
            classBits[i] = bits.number(2);
            if (classBits[i] > 0) {
                masterBooks[i] = book(codebooks, bits.number(8));
            }
            books[i] = new VorbisCodebook[1 << classBits[i]];
            for (int j = 0; j < books[i].length; j++) {
                int number = bits.number(8) - 1;
                books[i][j] = number < 0 ? null : book(codebooks, number);
            }
        }
        multiplier = bits.number(2) + 1;
        int width = bits.number(4);
        int[] points = new int[MOST_POINTS];
        points[1] = 1 << width;
        int count = 2;
        for (int partition : partitionClasses) {
            for (int i = 0; i < classDimensions[partition]; i++) {
                if (count == MOST_POINTS) {
                    throw damaged("a floor of the Vorbis stream has more than " + MOST_POINTS + " points");
                }
                points[count++] = bits.number(width);
            }
        }
        places = Arrays.copyOf(points, count);
        if (IntStream.of(places).distinct().count() < count) {
            throw damaged("a floor of the Vorbis stream has two points at one place");
        }
        sorted = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingInt(i -> places[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        lower = new int[count];
        higher = new int[count];
        for (int i = 2; i < count; i++) {
            lower[i] = 0;
            higher[i] = 1;
            for (int j = 0; j < i; j++) {
                if (places[j] < places[i] && places[j] > places[lower[i]]) {
                    lower[i] = j;
                }
                if (places[j] > places[i] && places[j] < places[higher[i]]) {
                    higher[i] = j;
                }
            }
        }
    }

    static VorbisCodebook book(List<VorbisCodebook> codebooks, int number) {
        if (number >= codebooks.size()) {
            throw damaged("the Vorbis stream names a codebook that it has not");
        }
        return codebooks.get(number);
    }

    /** 256 steps over 140 decibels, the last of which is 1. */
    private static float[] amplitudes() {
        float[] amplitudes = new float[256];
        for (int i = 0; i < amplitudes.length; i++) {
            amplitudes[i] = (float) Math.pow(10, (i - 255) * 7 / 256.0);
        }
        return amplitudes;
    }

    /** The points of a channel as the packet has them; empty where it is silent. */
    int[] read(VorbisBits bits) {
        if (!bits.flag()) {
            return new int[0];
        }
        int[] values = new int[places.length];
        int width = VorbisBits.width(RANGES[multiplier - 1] - 1);
        values[0] = bits.number(width);
        values[1] = bits.number(width);
        int at = 2;
        for (int partition : partitionClasses) {
            int chosen = 0;
            if (classBits[partition] > 0) {
                chosen = masterBooks[partition].decode(bits);
            }
            for (int i = 0; i < classDimensions[partition] && chosen >= 0; i++) {
                VorbisCodebook book = books[partition][chosen & (books[partition].length - 1)];
                chosen >>= classBits[partition];
                values[at + i] = book == null ? 0 : book.decode(bits);
                if (values[at + i] < 0) {
                    return new int[0];
                }
            }
            if (chosen < 0) {
                return new int[0];
            }
            at += classDimensions[partition];
        }
        return bits.ended() ? new int[0] : values;
    }

    /** Multiplies a spectrum with the shape that {@code values} give. */
    void apply(int[] values, float[] spectrum) {
        int range = RANGES[multiplier - 1];
        int[] heights = new int[values.length];
        boolean[] drawn = new boolean[values.length];
        heights[0] = values[0];
        heights[1] = values[1];
        drawn[0] = true;
        drawn[1] = true;
        for (int i = 2; i < values.length; i++) {
            int predicted =
                    onLine(places[lower[i]], heights[lower[i]], places[higher[i]], heights[higher[i]], places[i]);
            heights[i] = predicted;
            if (values[i] != 0) {
                drawn[lower[i]] = true;
                drawn[higher[i]] = true;
                drawn[i] = true;
                heights[i] = moved(predicted, values[i], range);
            }
        }
        int place = 0;
        int height = heights[0] * multiplier;
        for (int i = 1; i < sorted.length; i++) {
            int point = sorted[i];
            if (drawn[point]) {
                int to = heights[point] * multiplier;
                draw(place, height, places[point], to, spectrum);
                place = places[point];
                height = to;
            }
        }
        draw(place, height, Math.max(place + 1, spectrum.length), height, spectrum);
    }

    /** What is left of the room above and below the line decides which side a value means. */
    private static int moved(int predicted, int value, int range) {
        int above = range - predicted;
        int room = 2 * Math.min(above, predicted);
        if (value >= room) {
            return above > predicted ? value : predicted - value + above - 1;
        }
        return (value & 1) != 0 ? predicted - (value + 1) / 2 : predicted + value / 2;
    }

    private static int onLine(int fromX, int fromY, int toX, int toY, int x) {
        int moved = Math.abs(toY - fromY) * (x - fromX) / (toX - fromX);
        return toY < fromY ? fromY - moved : fromY + moved;
    }

    private static void draw(int fromX, int fromY, int toX, int toY, float[] spectrum) {
        int width = toX - fromX;
        int base = (toY - fromY) / width;
        int further = toY < fromY ? base - 1 : base + 1;
        int rest = Math.abs(toY - fromY) - Math.abs(base) * width;
        int error = 0;
        int y = fromY;
        for (int x = fromX; x < toX && x < spectrum.length; x++) {
            spectrum[x] *= AMPLITUDES[Math.clamp(y, 0, AMPLITUDES.length - 1)];
            error += rest;
            if (error >= width) {
                error -= width;
                y += further;
            } else {
                y += base;
            }
        }
    }
}
