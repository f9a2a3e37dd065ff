package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks before a PDF is opened how much its compressed streams unfold to, since PDFBox unfolds each into memory.
 *
 * <p>Every stream that begins as zlib's data does is unfolded into nothing, and what unfolds to zlib's data again is
 * followed. Streams of encrypted files cannot be seen so.
 */
final class PdfStreams {
    private static final byte[] STREAM = "stream".getBytes(StandardCharsets.US_ASCII);
    private static final long LARGEST_STREAM = 256L << 20;
    private static final int NESTED = 4;
    private static final int BUFFER = 1 << 16;

    private PdfStreams() {}

    /**
     * Looks at all streams of a file.
     *
     * @throws DocumentException {@code TOO_LARGE} if one unfolds to more than 256 MB
     */
    static void check(byte[] file, Deadline deadline) {
        for (int at = 0; at + STREAM.length + 4 < file.length; at++) {
            if (file[at] != 's' || !Signatures.starts(file, at, STREAM)) {
                continue;
            }
            int data = at + STREAM.length;
            data += file[data] == '\r' ? 1 : 0;
            data += file[data] == '\n' ? 1 : 0;
            if (data + 2 < file.length && zlib(file[data], file[data + 1])) {
                long read = unfold(file, data, deadline);
                at = (int) Math.min(file.length, data + read);
            }
        }
    }

    private static boolean zlib(byte first, byte second) {
        return (first & 0x0F) == 8 && (first & 0xF0) <= 0x70 && ((first & 0xFF) * 256 + (second & 0xFF)) % 31 == 0;
    }

    /** Unfolds what begins at {@code from}; how many bytes of the file that took. */
    private static long unfold(byte[] file, int from, Deadline deadline) {
        Inflater[] layers = new Inflater[NESTED];
        byte[][] buffers = new byte[NESTED][BUFFER];
        try {
            layers[0] = new Inflater();
            layers[0].setInput(file, from, file.length - from);
            long[] sizes = new long[NESTED];
            drain(layers, buffers, sizes, 0, deadline);
            return layers[0].getBytesRead();
        } finally {
            for (Inflater layer : layers) {
                if (layer != null) {
                    layer.end();
                }
            }
        }
    }

    private static void drain(Inflater[] layers, byte[][] buffers, long[] sizes, int layer, Deadline deadline) {
        try {
            int count = layers[layer].inflate(buffers[layer]);
            while (count > 0) {
                deadline.check();
                boolean first = sizes[layer] == 0;
                sizes[layer] += count;
                if (sizes[layer] > LARGEST_STREAM) {
                    throw new DocumentException(
                            Reason.TOO_LARGE, "a part of it unfolds to more than " + (LARGEST_STREAM >> 20) + " MB");
                }
                if (first && layer + 1 < NESTED && count > 2 && zlib(buffers[layer][0], buffers[layer][1])) {
                    layers[layer + 1] = new Inflater();
                }
                if (layer + 1 < NESTED && layers[layer + 1] != null) {
                    layers[layer + 1].setInput(buffers[layer], 0, count);
                    drain(layers, buffers, sizes, layer + 1, deadline);
                }
                count = layers[layer].inflate(buffers[layer]);
            }
        } catch (DataFormatException otherwise) {
            // Not zlib's data after all, or damaged: what was unfolded until here is all there is.
            return;
        }
    }
}
