package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.util.List;

/**
 * The fine shape of spectra, in parts whose classes say by which codebooks they are written.
 *
 * <p>Source: Vorbis I specification, section 8.
 */
final class VorbisResidue {
    private static final int PASSES = 8;
    private static final int INTERLEAVED = 2;

    private final int type;
    private final int begin;
    private final int end;
    private final int partitionSize;
    private final int classes;
    private final VorbisCodebook classBook;
    private final VorbisCodebook[][] books;

    VorbisResidue(VorbisBits bits, List<VorbisCodebook> codebooks) {
        type = bits.number(16);
        begin = bits.number(24);
        end = bits.number(24);
        partitionSize = bits.number(24) + 1;
        classes = bits.number(6) + 1;
        classBook = VorbisFloor.book(codebooks, bits.number(8));
        if (type > INTERLEAVED || end < begin) {
            throw damaged("a residue of the Vorbis stream is none");
        }
        int[] cascade = new int[classes];
        for (int i = 0; i < classes; i++) {
            int low = bits.number(3);
            cascade[i] = low | (bits.flag() ? bits.number(5) << 3 : 0);
        }
        books = new VorbisCodebook[classes][PASSES];
        for (int i = 0; i < classes; i++) {
            for (int pass = 0; pass < PASSES; pass++) {
                if ((cascade[i] >> pass & 1) != 0) {
                    books[i][pass] = VorbisFloor.book(codebooks, bits.number(8));
                    if (!books[i][pass].hasVectors()) {
                        throw damaged("a residue of the Vorbis stream names a codebook without vectors");
                    }
                }
            }
        }
    }

    /**
     * Reads spectra.
     *
     * @param silent which of them the packet leaves out
     */
    void read(VorbisBits bits, float[][] spectra, boolean[] silent) {
        if (type != INTERLEAVED) {
            decode(bits, spectra, silent);
            return;
        }
        boolean all = true;
        for (boolean one : silent) {
            all &= one;
        }
        if (all) {
            return;
        }
        float[] together = new float[spectra.length * spectra[0].length];
        decode(bits, new float[][] {together}, new boolean[1]);
        for (int i = 0; i < together.length; i++) {
            spectra[i % spectra.length][i / spectra.length] = together[i];
        }
    }

    private void decode(VorbisBits bits, float[][] spectra, boolean[] silent) {
        int size = spectra[0].length;
        int from = Math.min(begin, size);
        int partitions = (Math.min(end, size) - from) / partitionSize;
        int words = classBook.dimensions();
        int[][] chosen = new int[spectra.length][partitions + words];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int partition = 0; partition < partitions; partition++) {
                for (int i = 0; i < spectra.length; i++) {
                    if (silent[i]) {
                        continue;
                    }
                    if (pass == 0 && partition % words == 0) {
                        int word = classBook.decode(bits);
                        if (word < 0) {
                            return;
                        }
                        for (int j = words - 1; j >= 0; j--) {
                            chosen[i][partition + j] = word % classes;
                            word /= classes;
                        }
                    }
                }
                for (int i = 0; i < spectra.length; i++) {
                    VorbisCodebook book = silent[i] ? null : books[chosen[i][partition]][pass];
                    if (book != null && !add(bits, book, spectra[i], from + partition * partitionSize)) {
                        return;
                    }
                }
            }
        }
    }

    /** Adds a part to a spectrum; false where the packet has ended. */
    private boolean add(VorbisBits bits, VorbisCodebook book, float[] spectrum, int at) {
        int dimensions = book.dimensions();
        int vectors = partitionSize / dimensions;
        for (int i = 0; i < vectors; i++) {
            int entry = book.decode(bits);
            if (entry < 0) {
                return false;
            }
            for (int j = 0; j < dimensions; j++) {
                spectrum[at + (type == 0 ? i + j * vectors : i * dimensions + j)] += book.value(entry, j);
            }
        }
        return true;
    }
}
