package dev.outcrop.engines.audio.encoding;

import dev.outcrop.engines.audio.encoding.Layer3Quantizer.Coded;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * MPEG-1, MPEG-2 and MPEG-2.5 audio layer III of one channel at a constant bit rate, with a reservoir of bits: 24 kbit/s at
 * 8,000 samples a second, 48 up to 24,000 and 96 above. Long blocks only, which speech takes well at these rates.
 *
 * <p>The decoded sound begins some 1,100 samples later than what was encoded, as the filter banks of layer III want it.
 *
 * <p>Source: ISO/IEC 11172-3 and ISO/IEC 13818-3.
 */
public final class Mp3Encoder implements SoundEncoder {
    private static final int GRANULE = Layer3Filterbank.LINES;
    private static final List<Integer> RATES_1 = List.of(44_100, 48_000, 32_000);
    private static final List<Integer> RATES_2 = List.of(22_050, 24_000, 16_000);
    private static final List<Integer> RATES_25 = List.of(11_025, 12_000, 8000);
    /** The bit rates used here, in kbit/s, by their numbers in frames. */
    private static final Map<Integer, Integer> NUMBERS_1 = Map.of(64, 5, 96, 7, 128, 9);

    private static final Map<Integer, Integer> NUMBERS_2 = Map.of(24, 3, 48, 6, 64, 8);

    private final int sampleRate;
    private final boolean low;
    private final int version;
    private final int rateNumber;
    private final int kilobits;
    private final int granules;
    private final int sideBytes;
    private final int mostReserved;
    private final Layer3Filterbank filterbank = new Layer3Filterbank();
    private final Layer3Quantizer quantizer;

    private final float[] waiting;
    private int filled;
    private long frames;
    private long bytesSoFar;
    private int reserved;

    /** Heads of frames whose main data is not all there yet, and how many bytes of it each takes. */
    private final Deque<Frame> open = new ArrayDeque<>();

    private final ByteArrayOutputStream main = new ByteArrayOutputStream();

    private record Frame(byte[] head, int slot) {}

    /**
     * An encoder.
     *
     * @param sampleRate 8,000, 11,025, 12,000, 16,000, 22,050, 24,000, 32,000, 44,100 or 48,000 samples a second
     */
    public Mp3Encoder(int sampleRate) {
        this.sampleRate = sampleRate;
        low = !RATES_1.contains(sampleRate);
        version = !low ? 3 : RATES_2.contains(sampleRate) ? 2 : 0;
        List<Integer> rates = !low ? RATES_1 : version == 2 ? RATES_2 : RATES_25;
        rateNumber = rates.indexOf(sampleRate);
        if (rateNumber < 0) {
            throw new IllegalArgumentException("layer III has no " + sampleRate + " samples a second");
        }
        kilobits = !low ? 96 : version == 2 ? 48 : 24;
        granules = low ? 1 : 2;
        sideBytes = low ? 9 : 17;
        mostReserved = low ? 255 : 511;
        quantizer = new Layer3Quantizer(Layer3Tables.bands(sampleRate), low);
        waiting = new float[granules * GRANULE];
    }

    @Override
    public byte[] encode(float[] samples) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (float sample : samples) {
            waiting[filled++] = Math.clamp(sample, -1, 1);
            if (filled == waiting.length) {
                frame(out);
                filled = 0;
            }
        }
        return out.toByteArray();
    }

    @Override
    public byte[] finish() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // What the filter banks still hold comes out with what follows; and a whole frame ends the sound.
        out.writeBytes(encode(new float[3 * GRANULE + (waiting.length - (filled + 3 * GRANULE) % waiting.length)]));
        while (!open.isEmpty()) {
            main.write(0);
            deliver(out);
        }
        return out.toByteArray();
    }

    private void frame(ByteArrayOutputStream out) {
        // Frames get a byte more now and then, so that the rate is right on average.
        long due = (frames + 1) * granules * GRANULE * 1000L * kilobits / 8 / sampleRate;
        int bytes = (int) (1000L * granules * GRANULE * kilobits / 8 / sampleRate);
        int padding = due - bytesSoFar > bytes ? 1 : 0;
        frames++;
        bytesSoFar += bytes + padding;
        int slot = bytes + padding - 4 - sideBytes;

        double[][] lines = new double[granules][];
        Coded[] coded = new Coded[granules];
        int available = 8 * (slot + reserved);
        for (int granule = 0; granule < granules; granule++) {
            float[] samples = new float[GRANULE];
            System.arraycopy(waiting, granule * GRANULE, samples, 0, GRANULE);
            lines[granule] = filterbank.analyse(samples);
            // A share of what is there, and some of what was saved.
            int left = granules - granule;
            int target = Math.min(8 * slot / granules + (available - 8 * slot / granules * left) * 2 / 3, available);
            coded[granule] = quantizer.quantize(lines[granule], Math.clamp(target, 0, Layer3Quantizer.MOST_BITS));
            available -= coded[granule].bits();
        }
        BitOutput head = new BitOutput();
        writeHead(head, padding);
        head.write(reserved, low ? 8 : 9);
        head.write(0, low ? 1 : 5 + 4);
        BitOutput data = new BitOutput();
        for (int granule = 0; granule < granules; granule++) {
            quantizer.writeSide(coded[granule], head);
            quantizer.writeMain(lines[granule], coded[granule], data);
        }
        data.align();
        int unused = reserved + slot - data.length() / 8;
        // No frame can reach back further, so what is beyond that is filled.
        main.writeBytes(data.toByteArray());
        main.writeBytes(new byte[Math.max(0, unused - mostReserved)]);
        reserved = Math.min(unused, mostReserved);
        open.add(new Frame(head.toByteArray(), slot));
        deliver(out);
    }

    private void writeHead(BitOutput head, int padding) {
        head.write(0x7FF, 11);
        head.write(version, 2);
        head.write(1, 2);
        head.write(1, 1);
        head.write((low ? NUMBERS_2 : NUMBERS_1).get(kilobits), 4);
        head.write(rateNumber, 2);
        head.write(padding, 1);
        head.write(0, 1);
        head.write(3, 2);
        head.write(0, 2);
        head.write(0, 1);
        head.write(1, 1);
        head.write(0, 2);
    }

    /** Gives out the frames whose main data has come together. */
    private void deliver(ByteArrayOutputStream out) {
        while (!open.isEmpty() && main.size() >= open.peek().slot) {
            Frame frame = open.remove();
            byte[] data = main.toByteArray();
            out.writeBytes(frame.head);
            out.write(data, 0, frame.slot);
            main.reset();
            main.write(data, frame.slot, data.length - frame.slot);
        }
    }
}
