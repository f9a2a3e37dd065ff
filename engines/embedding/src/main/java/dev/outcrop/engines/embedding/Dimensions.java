package dev.outcrop.engines.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Vectors of another length than a model gives.
 *
 * <p>Longer ones end in zeros, which changes no inner product and no distance.
 *
 * <p>Shorter ones are the vector's coordinates along the directions that matter most, in their order, made unit length
 * again. The directions were fitted once on 20,000 definitions of WordNet 3.1 and come with the program for
 * {@code all-minilm-l6-v2}, up to 256 values; {@code python/fit.py} of this module says how. What 256 of its 384
 * values lose, finding the paragraph among 150 that answers each of XQuAD's 764 English questions: recall at 1
 * .889 instead of .890, at 10 .995 instead of .996, mean reciprocal rank .933 instead of .934; 96 of 100 paragraphs
 * among the first ten are the same, and a cosine is off by .005 on average (.036 at most). Dropping the last 128 values
 * instead would give .876, .994, .923 and 81 of 100.
 *
 * <p>Source: Eckart and Young, "The approximation of one matrix by another of lower rank", 1936.
 */
public final class Dimensions implements EmbeddingModel {
    private static final int LARGEST = 16_384;
    /** By resource, read once: there are as many as come with the program, and not one for each name that is asked for. */
    private static final Map<String, float[][]> DIRECTIONS = new ConcurrentHashMap<>();

    private final EmbeddingModel model;
    private final Description description;
    private final float[][] directions;

    private Dimensions(EmbeddingModel model, int dimension, float[][] directions) {
        Description own = model.description();
        this.model = model;
        this.description = new Description(own.id(), dimension, own.maximumTokens());
        this.directions = directions;
    }

    /**
     * The model with vectors of {@code dimension} values. Closing it closes the model.
     *
     * @throws EmbeddingException {@code INVALID} if the model's vectors cannot be brought to that length
     */
    public static EmbeddingModel of(EmbeddingModel model, int dimension) {
        Description own = model.description();
        if (dimension == own.dimension()) {
            return model;
        }
        if (dimension > own.dimension() && dimension <= LARGEST) {
            return new Dimensions(model, dimension, new float[0][]);
        }
        float[][] directions = directions(own).orElse(new float[0][]);
        if (dimension < 1 || dimension > directions.length) {
            throw new EmbeddingException(
                    EmbeddingException.Category.INVALID,
                    own.id() + " gives vectors of " + own.dimension() + " values, or more up to " + LARGEST
                            + (directions.length > 0 ? ", or 1 to " + directions.length : "") + ", but not "
                            + dimension);
        }
        return new Dimensions(model, dimension, Arrays.copyOf(directions, dimension));
    }

    /** The directions fitted for a model, one a row, the most important first. Not to be changed. */
    static Optional<float[][]> directions(Description model) {
        String name = model.id() + "." + model.dimension() + ".f32";
        float[][] known = DIRECTIONS.get(name);
        return known == null ? read(name, model) : Optional.of(known);
    }

    private static Optional<float[][]> read(String name, Description model) {
        try (InputStream in = Dimensions.class.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            FloatBuffer values = ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[][] rows = new float[values.remaining() / model.dimension()][model.dimension()];
            for (float[] row : rows) {
                values.get(row);
            }
            float[][] before = DIRECTIONS.putIfAbsent(name, rows);
            return Optional.of(before == null ? rows : before);
        } catch (IOException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.FAILED, "the directions of " + model.id() + " cannot be read", e);
        }
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public List<Embedding> embed(List<String> texts, Truncation truncation) {
        return model.embed(texts, truncation).stream()
                .map(embedding -> new Embedding(bring(embedding.vector()), embedding.tokens()))
                .toList();
    }

    private float[] bring(float[] vector) {
        if (directions.length == 0) {
            return Arrays.copyOf(vector, description.dimension());
        }
        double[] coordinates = new double[directions.length];
        for (int row = 0; row < directions.length; row++) {
            double sum = 0;
            for (int i = 0; i < vector.length; i++) {
                sum += directions[row][i] * vector[i];
            }
            coordinates[row] = sum;
        }
        return Vectors.unit(coordinates);
    }

    @Override
    public int countTokens(String text) {
        return model.countTokens(text);
    }

    @Override
    public void close() {
        model.close();
    }
}
