package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Vorbis, decoded as its packets come. What a packet leaves out because it ends early is silence; too many packets that are
 * none are damage.
 *
 * <p>Source: Vorbis I specification, sections 1 to 4.
 */
final class VorbisStream implements SoundStream {
    private static final int SMALLEST_BLOCK = 64;
    private static final int LARGEST_BLOCK = 8192;
    private static final int MOST_BROKEN = 50;
    private static final int MOST_CHANNELS = 16;

    private final Packets packets;
    private final int channels;
    private final int rate;
    private final int[] blockSizes = new int[2];
    private final List<VorbisFloor> floors = new ArrayList<>();
    private final List<VorbisResidue> residues = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<Mode> modes = new ArrayList<>();
    private final InverseMdct[] transforms = new InverseMdct[2];
    private final float[][] slopes = new float[2][];
    /** The second halves of the last block; empty before the first. */
    private float[][] tails = new float[0][];

    private long given;
    private int broken;

    private record Mode(boolean isLong, Mapping mapping) {}

    /** Which floor and residue each channel has, and which channels are written as the sums of two. */
    private record Mapping(int[] magnitudes, int[] angles, int[] submaps, int[] floors, int[] residues) {}

    /**
     * Of packets that follow three headers.
     *
     * @param packets those of sound
     */
    VorbisStream(byte[] identification, byte[] setup, Packets packets) {
        this.packets = packets;
        VorbisBits head = header(identification, 1);
        if (head.read(32) != 0) {
            throw damaged("the Vorbis stream is of no version that is known");
        }
        channels = head.number(8);
        rate = head.number(24) | head.number(8) << 24;
        head.skip(96);
        blockSizes[0] = 1 << head.number(4);
        blockSizes[1] = 1 << head.number(4);
        if (channels < 1
                || channels > MOST_CHANNELS
                || rate < 1
                || blockSizes[0] < SMALLEST_BLOCK
                || blockSizes[1] < blockSizes[0]
                || blockSizes[1] > LARGEST_BLOCK
                || !head.flag()) {
            throw damaged("the Vorbis stream says nothing sensible of itself");
        }
        readSetup(header(setup, 5));
        for (int i = 0; i < 2; i++) {
            transforms[i] = new InverseMdct(blockSizes[i]);
            slopes[i] = slope(blockSizes[i] / 2);
        }
    }

    /** Of an Ogg stream whose first packet was read. */
    static VorbisStream ogg(byte[] identification, Packets packets) {
        Optional<byte[]> comments = packets.next();
        if (comments.isEmpty()) {
            throw damaged("the Vorbis stream has no comments");
        }
        byte[] setup = packets.next().orElseThrow(() -> damaged("the Vorbis stream has no setup"));
        return new VorbisStream(identification, setup, packets);
    }

    /** Of a Matroska track, which keeps the three headers in one. */
    static VorbisStream matroska(byte[] headers, Packets packets) {
        int[] sizes = new int[2];
        int at = 1;
        for (int i = 0; i < 2; i++) {
            int next = 255;
            while (next == 255) {
                if (at >= headers.length) {
                    throw damaged("the Vorbis track has no headers");
                }
                next = headers[at++] & 0xFF;
                sizes[i] += next;
            }
        }
        if (headers[0] != 2 || at + sizes[0] + sizes[1] > headers.length) {
            throw damaged("the Vorbis track has no headers");
        }
        return new VorbisStream(
                Arrays.copyOfRange(headers, at, at + sizes[0]),
                Arrays.copyOfRange(headers, at + sizes[0] + sizes[1], headers.length),
                packets);
    }

    static boolean begins(byte[] packet) {
        return packet.length > 7 && new String(packet, 0, 7, StandardCharsets.ISO_8859_1).equals("\u0001vorbis");
    }

    private static VorbisBits header(byte[] packet, int type) {
        if (packet.length < 7
                || packet[0] != type
                || !new String(packet, 1, 6, StandardCharsets.ISO_8859_1).equals("vorbis")) {
            throw damaged("the Vorbis stream does not begin as one");
        }
        return new VorbisBits(packet, 7);
    }

