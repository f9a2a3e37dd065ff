package dev.outcrop.engines.learning;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A linear chain: the score of tags for a sequence is the sum of a weight for each feature of each element with its tag and
 * one for each tag with the next. The best tags are found in O(length × tags²).
 *
 * <p>Source: Collins, "Discriminative Training Methods for Hidden Markov Models", 2002.
 *
 * @param weights     {@code [place × tags + tag]}
 * @param transitions {@code [from × tags + to]}, the last row for the beginning of a sequence
 */
record LinearChain(int tags, float[] weights, float[] transitions) {
    private static final int MOST_WEIGHTS = 32 << 20;

    static LinearChain empty(int tags, int places) {
        return new LinearChain(tags, new float[places * tags], new float[(tags + 1) * tags]);
    }

    int places() {
        return weights.length / tags;
    }

    /** Adds the scores of the tags of an element. */
    void score(int[] places, int size, float[] into) {
        for (int i = 0; i < size; i++) {
            int row = places[i] * tags;
            for (int tag = 0; tag < tags; tag++) {
                into[tag] += weights[row + tag];
            }
        }
    }

    /** The tags with the best sum of scores and transitions. */
    int[] best(float[][] scores) {
        int length = scores.length;
        int[][] from = new int[length][tags];
        float[] before = new float[tags];
        for (int tag = 0; tag < tags; tag++) {
            before[tag] = transitions[tags * tags + tag] + scores[0][tag];
        }
        for (int at = 1; at < length; at++) {
            float[] now = new float[tags];
            for (int tag = 0; tag < tags; tag++) {
                float most = Float.NEGATIVE_INFINITY;
                for (int last = 0; last < tags; last++) {
                    float sum = before[last] + transitions[last * tags + tag];
                    if (sum > most) {
                        most = sum;
                        from[at][tag] = last;
                    }
                }
                now[tag] = most + scores[at][tag];
            }
            before = now;
        }
        int[] best = new int[length];
        for (int tag = 1; tag < tags; tag++) {
            if (before[tag] > before[best[length - 1]]) {
                best[length - 1] = tag;
            }
        }
        for (int at = length - 1; at > 0; at--) {
            best[at - 1] = from[at][best[at]];
        }
        return best;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(places());
        for (float transition : transitions) {
            out.writeFloat(transition);
        }
        float largest = 1e-6f;
        for (float weight : weights) {
            largest = Math.max(largest, Math.abs(weight));
        }
        float scale = largest / Short.MAX_VALUE;
        out.writeFloat(scale);
        for (float weight : weights) {
            out.writeShort(Math.round(weight / scale));
        }
    }

    static LinearChain read(DataInputStream in, int tags) throws IOException {
        int places = in.readInt();
        if (places < 1 || Integer.bitCount(places) != 1 || (long) places * tags > MOST_WEIGHTS) {
            throw new DamagedModelException("a chain cannot have " + places + " places for features");
        }
        LinearChain chain = empty(tags, places);
        for (int i = 0; i < chain.transitions.length; i++) {
            chain.transitions[i] = in.readFloat();
        }
        float scale = in.readFloat();
        for (int i = 0; i < chain.weights.length; i++) {
            chain.weights[i] = in.readShort() * scale;
        }
        return chain;
    }
}
