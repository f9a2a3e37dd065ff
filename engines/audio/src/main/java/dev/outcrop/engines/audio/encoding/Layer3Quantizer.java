package dev.outcrop.engines.audio.encoding;

import java.util.Arrays;

/**
 * Rounds a spectrum so that it fits into so many bits, with the noise where it is heard least: bands whose noise would be
 * heard get finer steps, as long as that helps. Where all noise is masked the steps grow, and bits are saved.
 *
 * <p>What masks is each band itself, and its neighbours, less by 10 dB a band above and 25 dB below.
 *
 * <p>Source: ISO/IEC 11172-3, C.1.5.4 (the loops of rate and distortion).
 */
final class Layer3Quantizer {
    /** A part of a frame may not have more bits. */
    static final int MOST_BITS = 4095;

    private static final int LARGEST = 8191 + 15;
    private static final int LINES = Layer3Filterbank.LINES;
    private static final int ROUNDS = 10;
    private static final double MASKING = Math.pow(10, -1.5);
    private static final double ABOVE = Math.pow(10, -1.0);
    private static final double BELOW = Math.pow(10, -2.5);
    private static final double AUDIBLE = 1e-10;
    private static final double ROUNDING = .4054;

    private static final int[] FIRST_LENGTHS = {0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4};
    private static final int[] SECOND_LENGTHS = {0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3};

    private final Layer3Tables tables = Layer3Tables.shipped();
    private final int[] bands;
    private final boolean low;

    /**
     * @param bands where the bands begin
     * @param low   whether it is for the low rates of MPEG-2
     */
    Layer3Quantizer(int[] bands, boolean low) {
        this.bands = bands;
        this.low = low;
    }

    /** What was found: steps, values, and how they are coded. */
    static final class Coded {
        private int gain;
        private int[] factors = new int[22];
        private int compress;
        private int factorBits;
        private int[] values = new int[LINES];
        private int pairs;
        private int quadruples;
        private final int[] select = new int[3];
        private int region0;
        private int region1;
        private int quadrupleTable;
        private int bits;

        /** All of its bits, scale factors included. */
        int bits() {
            return bits + factorBits;
        }
    }