    private void readSetup(VorbisBits bits) {
        List<VorbisCodebook> codebooks = new ArrayList<>();
        for (int left = bits.number(8) + 1; left > 0; left--) {
            codebooks.add(new VorbisCodebook(bits));
        }
        for (int left = bits.number(6) + 1; left > 0; left--) {
            zero(bits.number(16));
        }
        for (int left = bits.number(6) + 1; left > 0; left--) {
            floors.add(new VorbisFloor(bits, codebooks));
        }
        for (int left = bits.number(6) + 1; left > 0; left--) {
            residues.add(new VorbisResidue(bits, codebooks));
        }
        for (int left = bits.number(6) + 1; left > 0; left--) {
            mappings.add(mapping(bits));
        }
        for (int left = bits.number(6) + 1; left > 0; left--) {
            boolean isLong = bits.flag();
            zero(bits.number(16));
            zero(bits.number(16));
            modes.add(new Mode(isLong, mappings.get(within(bits.number(8), mappings.size()))));
        }
        if (!bits.flag() || bits.ended()) {
            throw damaged("the setup of the Vorbis stream ends too early");
        }
    }

    private static void zero(int reserved) {
        within(reserved, 1);
    }

    private static int within(int number, int count) {
        if (number >= count) {
            throw damaged("the setup of the Vorbis stream has a number that is too large");
        }
        return number;
    }

    private Mapping mapping(VorbisBits bits) {
        zero(bits.number(16));
        int submaps = bits.flag() ? bits.number(4) + 1 : 1;
        int steps = bits.flag() ? bits.number(8) + 1 : 0;
        int width = VorbisBits.width(channels - 1);
        int[] magnitudes = new int[steps];
        int[] angles = new int[steps];
        for (int i = 0; i < steps; i++) {
            magnitudes[i] = within(bits.number(width), channels);
            angles[i] = within(bits.number(width), channels);
            if (magnitudes[i] == angles[i]) {
                throw damaged("the Vorbis stream couples a channel with itself");
            }
        }
        zero(bits.number(2));
        int[] ofChannel = new int[channels];
        for (int i = 0; submaps > 1 && i < channels; i++) {
            ofChannel[i] = within(bits.number(4), submaps);
        }
        int[] floorOf = new int[submaps];
        int[] residueOf = new int[submaps];
        for (int i = 0; i < submaps; i++) {
            bits.skip(8);
            floorOf[i] = within(bits.number(8), floors.size());
            residueOf[i] = within(bits.number(8), residues.size());
        }
        return new Mapping(magnitudes, angles, ofChannel, floorOf, residueOf);
    }

    /** The rising half of a window. */
    private static float[] slope(int length) {
        float[] slope = new float[length];
        for (int i = 0; i < length; i++) {
            double sine = Math.sin((i + 0.5) / length * Math.PI / 2);
            slope[i] = (float) Math.sin(Math.PI / 2 * sine * sine);
        }
        return slope;
    }

