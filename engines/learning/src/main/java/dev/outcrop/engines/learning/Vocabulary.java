package dev.outcrop.engines.learning;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Which n-grams are features, and what each is worth: the logarithm of how rare it is among the documents. Vectors are
 * unit length for words and for pieces of words each.
 */
final class Vocabulary {
    private static final int NONE = -1;

    private final boolean pieces;
    private final int[] places;
    private final float[] rarity;
    private final int[] indexes;

    private Vocabulary(boolean pieces, int[] places, float[] rarity) {
        this.pieces = pieces;
        this.places = places;
        this.rarity = rarity;
        indexes = new int[NGrams.PLACES];
        Arrays.fill(indexes, NONE);
        for (int i = 0; i < places.length; i++) {
            indexes[places[i]] = i;
        }
    }

    /**
     * The n-grams that occur in at least two documents, or in more where that would be too many.
     *
     * @param most how many there may be
     */
    static Vocabulary of(List<NGrams> documents, boolean pieces, int most) {
        int[] frequencies = new int[NGrams.PLACES];
        for (NGrams document : documents) {
            for (int place : document.places()) {
                frequencies[place]++;
            }
        }
        int least = documents.size() < 50 ? 1 : 2;
        while (atLeast(frequencies, least) > most) {
            least++;
        }
        int[] places = new int[atLeast(frequencies, least)];
        float[] rarity = new float[places.length];
        int kept = 0;
        for (int place = 0; place < frequencies.length; place++) {
            if (frequencies[place] >= least) {
                places[kept] = place;
                rarity[kept++] = (float) (1 + Math.log((1.0 + documents.size()) / (1.0 + frequencies[place])));
            }
        }
        return new Vocabulary(pieces, places, rarity);
    }

    private static int atLeast(int[] frequencies, int least) {
        int count = 0;
        for (int frequency : frequencies) {
            count += frequency >= least ? 1 : 0;
        }
        return count;
    }

    int size() {
        return places.length;
    }

    SparseVector vector(String text) {
        return vector(NGrams.of(text, pieces));
    }

    SparseVector vector(NGrams document) {
        int[] found = new int[document.size()];
        float[] values = new float[document.size()];
        int size = 0;
        int words = 0;
        for (int i = 0; i < document.size(); i++) {
            int index = indexes[document.places()[i]];
            if (index != NONE) {
                found[size] = index;
                values[size++] = (float) (1 + Math.log(document.counts()[i])) * rarity[index];
            }
            if (document.places()[i] < NGrams.PIECES) {
                words = size;
            }
        }
        scale(values, 0, words);
        scale(values, words, size);
        return new SparseVector(Arrays.copyOf(found, size), Arrays.copyOf(values, size));
    }

    private static void scale(float[] values, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += values[i] * values[i];
        }
        float factor = (float) (1 / Math.sqrt(Math.max(1e-12, squares)));
        for (int i = from; i < to; i++) {
            values[i] *= factor;
        }
    }

    void write(DataOutputStream out) throws IOException {
        out.writeBoolean(pieces);
        out.writeInt(places.length);
        int before = 0;
        for (int i = 0; i < places.length; i++) {
            out.writeInt(places[i] - before);
            before = places[i];
            out.writeFloat(rarity[i]);
        }
    }

    static Vocabulary read(DataInputStream in) throws IOException {
        boolean pieces = in.readBoolean();
        int size = in.readInt();
        if (size < 0 || size > NGrams.PLACES) {
            throw new DamagedModelException(
                    "a vocabulary has at most " + NGrams.PLACES + " features, but says " + size);
        }
        int[] places = new int[size];
        float[] rarity = new float[size];
        int place = 0;
        for (int i = 0; i < size; i++) {
            int step = in.readInt();
            if (step < (i == 0 ? 0 : 1) || step >= NGrams.PLACES - place) {
                throw new DamagedModelException("the features of a vocabulary are not in order");
            }
            place += step;
            places[i] = place;
            rarity[i] = in.readFloat();
        }
        return new Vocabulary(pieces, places, rarity);
    }
}
