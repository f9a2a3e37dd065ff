package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The samples of the first AAC track of an MP4 file, in the order of their tables.
 *
 * <p>Source: ISO/IEC 14496-12 (boxes and tables of samples) and 14496-1 (descriptors of a decoder).
 */
final class Mp4Samples {
    private static final int LARGEST_TABLE = 64 << 20;
    private static final int LARGEST_SAMPLE = 1 << 16;
    private static final int DEEPEST = 12;
    private static final int AAC = 0x40;
    private static final int AAC_MPEG2_LOW = 0x67;

    private final FileChannel file;
    private final long size;
    private boolean audio;
    private String codec = "";
    private byte[] description = new byte[0];
    private Optional<ByteBuffer> sizes = Optional.empty();
    private Optional<ByteBuffer> chunks = Optional.empty();
    private Optional<ByteBuffer> runs = Optional.empty();
    private boolean wide;
    private boolean found;
    private boolean fragmented;

    private int fixedSize;
    private int count;
    private int next;
    private int chunk;
    private int leftInChunk;
    private long position;
    private int run;

    Mp4Samples(FileChannel file) throws IOException {
        this.file = file;
        size = file.size();
        readBoxes(0, size, 0);
        takeTrack();
        if (!found) {
            throw codec.isEmpty()
                    ? damaged("the MP4 file has no audio track")
                    : unsupported("MP4 files with " + codec + " are not decoded, only those with AAC");
        }
        if (sizes.isEmpty() || chunks.isEmpty() || runs.isEmpty()) {
            throw damaged("the MP4 file does not say where its samples are");
        }
        if (fragmented) {
            throw unsupported("MP4 files in fragments are not decoded");
        }
        fixedSize = sizes.get().getInt(4);
        count = sizes.get().getInt(8);
        if (count < 0 || fixedSize < 0 || (fixedSize == 0 && sizes.get().capacity() < 12 + 4L * count)) {
            throw damaged("the MP4 file's table of sizes is too short");
        }
        if (fixedSize > LARGEST_SAMPLE) {
            throw unsupported("MP4 files with unpacked sound are not decoded");
        }
    }

    /** What the decoder wants to know before the first sample. */
    byte[] description() {
        return description;
    }

    /** The next sample; empty at the end. */
    Optional<byte[]> next() throws IOException {
        if (next >= count) {
            return Optional.empty();
        }
        if (leftInChunk == 0) {
            enterChunk();
        }
        int length = fixedSize > 0 ? fixedSize : sizes.get().getInt(12 + 4 * next);
        if (length < 0 || length > LARGEST_SAMPLE) {
            throw damaged("a sample of the MP4 file has " + length + " bytes");
        }
        byte[] sample = read(position, length);
        position += length;
        leftInChunk--;
        next++;
        return Optional.of(sample);
    }

    private void enterChunk() {
        ByteBuffer offsets = chunks.get();
        int width = wide ? 8 : 4;
        if (8 + (long) width * (chunk + 1) > offsets.capacity()) {
            throw damaged("the MP4 file has fewer chunks than its samples need");
        }
        position = wide ? offsets.getLong(8 + 8 * chunk) : offsets.getInt(8 + 4 * chunk) & 0xFFFFFFFFL;
        ByteBuffer table = runs.get();
        int entries = (table.capacity() - 8) / 12;
        while (run + 1 < entries && table.getInt(8 + 12 * (run + 1)) <= chunk + 1) {
            run++;
        }
        leftInChunk = entries == 0 ? 0 : table.getInt(8 + 12 * run + 4);
        if (leftInChunk <= 0) {
            throw damaged("a chunk of the MP4 file has no samples");
        }
        chunk++;
    }