    @Override
    public int sampleRate() {
        return rate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public Optional<float[]> next() {
        while (true) {
            Optional<byte[]> packet = packets.next();
            if (packet.isEmpty()) {
                return Optional.empty();
            }
            float[] sound = decode(packet.get());
            // The last page says how much of its last packet is meant.
            long left = packets.end() == Long.MAX_VALUE ? Long.MAX_VALUE : packets.end() - given;
            int frames = (int) Math.clamp(left, 0L, sound.length / channels);
            given += frames;
            if (frames > 0) {
                return Optional.of(frames * channels == sound.length ? sound : Arrays.copyOf(sound, frames * channels));
            }
        }
    }

    /** What can be said once a packet is there: from the middle of the block before it to its own. */
    private float[] decode(byte[] packet) {
        VorbisBits bits = new VorbisBits(packet, 0);
        boolean isSound = !bits.flag();
        int number = bits.number(VorbisBits.width(modes.size() - 1));
        if (packet.length == 0 || !isSound || number >= modes.size()) {
            if (packet.length > 0 && ++broken > MOST_BROKEN) {
                throw damaged("the Vorbis stream is damaged");
            }
            return new float[0];
        }
        Mode mode = modes.get(number);
        boolean longBefore = mode.isLong() && bits.flag();
        boolean longAfter = mode.isLong() && bits.flag();
        int size = blockSizes[mode.isLong() ? 1 : 0];
        float[][] spectra = spectra(bits, mode.mapping(), size / 2);
        float[][] blocks = new float[channels][size];
        for (int i = 0; i < channels; i++) {
            transforms[mode.isLong() ? 1 : 0].transform(spectra[i], blocks[i]);
            fade(blocks[i], slopes[longBefore ? 1 : 0], slopes[longAfter ? 1 : 0]);
        }
        float[] sound = tails.length == 0 ? new float[0] : joined(blocks, size);
        tails = new float[channels][];
        for (int i = 0; i < channels; i++) {
            tails[i] = Arrays.copyOfRange(blocks[i], size / 2, size);
        }
        return sound;
    }

    private float[][] spectra(VorbisBits bits, Mapping mapping, int size) {
        int[][] shapes = new int[channels][];
        boolean[] silent = new boolean[channels];
        for (int i = 0; i < channels; i++) {
            shapes[i] = floor(mapping, i).read(bits);
            silent[i] = shapes[i].length == 0;
        }
        for (int i = 0; i < mapping.magnitudes().length; i++) {
            int magnitude = mapping.magnitudes()[i];
            int angle = mapping.angles()[i];
            boolean both = silent[magnitude] && silent[angle];
            silent[magnitude] = both;
            silent[angle] = both;
        }
        float[][] spectra = new float[channels][size];
        for (int submap = 0; submap < mapping.residues().length; submap++) {
            readResidue(bits, mapping, submap, spectra, silent);
        }
        for (int i = mapping.magnitudes().length - 1; i >= 0; i--) {
            uncouple(spectra[mapping.magnitudes()[i]], spectra[mapping.angles()[i]]);
        }
        for (int i = 0; i < channels; i++) {
            if (shapes[i].length == 0) {
                Arrays.fill(spectra[i], 0);
            } else {
                floor(mapping, i).apply(shapes[i], spectra[i]);
            }
        }
        return spectra;
    }

    private VorbisFloor floor(Mapping mapping, int channel) {
        return floors.get(mapping.floors()[mapping.submaps()[channel]]);
    }

    private void readResidue(VorbisBits bits, Mapping mapping, int submap, float[][] spectra, boolean[] silent) {
        int count = 0;
        float[][] own = new float[channels][];
        boolean[] left = new boolean[channels];
        for (int i = 0; i < channels; i++) {
            if (mapping.submaps()[i] == submap) {
                own[count] = spectra[i];
                left[count++] = silent[i];
            }
        }
        if (count > 0) {
            residues.get(mapping.residues()[submap]).read(bits, Arrays.copyOf(own, count), Arrays.copyOf(left, count));
        }
    }

    /** Two channels are written as the larger one and how far the other is from it. */
    private static void uncouple(float[] magnitudes, float[] angles) {
        for (int i = 0; i < magnitudes.length; i++) {
            float magnitude = magnitudes[i];
            float angle = angles[i];
            float other = (magnitude > 0) == (angle > 0) ? magnitude - angle : magnitude + angle;
            if (angle > 0) {
                angles[i] = other;
            } else {
                angles[i] = magnitude;
                magnitudes[i] = other;
            }
        }
    }

    /** A block's slopes stand around its quarters; outside of them it is silent, between them as it is. */
    private static void fade(float[] block, float[] rising, float[] falling) {
        int left = block.length / 4 - rising.length / 2;
        Arrays.fill(block, 0, left, 0);
        for (int i = 0; i < rising.length; i++) {
            block[left + i] *= rising[i];
        }
        int right = block.length * 3 / 4 - falling.length / 2;
        for (int i = 0; i < falling.length; i++) {
            block[right + i] *= falling[falling.length - 1 - i];
        }
        Arrays.fill(block, right + falling.length, block.length, 0);
    }

    private float[] joined(float[][] blocks, int size) {
        int before = tails[0].length;
        int frames = before / 2 + size / 4;
        int begin = before / 2 - size / 4;
        float[] sound = new float[frames * channels];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < frames; i++) {
                float sample = i < before ? tails[channel][i] : 0;
                if (i >= begin) {
                    sample += blocks[channel][i - begin];
                }
                sound[i * channels + channel] = Samples.bounded(sample);
            }
        }
        return sound;
    }

    @Override
    public void close() {
        packets.close();
    }
}