    /** The spectrum in at most {@code target} bits. */
    Coded quantize(double[] lines, int target) {
        double[] powers = new double[LINES];
        double[] thresholds = thresholds(lines);
        int[] factors = new int[22];
        Coded best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            amplified(lines, factors, powers);
            Coded coded = fitted(powers, factors, target);
            double[] over = over(lines, coded, thresholds);
            double sum = Arrays.stream(over).sum();
            if (sum < least) {
                least = sum;
                best = coded;
            }
            if (sum <= 0) {
                return saving(lines, powers, coded, thresholds);
            }
            if (!amplify(factors, over)) {
                break;
            }
        }
        return best;
    }

    private double[] thresholds(double[] lines) {
        double[] energies = new double[22];
        for (int band = 0; band < 22; band++) {
            for (int i = bands[band]; i < bands[band + 1]; i++) {
                energies[band] += lines[i] * lines[i];
            }
        }
        double[] masks = energies.clone();
        for (int band = 1; band < 22; band++) {
            masks[band] = Math.max(masks[band], masks[band - 1] * ABOVE);
        }
        for (int band = 20; band >= 0; band--) {
            masks[band] = Math.max(masks[band], masks[band + 1] * BELOW);
        }
        for (int band = 0; band < 22; band++) {
            masks[band] = Math.max(masks[band] * MASKING, AUDIBLE * (bands[band + 1] - bands[band]));
        }
        return masks;
    }

    /** Magnitudes to the power of 3/4, amplified by their bands' factors. */
    private void amplified(double[] lines, int[] factors, double[] powers) {
        for (int band = 0; band < 22; band++) {
            double factor = Math.pow(2, .5 * .75 * factors[band]);
            for (int i = bands[band]; i < bands[band + 1]; i++) {
                double magnitude = Math.abs(lines[i]);
                powers[i] = Math.sqrt(magnitude * Math.sqrt(magnitude)) * factor;
            }
        }
    }

    /** The finest steps that fit. */
    private Coded fitted(double[] powers, int[] factors, int target) {
        int[] compressed = compress(factors);
        int from = 0;
        int to = 255;
        Coded fits = null;
        while (from <= to) {
            int gain = (from + to) >>> 1;
            Coded coded = coded(powers, factors, compressed, gain);
            if (coded != null && coded.bits() <= target) {
                fits = coded;
                to = gain - 1;
            } else {
                from = gain + 1;
            }
        }
        return fits == null ? silent() : fits;
    }

    /** The coarsest steps whose noise stays masked. */
    private Coded saving(double[] lines, double[] powers, Coded fine, double[] thresholds) {
        int[] compressed = compress(fine.factors);
        Coded saved = fine;
        int from = fine.gain + 1;
        int to = Math.min(255, fine.gain + 60);
        while (from <= to) {
            int gain = (from + to) >>> 1;
            Coded coded = coded(powers, fine.factors, compressed, gain);
            if (coded != null && Arrays.stream(over(lines, coded, thresholds)).sum() <= 0) {
                saved = coded;
                from = gain + 1;
            } else {
                to = gain - 1;
            }
        }
        return saved;
    }

    private Coded silent() {
        return coded(new double[LINES], new int[22], compress(new int[22]), 210);
    }

    /** By how many decibels the noise of each band is heard. */
    private double[] over(double[] lines, Coded coded, double[] thresholds) {
        double[] over = new double[22];
        double step = Math.pow(2, (coded.gain - 210) / 4.0);
        for (int band = 0; band < 22; band++) {
            double factor = step * Math.pow(2, -.5 * coded.factors[band]);
            double noise = 0;
            for (int i = bands[band]; i < bands[band + 1]; i++) {
                int value = coded.values[i];
                double error = Math.abs(lines[i]) - (value == 0 ? 0 : value * Math.cbrt(value) * factor);
                noise += error * error;
            }
            over[band] = noise > thresholds[band] ? 10 * Math.log10(noise / thresholds[band]) : 0;
        }
        return over;
    }

    /** Finer steps for bands with noise; whether that is possible. */
    private boolean amplify(int[] factors, double[] over) {
        int noisy = 0;
        for (int band = 0; band < 21; band++) {
            if (over[band] > 0) {
                factors[band] += over[band] > 6 ? 2 : 1;
                noisy++;
            }
        }
        return noisy > 0 && noisy < 21 && compress(factors)[0] >= 0;
    }

    /** How scale factors are packed: the number that says so, or -1, and their bits. */
    private int[] compress(int[] factors) {
        if (low) {
            int[] groups = {6, 5, 5, 5};
            int[] lengths = new int[4];
            int bits = 0;
            int band = 0;
            for (int group = 0; group < 4; group++) {
                int most = 0;
                for (int end = band + groups[group]; band < end; band++) {
                    most = Math.max(most, factors[band]);
                }
                lengths[group] = bitsOf(most);
                bits += lengths[group] * groups[group];
            }
            boolean possible = lengths[0] <= 4 && lengths[1] <= 4 && lengths[2] <= 3 && lengths[3] <= 3;
            int number = ((5 * lengths[0] + lengths[1]) << 4) + (lengths[2] << 2) + lengths[3];
            return new int[] {possible ? number : -1, bits};
        }
        int first = bitsOf(Arrays.stream(factors, 0, 11).max().orElse(0));
        int second = bitsOf(Arrays.stream(factors, 11, 21).max().orElse(0));
        int[] best = {-1, Integer.MAX_VALUE};
        for (int number = 0; number < 16; number++) {
            int bits = 11 * FIRST_LENGTHS[number] + 10 * SECOND_LENGTHS[number];
            if (FIRST_LENGTHS[number] >= first && SECOND_LENGTHS[number] >= second && bits < best[1]) {
                best = new int[] {number, bits};
            }
        }
        return best;
    }

    private static int bitsOf(int value) {
        return 32 - Integer.numberOfLeadingZeros(value);
    }

    /** The spectrum with these steps; null if a value is too large for any table. */
    private Coded coded(double[] powers, int[] factors, int[] compressed, int gain) {
        Coded coded = new Coded();
        coded.gain = gain;
        coded.factors = factors.clone();
        coded.compress = compressed[0];
        coded.factorBits = compressed[1];
        double scale = Math.pow(2, -.75 * (gain - 210) / 4.0);
        int last = 0;
        for (int i = 0; i < LINES; i++) {
            double value = powers[i] * scale + ROUNDING;
            if (value > LARGEST) {
                return null;
            }
            coded.values[i] = (int) value;
            if (coded.values[i] != 0) {
                last = i + 1;
            }
        }
        divide(coded, last);
        coded.bits = bits(coded);
        return coded;
    }

    /** Into pairs of large values, quadruples of small ones, and zeros. */
    private void divide(Coded coded, int last) {
        int large = last;
        while (large > 0 && coded.values[large - 1] <= 1) {
            large--;
        }
        coded.pairs = (large + 1) / 2;
        coded.quadruples = Math.max(0, (last - 2 * coded.pairs + 3) / 4);
        if (2 * coded.pairs + 4 * coded.quadruples > LINES) {
            // Two lines are left at the end, which make a pair.
            coded.quadruples--;
            coded.pairs = (LINES - 4 * coded.quadruples) / 2;
        }
        int used = 0;
        while (bands[used] < 2 * coded.pairs) {
            used++;
        }
        coded.region0 = Math.clamp(used / 3 - 1, 0, 15);
        coded.region1 = Math.clamp((used - coded.region0 - 1) / 2 - 1, 0, 7);
    }

    private int[] borders(Coded coded) {
        int end = 2 * coded.pairs;
        int first = Math.min(end, bands[Math.min(22, coded.region0 + 1)]);
        int second = Math.min(end, bands[Math.min(22, coded.region0 + coded.region1 + 2)]);
        return new int[] {0, first, second, end};
    }

    private int bits(Coded coded) {
        int[] borders = borders(coded);
        int sum = 0;
        for (int region = 0; region < 3; region++) {
            sum += select(coded, region, borders[region], borders[region + 1]);
        }
        int one = quadrupleBits(coded, 0);
        int other = quadrupleBits(coded, 1);
        coded.quadrupleTable = one <= other ? 0 : 1;
        return sum + Math.min(one, other);
    }

    /** Chooses the table for a region; gives the bits. */
    private int select(Coded coded, int region, int from, int to) {
        int most = 0;
        for (int i = from; i < to; i++) {
            most = Math.max(most, coded.values[i]);
        }
        coded.select[region] = 0;
        if (most == 0) {
            return 0;
        }
        int best = Integer.MAX_VALUE;
        for (int table : candidates(most)) {
            int bits = pairBits(coded.values, from, to, table);
            if (bits < best) {
                best = bits;
                coded.select[region] = table;
            }
        }
        return best;
    }

    private static int[] candidates(int most) {
        if (most > 15) {
            int first = 16;
            while (15 + (1 << Layer3Tables.LINEAR_BITS[first]) - 1 < most) {
                first++;
            }
            int second = 24;
            while (15 + (1 << Layer3Tables.LINEAR_BITS[second]) - 1 < most) {
                second++;
            }
            return new int[] {first, second};
        }
        return switch (most) {
            case 1 -> new int[] {1};
            case 2 -> new int[] {2, 3};
            case 3 -> new int[] {5, 6};
            case 4, 5 -> new int[] {7, 8, 9};
            case 6, 7 -> new int[] {10, 11, 12};
            default -> new int[] {13, 15};
        };
    }

    private int pairBits(int[] values, int from, int to, int table) {
        int[] lengths = tables.lengths(table);
        int width = tables.width(table);
        int linear = Layer3Tables.LINEAR_BITS[table];
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            int x = values[i];
            int y = values[i + 1];
            sum += lengths[Math.min(x, width - 1) * width + Math.min(y, width - 1)] + (x > 0 ? 1 : 0) + (y > 0 ? 1 : 0);
            if (table >= 16) {
                sum += (x >= 15 ? linear : 0) + (y >= 15 ? linear : 0);
            }
        }
        return sum;
    }

    private int quadrupleBits(Coded coded, int table) {
        int[] lengths = tables.lengths(Layer3Tables.QUADRUPLES + table);
        int sum = 0;
        for (int i = 0; i < coded.quadruples; i++) {
            int at = 2 * coded.pairs + 4 * i;
            int number = quadruple(coded.values, at);
            sum += lengths[number] + Integer.bitCount(number);
        }
        return sum;
    }

    private static int quadruple(int[] values, int at) {
        return 8 * values[at] + 4 * values[at + 1] + 2 * values[at + 2] + values[at + 3];
    }

    /** What stands in the frame's head. */
    void writeSide(Coded coded, BitOutput out) {
        out.write(coded.bits(), 12);
        out.write(coded.pairs, 9);
        out.write(coded.gain, 8);
        out.write(coded.compress, low ? 9 : 4);
        out.write(0, 1);
        for (int table : coded.select) {
            out.write(table, 5);
        }
        out.write(coded.region0, 4);
        out.write(coded.region1, 3);
        if (!low) {
            out.write(0, 1);
        }
        out.write(0, 1);
        out.write(coded.quadrupleTable, 1);
    }

    /** Scale factors and values. */
    void writeMain(double[] lines, Coded coded, BitOutput out) {
        for (int band = 0; band < 21; band++) {
            out.write(coded.factors[band], factorLength(coded.compress, band));
        }
        int[] borders = borders(coded);
        for (int region = 0; region < 3; region++) {
            for (int i = borders[region]; i < borders[region + 1] && coded.select[region] > 0; i += 2) {
                writePair(lines, coded, i, coded.select[region], out);
            }
        }
        int[] codes = tables.codes(Layer3Tables.QUADRUPLES + coded.quadrupleTable);
        int[] lengths = tables.lengths(Layer3Tables.QUADRUPLES + coded.quadrupleTable);
        for (int i = 0; i < coded.quadruples; i++) {
            int at = 2 * coded.pairs + 4 * i;
            int number = quadruple(coded.values, at);
            out.write(codes[number], lengths[number]);
            for (int line = at; line < at + 4; line++) {
                writeSign(lines, coded, line, out);
            }
        }
    }

    private int factorLength(int compress, int band) {
        if (low) {
            int high = compress >> 4;
            return band < 6 ? high / 5 : band < 11 ? high % 5 : band < 16 ? (compress >> 2) & 3 : compress & 3;
        }
        return band < 11 ? FIRST_LENGTHS[compress] : SECOND_LENGTHS[compress];
    }

    private void writePair(double[] lines, Coded coded, int at, int table, BitOutput out) {
        int width = tables.width(table);
        int linear = Layer3Tables.LINEAR_BITS[table];
        int x = coded.values[at];
        int y = coded.values[at + 1];
        int entry = Math.min(x, width - 1) * width + Math.min(y, width - 1);
        out.write(tables.codes(table)[entry], tables.lengths(table)[entry]);
        if (table >= 16 && x >= 15) {
            out.write(x - 15, linear);
        }
        writeSign(lines, coded, at, out);
        if (table >= 16 && y >= 15) {
            out.write(y - 15, linear);
        }
        writeSign(lines, coded, at + 1, out);
    }

    private static void writeSign(double[] lines, Coded coded, int line, BitOutput out) {
        if (coded.values[line] != 0) {
            out.write(lines[line] < 0 ? 1 : 0, 1);
        }
    }
}
