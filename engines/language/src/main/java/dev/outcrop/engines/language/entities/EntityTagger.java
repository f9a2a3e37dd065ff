package dev.outcrop.engines.language.entities;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Finds entities by a linear chain over hashed features, trained by a structured perceptron whose weights are averaged.
 * Costs a few microseconds a token.
 *
 * <p>Source: Collins, "Discriminative Training Methods for Hidden Markov Models", 2002. Trained by
 * {@code training.EntityRecipe}.
 */
public final class EntityTagger {
    private static final List<EntityKind> KINDS = List.of(EntityKind.values());

    /** Tags: outside, then two for each kind, where an entity begins and where it goes on. */
    static final int TAGS = 1 + 2 * KINDS.size();

    /** Texts are tagged in pieces of so many tokens, cut anywhere, so that memory is bounded. */
    private static final int PIECE = 4096;

    /** A logit of this difference is half sure of a tag. */
    private static final double SURE = 4;

    private final byte[] weights;
    private final float scale;
    private final float[][] transitions;

    /**
     * An entity.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how sure it is, 0.5 to 1
     */
    public record Entity(EntityKind kind, int start, int end, double score) {}

    /**
     * A tagger of trained weights.
     *
     * @param weights     {@code [place × TAGS + tag]}
     * @param transitions {@code [from][to]}, the last row for a text's beginning
     */
    EntityTagger(byte[] weights, float scale, float[][] transitions) {
        this.weights = weights;
        this.scale = scale;
        this.transitions = transitions;
    }

    private static final class Holder {
        private static final EntityTagger SHIPPED = readShipped();
    }

    /** The tagger that ships, for English; read when it is first asked for. */
    public static EntityTagger shipped() {
        return Holder.SHIPPED;
    }

    /** The entities of a text, in the order of their places. */
    public List<Entity> find(String text) {
        Tokens tokens = Tokens.of(text);
        List<Entity> entities = new ArrayList<>();
        TagFeatures features = new TagFeatures(tokens);
        for (int from = 0; from < tokens.size(); from += PIECE) {
            int to = Math.min(tokens.size(), from + PIECE);
            float[][] scores = new float[to - from][];
            for (int token = from; token < to; token++) {
                scores[token - from] = scores(features, token);
            }
            collect(tokens, from, scores, best(scores, transitions), entities);
        }
        return List.copyOf(entities);
    }

    private float[] scores(TagFeatures features, int token) {
        int[] places = features.of(token);
        int size = features.size();
        int[] sums = new int[TAGS];
        for (int i = 0; i < size; i++) {
            int from = places[i] * TAGS;
            for (int tag = 0; tag < TAGS; tag++) {
                sums[tag] += weights[from + tag];
            }
        }
        float[] scores = new float[TAGS];
        for (int tag = 0; tag < TAGS; tag++) {
            scores[tag] = sums[tag] * scale;
        }
        return scores;
    }

    private static void collect(Tokens tokens, int from, float[][] scores, int[] tags, List<Entity> entities) {
        int at = 0;
        while (at < tags.length) {
            if (tags[at] == 0) {
                at++;
                continue;
            }
            int kind = (tags[at] - 1) / 2;
            int end = at + 1;
            while (end < tags.length && tags[end] == 2 * kind + 2) {
                end++;
            }
            double margin = 0;
            for (int token = at; token < end; token++) {
                margin += (scores[token][tags[token]] - scores[token][0]) / (end - at);
            }
            int last = end - 1;
            while (last > at && tokens.texts().get(from + last).equals("\n")) {
                last--;
            }
            entities.add(new Entity(
                    KINDS.get(kind),
                    tokens.starts()[from + at],
                    tokens.end(from + last),
                    1 / (1 + Math.exp(-Math.max(0, margin) / SURE))));
            at = end;
        }
    }

    /** The best sequence of tags (Viterbi). */
    static int[] best(float[][] scores, float[][] transitions) {
        int count = scores.length;
        float[] now = new float[TAGS];
        int[][] from = new int[count][TAGS];
        for (int tag = 0; tag < TAGS; tag++) {
            now[tag] = scores[0][tag] + transitions[TAGS][tag];
        }
        for (int token = 1; token < count; token++) {
            float[] next = new float[TAGS];
            for (int tag = 0; tag < TAGS; tag++) {
                float best = Float.NEGATIVE_INFINITY;
                for (int before = 0; before < TAGS; before++) {
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
        int[] tags = new int[count];
        for (int tag = 1; tag < TAGS; tag++) {
            if (now[tag] > now[tags[count - 1]]) {
                tags[count - 1] = tag;
            }
        }
        for (int token = count - 1; token > 0; token--) {
            tags[token - 1] = from[token][tags[token]];
        }
        return tags;
    }

    /** Writes the weights as {@link #shipped} reads them. */
    void write(OutputStream stream) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(stream))) {
            out.writeFloat(scale);
            for (float[] row : transitions) {
                for (float value : row) {
                    out.writeFloat(value);
                }
            }
            out.write(weights);
        }
    }

    private static EntityTagger readShipped() {
        try (InputStream resource = EntityTagger.class.getResourceAsStream("entities.bin.gz");
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(resource)))) {
            float scale = in.readFloat();
            float[][] transitions = new float[TAGS + 1][TAGS];
            for (float[] row : transitions) {
                for (int tag = 0; tag < TAGS; tag++) {
                    row[tag] = in.readFloat();
                }
            }
            byte[] weights = new byte[TagFeatures.SIZE * TAGS];
            in.readFully(weights);
            return new EntityTagger(weights, scale, transitions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
