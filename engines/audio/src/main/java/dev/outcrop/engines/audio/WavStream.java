package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import java.util.Optional;

/**
 * RIFF WAVE with integers of 8 to 32 bits, floats, µ-law or A-law. A length of data that was not known when the file was
 * begun (0 or all ones) means up to the end.
 *
 * <p>Source: Microsoft, "Multiple channel audio data and WAVE files"; EBU Tech 3306 (RF64); ITU-T G.711.
 */
final class WavStream implements SoundStream {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int FRAMES_A_PIECE = 4096;

    private final Bytes in;
    private int code;
    private int channels;
    private int sampleRate;
    private int bytesASample;
    private long left;
    private boolean open;

    WavStream(Bytes in) {
        this.in = in;
        in.skip(12);
        readHeader();
    }

    private void readHeader() {
        boolean described = false;
        long size64 = -1;
        while (true) {
            int first = in.tryByte();
            if (first < 0) {
                throw damaged("the WAVE file has no data");
            }
            String id = (char) first + "" + (char) in.u8() + (char) in.u8() + (char) in.u8();
            long size = in.u32le();
            switch (id) {
                case "fmt " -> {
                    readFormat(size);
                    described = true;
                }
                case "ds64" -> {
                    in.u64le();
                    size64 = in.u64le();
                    skip(size - 16);
                }
                case "data" -> {
                    if (!described) {
                        throw damaged("the WAVE file does not say what its data is");
                    }
                    boolean unknown = size == 0 || size == 0xFFFFFFFFL;
                    left = size == 0xFFFFFFFFL && size64 > 0 ? size64 : unknown ? Long.MAX_VALUE : size;
                    open = left == Long.MAX_VALUE;
                    return;
                }
                default -> skip(size + (size & 1));
            }
        }
    }

    private void skip(long size) {
        if (size > 0 && !in.skip(size)) {
            throw damaged("the WAVE file has no data");
        }
    }

    private void readFormat(long size) {
        if (size < 16) {
            throw damaged("the WAVE file's format is " + size + " bytes long, not 16 or more");
        }
        code = in.u16le();
        channels = in.u16le();
        long rate = in.u32le();
        in.u32le();
        int blockAlign = in.u16le();
        int bits = in.u16le();
        long rest = size - 16;
        if (code == EXTENSIBLE && rest >= 24) {
            in.u16le();
            in.u16le();
            in.u32le();
            code = in.u16le();
            rest -= 10;
        }
        skip(rest + (size & 1));
        if (channels == 0 || rate < 1 || rate > 768_000) {
            throw damaged("the WAVE file has " + channels + " channels and " + rate + " samples a second");
        }
        sampleRate = (int) rate;
        bytesASample = (bits + 7) / 8;
        boolean known = switch (code) {
            case PCM -> bits >= 1 && bits <= 32;
            case FLOAT -> bits == 32 || bits == 64;
            case A_LAW, MU_LAW -> bits == 8;
            default -> throw unsupported("WAVE files with format " + code + " are not decoded");
        };
        if (!known || blockAlign != bytesASample * channels) {
            throw damaged("the WAVE file's samples have " + bits + " bits in blocks of " + blockAlign + " bytes");
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
        int block = bytesASample * channels;
        long wanted = Math.min((long) FRAMES_A_PIECE * block, left);
        byte[] bytes = in.tryBytes((int) wanted);
        left -= open ? 0 : bytes.length;
        int samples = bytes.length / block * channels;
        if (samples == 0) {
            return Optional.empty();
        }
        float[] piece = new float[samples];
        for (int i = 0; i < samples; i++) {
            piece[i] = sample(bytes, i * bytesASample);
        }
        return Optional.of(piece);
    }

    private float sample(byte[] bytes, int at) {
        return switch (code) {
            case FLOAT ->
                Samples.bounded(
                        bytesASample == 4
                                ? Float.intBitsToFloat(integer(bytes, at, 4))
                                : (float) Double.longBitsToDouble((integer(bytes, at, 4) & 0xFFFFFFFFL)
                                        | (long) integer(bytes, at + 4, 4) << 32));
            case A_LAW -> aLaw(bytes[at]);
            case MU_LAW -> muLaw(bytes[at]);
            default ->
                bytesASample == 1
                        ? ((bytes[at] & 0xFF) - 128) / 128f
                        : (integer(bytes, at, bytesASample) << (32 - 8 * bytesASample)) / (float) (1L << 31);
        };
    }

    private static int integer(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[at + i] & 0xFF) << (8 * i);
        }
        return value;
    }

    static float muLaw(byte code) {
        int bits = ~code & 0xFF;
        int magnitude = ((((bits & 0x0F) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
        return ((bits & 0x80) == 0 ? magnitude : -magnitude) / 32768f;
    }

    static float aLaw(byte code) {
        int bits = (code & 0xFF) ^ 0x55;
        int segment = (bits & 0x70) >> 4;
        int mantissa = (bits & 0x0F) << 4;
        int magnitude = segment == 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
        return ((bits & 0x80) == 0 ? -magnitude : magnitude) / 32768f;
    }

    @Override
    public void close() {
        in.close();
    }
}