    private void readBoxes(long from, long to, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw damaged("the MP4 file's boxes are too deep");
        }
        long at = from;
        while (at + 8 <= to && !found) {
            byte[] head = read(at, 8);
            long length = ByteBuffer.wrap(head).getInt() & 0xFFFFFFFFL;
            String type = new String(head, 4, 4, StandardCharsets.ISO_8859_1);
            int headLength = 8;
            if (length == 1 && at + 16 <= to) {
                length = ByteBuffer.wrap(read(at + 8, 8)).getLong();
                headLength = 16;
            } else if (length == 0) {
                length = to - at;
            }
            if (length < headLength || length > to - at) {
                if (depth == 0 && type.equals("mdat")) {
                    return;
                }
                throw damaged("a box of the MP4 file is longer than the file");
            }
            box(type, at + headLength, at + length, depth);
            at += length;
        }
    }

    private void box(String type, long from, long to, int depth) throws IOException {
        switch (type) {
            case "moov", "mdia", "minf", "stbl" -> readBoxes(from, to, depth + 1);
            case "trak" -> {
                takeTrack();
                if (!found) {
                    audio = false;
                    sizes = Optional.empty();
                    chunks = Optional.empty();
                    runs = Optional.empty();
                    readBoxes(from, to, depth + 1);
                    takeTrack();
                }
            }
            case "hdlr" -> {
                if (to - from >= 12) {
                    audio = new String(read(from + 8, 4), StandardCharsets.ISO_8859_1).equals("soun");
                }
            }
            case "stsd" -> readDescription(from, to);
            case "stsz" -> sizes = Optional.of(table(from, to, 12));
            case "stsc" -> runs = Optional.of(table(from, to, 8));
            case "stco", "co64" -> {
                wide = type.equals("co64");
                chunks = Optional.of(table(from, to, 8));
            }
            case "mvex" -> fragmented = true;
            default -> {
                // Nothing that is needed here.
            }
        }
    }

    private void takeTrack() {
        found |= audio && description.length > 0;
    }

    private ByteBuffer table(long from, long to, int least) throws IOException {
        if (to - from < least || to - from > LARGEST_TABLE) {
            throw damaged("a table of the MP4 file is " + (to - from) + " bytes long");
        }
        return ByteBuffer.wrap(read(from, (int) (to - from)));
    }

    private void readDescription(long from, long to) throws IOException {
        if (!audio || to - from < 16 || to - from > 1 << 20) {
            return;
        }
        byte[] bytes = read(from, (int) (to - from));
        codec = new String(bytes, 12, 4, StandardCharsets.ISO_8859_1);
        if (!codec.equals("mp4a")) {
            return;
        }
        for (int at = 16; at + 8 < bytes.length; at++) {
            if (bytes[at] == 'e' && bytes[at + 1] == 's' && bytes[at + 2] == 'd' && bytes[at + 3] == 's') {
                readDescriptors(bytes, at + 8);
                return;
            }
        }
    }

    /** Goes through the nested descriptors to the one that the decoder wants. */
    private void readDescriptors(byte[] bytes, int from) {
        int at = from;
        while (at + 2 < bytes.length) {
            int tag = bytes[at++] & 0xFF;
            int length = 0;
            int more = 0x80;
            for (int i = 0; i < 4 && (more & 0x80) != 0 && at < bytes.length; i++) {
                more = bytes[at++];
                length = (length << 7) | (more & 0x7F);
            }
            switch (tag) {
                case 3 -> at += 3;
                case 4 -> {
                    int object = at < bytes.length ? bytes[at] & 0xFF : 0;
                    if (object != AAC && object != AAC_MPEG2_LOW) {
                        codec = "MPEG-4 object " + object;
                        return;
                    }
                    at += 13;
                }
                case 5 -> {
                    if (length > 0 && length <= bytes.length - at) {
                        description = Arrays.copyOfRange(bytes, at, at + length);
                    }
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private byte[] read(long at, int length) {
        if (at < 0 || length < 0 || at + length > size) {
            throw damaged("the MP4 file ends too early");
        }
        byte[] bytes = new byte[length];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        try {
            while (target.hasRemaining()) {
                if (file.read(target, at + target.position()) < 0) {
                    throw damaged("the MP4 file ends too early");
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes;
    }
}
