package dev.outcrop.engines.language.tagging;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Labels tokens by a linear chain over hashed features: each token's features vote for its tag, and each pair of
 * neighbours has its own weight. Costs some microseconds a token. Safe for concurrent use.
 *
 * <p>Sources: Lafferty, McCallum and Pereira, "Conditional Random Fields", 2001, for the chain and its probabilities;
 * trained by {@link SequenceTraining}.
 */
public final class SequenceTagger {
    /** Texts are tagged in pieces of so many tokens, cut anywhere, so that memory is bounded. */
    private static final int PIECE = 4096;

    private final int tags;
    private final byte[] weights;
    private final float scale;
    private final float sharpness;
    private final float[][] transitions;

    /**
     * The tags of a text's tokens.
     *
     * @param tags          the best sequence as a whole
     * @param probabilities how probable each of them is, given the text
     */
    public record Tagging(int[] tags, float[] probabilities) {}

    /**
     * A tagger of trained weights.
     *
     * @param weights     {@code [place × tags + tag]}
     * @param scale       what a unit of {@code weights} is
     * @param sharpness   what scores are multiplied by before they become probabilities
     * @param transitions {@code [from][to]}, the last row for a text's beginning
     */
    SequenceTagger(int tags, byte[] weights, float scale, float sharpness, float[][] transitions) {
        this.tags = tags;
        this.weights = weights;
        this.scale = scale;
        this.sharpness = sharpness;
        this.transitions = transitions;
    }

    /** The number of tags. */
    public int tags() {
        return tags;
    }

    /** Tags what the features are of. */
    public Tagging tag(WordFeatures features) {
        int count = features.tokens();
        int[] found = new int[count];
        float[] probabilities = new float[count];
        for (int from = 0; from < count; from += PIECE) {
            int to = Math.min(count, from + PIECE);
            float[][] scores = new float[to - from][];
            for (int token = from; token < to; token++) {
                scores[token - from] = scores(features, token);
            }
            int[] best = best(scores, transitions);
            float[] probable = probabilities(scores, best);
            System.arraycopy(best, 0, found, from, best.length);
            System.arraycopy(probable, 0, probabilities, from, best.length);
        }
        return new Tagging(found, probabilities);
    }

    private float[] scores(WordFeatures features, int token) {
        int[] places = features.of(token);
        int size = features.size();
        int[] sums = new int[tags];
        for (int i = 0; i < size; i++) {
            int from = places[i] * tags;
            for (int tag = 0; tag < tags; tag++) {
                sums[tag] += weights[from + tag];
            }
        }
        float[] scores = new float[tags];
        for (int tag = 0; tag < tags; tag++) {
            scores[tag] = sums[tag] * scale;
        }
        return scores;
    }

    /** The best sequence of tags (Viterbi). */
    static int[] best(float[][] scores, float[][] transitions) {
        int count = scores.length;
        int tags = scores[0].length;
        float[] now = new float[tags];
        int[][] from = new int[count][tags];
        for (int tag = 0; tag < tags; tag++) {
            now[tag] = scores[0][tag] + transitions[tags][tag];
        }
        for (int token = 1; token < count; token++) {
            float[] next = new float[tags];
            for (int tag = 0; tag < tags; tag++) {
                float best = Float.NEGATIVE_INFINITY;
                for (int before = 0; before < tags; before++) {
                    float score = now[before] + transitions[before][tag];
                    if (score > best) {
                        best = score;
                        from[token][tag] = before;
                    }
                }
                next[tag] = best + scores[token][tag];
            }
            now = next;
        }
        int[] best = new int[count];
        for (int tag = 1; tag < tags; tag++) {
            if (now[tag] > now[best[count - 1]]) {
                best[count - 1] = tag;
            }
        }
        for (int token = count - 1; token > 0; token--) {
            best[token - 1] = from[token][best[token]];
        }
        return best;
    }

    /** How probable each tag of a sequence is at its place (forward and backward sums, scaled at each step). */
    private float[] probabilities(float[][] scores, int[] chosen) {
        int count = scores.length;
        double[][] moves = new double[tags + 1][tags];
        for (int from = 0; from <= tags; from++) {
            for (int to = 0; to < tags; to++) {
                moves[from][to] = Math.exp(sharpness * transitions[from][to]);
            }
        }
        double[][] votes = new double[count][tags];
        double[][] forward = new double[count][tags];
        for (int token = 0; token < count; token++) {
            float largest = Float.NEGATIVE_INFINITY;
            for (float score : scores[token]) {
                largest = Math.max(largest, score);
            }
            double sum = 0;
            for (int tag = 0; tag < tags; tag++) {
                votes[token][tag] = Math.exp(sharpness * (scores[token][tag] - largest)) + 1e-30;
                double reached = token == 0 ? moves[tags][tag] : 0;
                for (int before = 0; token > 0 && before < tags; before++) {
                    reached += forward[token - 1][before] * moves[before][tag];
                }
                forward[token][tag] = reached * votes[token][tag];
                sum += forward[token][tag];
            }
            for (int tag = 0; tag < tags; tag++) {
                forward[token][tag] /= sum;
            }
        }
        float[] probabilities = new float[count];
        double[] backward = new double[tags];
        java.util.Arrays.fill(backward, 1);
        for (int token = count - 1; token >= 0; token--) {
            double all = 0;
            for (int tag = 0; tag < tags; tag++) {
                all += forward[token][tag] * backward[tag];
            }
            probabilities[token] = (float) (forward[token][chosen[token]] * backward[chosen[token]] / all);
            double[] earlier = new double[tags];
            double sum = 0;
            for (int before = 0; before < tags; before++) {
                for (int tag = 0; tag < tags; tag++) {
                    earlier[before] += moves[before][tag] * votes[token][tag] * backward[tag];
                }
                sum += earlier[before];
            }
            for (int before = 0; before < tags; before++) {
                backward[before] = earlier[before] / sum;
            }
        }
        return probabilities;
    }

    /** Writes the weights as {@link #read} reads them. */
    public void write(OutputStream stream) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(stream))) {
            out.writeFloat(scale);
            out.writeFloat(sharpness);
            for (float[] row : transitions) {
                for (float value : row) {
                    out.writeFloat(value);
                }
            }
            out.write(weights);
        }
    }

    /** Reads a tagger of so many tags from a resource beside {@code owner}. */
    public static SequenceTagger read(Class<?> owner, String resource, int tags) {
        try (InputStream stream = owner.getResourceAsStream(resource);
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(stream)))) {
            float scale = in.readFloat();
            float sharpness = in.readFloat();
            float[][] transitions = new float[tags + 1][tags];
            for (float[] row : transitions) {
                for (int tag = 0; tag < tags; tag++) {
                    row[tag] = in.readFloat();
                }
            }
            byte[] weights = new byte[WordFeatures.SIZE * tags];
            in.readFully(weights);
            return new SequenceTagger(tags, weights, scale, sharpness, transitions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
