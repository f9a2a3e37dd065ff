package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.util.Arrays;
import java.util.Optional;

/**
 * FLAC, as a file of its own or inside Ogg. Frames whose checksum is wrong are damage.
 *
 * <p>Source: RFC 9639, "Free Lossless Audio Codec (FLAC)".
 */
final class FlacStream implements SoundStream {
    private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};
    private static final int LARGEST_PARTITION_QUOTIENT = 1 << 24;

    private final Bytes in;
    private final BitInput bits;
    private int sampleRate;
    private int channels;
    private int bitsASample;

    FlacStream(Bytes in) {
        this.in = in;
        bits = new BitInput(in);
        in.skip(4);
        readMetadata();
    }

    private void readMetadata() {
        boolean last = false;
        boolean described = false;
        while (!last) {
            int head = in.u8();
            last = (head & 0x80) != 0;
            int length = in.u8() << 16 | in.u8() << 8 | in.u8();
            if ((head & 0x7F) == 0 && length >= 34) {
                in.skip(10);
                long packed = in.u32be() << 32 | in.u32be();
                sampleRate = (int) (packed >>> 44);
                channels = (int) (packed >>> 41 & 7) + 1;
                bitsASample = (int) (packed >>> 36 & 31) + 1;
                described = true;
                in.skip(length - 18);
            } else if (!in.skip(length)) {
                throw damaged("the FLAC stream ends in its description");
            }
        }
        if (!described || sampleRate == 0 || bitsASample < 4) {
            throw damaged("the FLAC stream does not say what it holds");
        }
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public Optional<float[]> next() {
        int first = in.tryByte();
        if (first < 0) {
            return Optional.empty();
        }
        int second = first == 0xFF ? in.tryByte() : -1;
        if ((second & 0xFE) != 0xF8 || second < 0) {
            // What other programs append, such as ID3 tags, ends the stream.
            if (first == 'T' || first == 0) {
                return Optional.empty();
            }
            throw damaged("a frame of the FLAC stream does not begin as one");
        }
        bits.begin(first, second);
        return Optional.of(frame());
    }

    private float[] frame() {
        int sizeCode = (int) bits.unsigned(4);
        int rateCode = (int) bits.unsigned(4);
        int assignment = (int) bits.unsigned(4);
        int depthCode = (int) bits.unsigned(3);
        if (bits.unsigned(1) != 0 || sizeCode == 0 || rateCode == 15 || assignment > 10) {
            throw damaged("the head of a FLAC frame has values that mean nothing");
        }
        skipNumber();
        int size = switch (sizeCode) {
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << (sizeCode - 2);
            case 6 -> (int) bits.unsigned(8) + 1;
            case 7 -> (int) bits.unsigned(16) + 1;
            default -> 256 << (sizeCode - 8);
        };
        if (rateCode >= 12) {
            bits.unsigned(rateCode == 12 ? 8 : 16);
        }
        int depth = switch (depthCode) {
            case 0 -> bitsASample;
            case 1 -> 8;
            case 2 -> 12;
            case 4 -> 16;
            case 5 -> 20;
            case 6 -> 24;
            case 7 -> 32;
            default -> throw damaged("the head of a FLAC frame has values that mean nothing");
        };
        int expected = bits.crc8();
        if (bits.unsigned(8) != expected) {
            throw damaged("the checksum of a FLAC frame's head is wrong");
        }
        int count = assignment < 8 ? assignment + 1 : 2;
        if (count != channels) {
            throw damaged("a FLAC frame has " + count + " channels, but the stream " + channels);
        }
        long[][] decoded = new long[count][size];
        for (int channel = 0; channel < count; channel++) {
            boolean side = (assignment == 8 && channel == 1)
                    || (assignment == 9 && channel == 0)
                    || (assignment == 10 && channel == 1);
            subframe(decoded[channel], side ? depth + 1 : depth);
        }
        bits.align();
        int whole = bits.crc16();
        if (bits.unsigned(16) != whole) {
            throw damaged("the checksum of a FLAC frame is wrong");
        }
        decorrelate(decoded, assignment);
        return interleaved(decoded, size, depth);
    }

    /** The frame's or sample's number, in the manner of UTF-8; frames come in order anyway. */
    private void skipNumber() {
        int first = (int) bits.unsigned(8);
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        if (ones == 1 || ones > 7) {
            throw damaged("the number of a FLAC frame is not one");
        }
        for (int i = 1; i < ones; i++) {
            bits.unsigned(8);
        }
    }

    private void subframe(long[] samples, int frameDepth) {
        if (bits.unsigned(1) != 0) {
            throw damaged("a part of a FLAC frame does not begin as one");
        }
        int type = (int) bits.unsigned(6);
        int wasted = bits.unsigned(1) == 0 ? 0 : bits.unary(32) + 1;
        int depth = frameDepth - wasted;
        if (depth < 1) {
            throw damaged("a part of a FLAC frame wastes more bits than it has");
        }
        if (type == 0) {
            Arrays.fill(samples, bits.signed(depth));
        } else if (type == 1) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = bits.signed(depth);
            }
        } else if (type >= 8 && type <= 12) {
            int order = type - 8;
            warmUp(samples, order, depth);
            residual(samples, order);
            predict(samples, FIXED[order], 0);
        } else if (type >= 32) {
            int order = type - 31;
            warmUp(samples, order, depth);
            int precision = (int) bits.unsigned(4) + 1;
            int shift = (int) bits.signed(5);
            if (precision == 16 || shift < 0) {
                throw damaged("a predictor of the FLAC stream has values that mean nothing");
            }
            int[] coefficients = new int[order];
            for (int i = 0; i < order; i++) {
                coefficients[i] = (int) bits.signed(precision);
            }
            residual(samples, order);
            predict(samples, coefficients, shift);
        } else {
            throw damaged("a part of a FLAC frame is of a kind that is not known");
        }
        if (wasted > 0) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] <<= wasted;
            }
        }
    }

    private void warmUp(long[] samples, int order, int depth) {
        if (order > samples.length) {
            throw damaged("a predictor of the FLAC stream is longer than its frame");
        }
        for (int i = 0; i < order; i++) {
            samples[i] = bits.signed(depth);
        }
    }

    private void residual(long[] samples, int order) {
        int method = (int) bits.unsigned(2);
        if (method > 1) {
            throw damaged("numbers of the FLAC stream are coded in a way that is not known");
        }
        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int partitions = 1 << (int) bits.unsigned(4);
        int size = samples.length / partitions;
        if (samples.length % partitions != 0 || size < order) {
            throw damaged("a FLAC frame cannot be parted as it says");
        }
        int at = order;
        for (int partition = 0; partition < partitions; partition++) {
            int end = size * (partition + 1);
            int parameter = (int) bits.unsigned(parameterBits);
            if (parameter == escape) {
                int width = (int) bits.unsigned(5);
                for (; at < end; at++) {
                    samples[at] = bits.signed(width);
                }
            } else {
                for (; at < end; at++) {
                    long quotient = bits.unary(LARGEST_PARTITION_QUOTIENT);
                    long folded = quotient << parameter | bits.unsigned(parameter);
                    samples[at] = folded >>> 1 ^ -(folded & 1);
                }
            }
        }
    }

    private static void predict(long[] samples, int[] coefficients, int shift) {
        for (int i = coefficients.length; i < samples.length; i++) {
            long sum = 0;
            for (int j = 0; j < coefficients.length; j++) {
                sum += coefficients[j] * samples[i - 1 - j];
            }
            samples[i] += sum >> shift;
        }
    }

    private static void decorrelate(long[][] samples, int assignment) {
        if (assignment < 8) {
            return;
        }
        long[] first = samples[0];
        long[] second = samples[1];
        for (int i = 0; i < first.length; i++) {
            switch (assignment) {
                case 8 -> second[i] = first[i] - second[i];
                case 9 -> first[i] += second[i];
                default -> {
                    long middle = first[i] << 1 | (second[i] & 1);
                    long side = second[i];
                    first[i] = (middle + side) >> 1;
                    second[i] = (middle - side) >> 1;
                }
            }
        }
    }

    private static float[] interleaved(long[][] samples, int size, int depth) {
        float scale = 1f / (1L << (depth - 1));
        float[] piece = new float[size * samples.length];
        for (int channel = 0; channel < samples.length; channel++) {
            for (int i = 0; i < size; i++) {
                piece[i * samples.length + channel] = Samples.bounded(samples[channel][i] * scale);
            }
        }
        return piece;
    }

    @Override
    public void close() {
        in.close();
    }
}
