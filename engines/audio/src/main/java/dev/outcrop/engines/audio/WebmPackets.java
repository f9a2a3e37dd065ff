package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The packets of the first track of Opus or Vorbis of a Matroska or WebM file.
 *
 * <p>Source: RFC 8794, "Extensible Binary Meta Language"; RFC 9559, "Matroska Media Container Format".
 */
final class WebmPackets implements Packets {
    private static final long SEGMENT = 0x18538067L;
    private static final long TRACKS = 0x1654AE6BL;
    private static final long TRACK_ENTRY = 0xAE;
    private static final long TRACK_NUMBER = 0xD7;
    private static final long CODEC = 0x86;
    private static final long CODEC_PRIVATE = 0x63A2;
    private static final long CLUSTER = 0x1F43B675L;
    private static final long BLOCK_GROUP = 0xA0;
    private static final long BLOCK = 0xA1;
    private static final long SIMPLE_BLOCK = 0xA3;
    private static final int LARGEST_BLOCK = 16 << 20;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Bytes in;
    private final Deque<byte[]> ready = new ArrayDeque<>();
    private long entryNumber = -1;
    private String entryCodec = "";
    private byte[] entryPrivate = new byte[0];
    private String otherCodec = "";
    private long track = -1;
    private boolean opus;
    private byte[] head = new byte[0];

    WebmPackets(Bytes in) {
        this.in = in;
        while (ready.isEmpty() && step()) {
            // Reads up to the first block.
        }
        finishEntry();
        if (track < 0) {
            throw otherCodec.isEmpty()
                    ? damaged("the WebM file has no audio track")
                    : unsupported("WebM files with " + otherCodec + " are not decoded, only those with Opus or Vorbis");
        }
    }

    /** Whether the track's codec is Opus; else it is Vorbis. */
    boolean isOpus() {
        return opus;
    }

    /** What the codec wants to know before the first packet. */
    byte[] head() {
        return head;
    }

    @Override
    public Optional<byte[]> next() {
        while (ready.isEmpty() && step()) {
            // Reads up to the next block of the track.
        }
        return Optional.ofNullable(ready.poll());
    }

    /** Reads one element, or goes into it; false at the end. */
    private boolean step() {
        long id = number(false);
        if (id < 0) {
            return false;
        }
        long size = number(true);
        if (size < 0) {
            return false;
        }
        if (id == SEGMENT || id == TRACKS || id == CLUSTER || id == BLOCK_GROUP) {
            return true;
        }
        if (id == TRACK_ENTRY) {
            finishEntry();
            return true;
        }
        if (size == UNKNOWN) {
            throw damaged("an element of the WebM file has no length");
        }
        switch ((int) id) {
            case (int) TRACK_NUMBER -> entryNumber = unsigned(small(size));
            case (int) CODEC -> entryCodec = new String(small(size), StandardCharsets.ISO_8859_1);
            case (int) CODEC_PRIVATE -> entryPrivate = small(size);
            case (int) SIMPLE_BLOCK, (int) BLOCK -> {
                finishEntry();
                if (size > LARGEST_BLOCK) {
                    throw damaged("a block of the WebM file is larger than " + LARGEST_BLOCK + " bytes");
                }
                byte[] block = in.tryBytes((int) size);
                if (block.length < size) {
                    return false;
                }
                takeBlock(block);
            }
            default -> {
                return in.skip(size);
            }
        }
        return true;
    }

    private void finishEntry() {
        if (track < 0 && (entryCodec.startsWith("A_OPUS") || entryCodec.startsWith("A_VORBIS"))) {
            track = entryNumber;
            opus = entryCodec.startsWith("A_OPUS");
            head = entryPrivate;
        } else if (entryCodec.startsWith("A_")) {
            otherCodec = entryCodec;
        }
        entryCodec = "";
        entryPrivate = new byte[0];
    }

    private byte[] small(long size) {
        if (size > 1 << 16) {
            throw damaged("the description of a WebM track is larger than it may be");
        }
        return in.bytes((int) size);
    }

    private static long unsigned(byte[] bytes) {
        long value = 0;
        for (byte next : bytes) {
            value = value << 8 | (next & 0xFF);
        }
        return value & Long.MAX_VALUE;
    }

    /** An id (with its marker) or a length; −1 at the end. */
    private long number(boolean length) {
        int first = in.tryByte();
        if (first < 0) {
            return -1;
        }
        int more = Integer.numberOfLeadingZeros(first) - 24;
        if (more > 7 || (!length && more > 3)) {
            throw damaged("a number of the WebM file is not one");
        }
        long value = length ? first & (0xFF >> (more + 1)) : first;
        boolean ones = value == 0xFF >> (more + 1);
        for (int i = 0; i < more; i++) {
            int next = in.tryByte();
            if (next < 0) {
                return -1;
            }
            ones &= next == 0xFF;
            value = value << 8 | next;
        }
        return length && ones ? UNKNOWN : value;
    }

    private void takeBlock(byte[] block) {
        int[] at = {0};
        if (lacedNumber(block, at) != track || block.length < at[0] + 3) {
            return;
        }
        int flags = block[at[0] + 2];
        at[0] += 3;
        int lacing = flags >> 1 & 3;
        if (lacing == 0) {
            ready.add(Arrays.copyOfRange(block, at[0], block.length));
            return;
        }
        if (at[0] >= block.length) {
            throw damaged("a block of the WebM file is empty");
        }
        int count = (block[at[0]++] & 0xFF) + 1;
        long[] sizes = new long[count];
        long sum = 0;
        for (int i = 0; i < count - 1; i++) {
            sizes[i] = switch (lacing) {
                case 1 -> xiph(block, at);
                case 2 -> -1;
                default -> i == 0 ? lacedNumber(block, at) : sizes[i - 1] + lacedDifference(block, at);
            };
            sum += sizes[i];
        }
        int rest = block.length - at[0];
        if (lacing == 2) {
            Arrays.fill(sizes, (long) (rest / count));
        } else {
            sizes[count - 1] = rest - sum;
        }
        for (long size : sizes) {
            if (size < 0 || at[0] + size > block.length) {
                throw damaged("the packets of a WebM block are longer than it");
            }
            ready.add(Arrays.copyOfRange(block, at[0], at[0] + (int) size));
            at[0] += (int) size;
        }
    }

    private static int xiph(byte[] block, int[] at) {
        int size = 0;
        while (at[0] < block.length) {
            int next = block[at[0]++] & 0xFF;
            size += next;
            if (next < 255) {
                break;
            }
        }
        return size;
    }

    private static long lacedNumber(byte[] block, int[] at) {
        if (at[0] >= block.length) {
            throw damaged("a block of the WebM file ends too early");
        }
        int first = block[at[0]++] & 0xFF;
        int more = Integer.numberOfLeadingZeros(first) - 24;
        if (more > 7 || at[0] + more > block.length) {
            throw damaged("a number of the WebM file is not one");
        }
        long value = first & (0xFF >> (more + 1));
        for (int i = 0; i < more; i++) {
            value = value << 8 | (block[at[0]++] & 0xFF);
        }
        return value;
    }

    private static long lacedDifference(byte[] block, int[] at) {
        int before = at[0];
        long value = lacedNumber(block, at);
        int bytes = at[0] - before;
        return value - ((1L << (7 * bytes - 1)) - 1);
    }

    @Override
    public void close() {
        in.close();
    }
}
