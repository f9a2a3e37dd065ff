package dev.outcrop.engines.audio.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * What the standard says of layer III in numbers: the window of the filter bank, Huffman codes, and bands of scale factors.
 *
 * <p>Source: ISO/IEC 11172-3 and ISO/IEC 13818-3, annex B; the bands of 8,000 samples a second as decoders have them.
 */
final class Layer3Tables {
    /** The number of a table of quadruples. */
    static final int QUADRUPLES = 32;

    /** How many bits follow a value of 15 in tables 16 to 31. */
    static final int[] LINEAR_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13
    };

    private static final int[] BANDS_44100 = {
        0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, 576
    };
    private static final int[] BANDS_48000 = {
        0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, 576
    };
    private static final int[] BANDS_22050 = {
        0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576
    };
    private static final int[] BANDS_24000 = {
        0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 330, 394, 464, 540, 576
    };
    private static final int[] BANDS_8000 = {
        0, 12, 24, 36, 48, 60, 72, 88, 108, 132, 160, 192, 232, 280, 336, 400, 476, 566, 568, 570, 572, 574, 576
    };

    private static final Layer3Tables SHIPPED = read();

    private final double[] window = new double[512];
    private final int[][] codes = new int[34][];
    private final int[][] lengths = new int[34][];

    private Layer3Tables() {}

    static Layer3Tables shipped() {
        return SHIPPED;
    }

    private static Layer3Tables read() {
        Layer3Tables tables = new Layer3Tables();
        try (InputStream resource = Layer3Tables.class.getResourceAsStream("layer3.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(resource, UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(tables::add);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        for (int table = 17; table < QUADRUPLES; table++) {
            int same = table < 24 ? 16 : 24;
            tables.codes[table] = tables.codes[same];
            tables.lengths[table] = tables.lengths[same];
        }
        return tables;
    }

    private void add(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("window")) {
            for (int i = 0; i < window.length; i++) {
                // The analysis takes the window of the synthesis divided by 32.
                window[i] = Integer.parseInt(words[i + 1]) / 65_536.0 / 32;
            }
        } else {
            int table = Integer.parseInt(words[1]);
            codes[table] = Arrays.stream(words, 2, words.length)
                    .mapToInt(code -> Integer.parseInt(code, 2))
                    .toArray();
            lengths[table] = Arrays.stream(words, 2, words.length)
                    .mapToInt(String::length)
                    .toArray();
        }
    }

    double[] window() {
        return window;
    }

    /** The code of each entry of a table. */
    int[] codes(int table) {
        return codes[table];
    }

    /** How long each code is. */
    int[] lengths(int table) {
        return lengths[table];
    }

    /** How many values one of a pair can have in a table. */
    int width(int table) {
        return table >= 16 ? 16 : (int) Math.round(Math.sqrt(codes[table].length));
    }

    /** Where the bands of scale factors begin, of long blocks. */
    static int[] bands(int sampleRate) {
        return switch (sampleRate) {
            case 44_100 -> BANDS_44100;
            case 48_000 -> BANDS_48000;
            case 24_000 -> BANDS_24000;
            case 8000 -> BANDS_8000;
            default -> BANDS_22050;
        };
    }
}
