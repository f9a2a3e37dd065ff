package dev.outcrop.engines.embedding;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.outcrop.engines.embedding.EmbeddingQueue.Wanted;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sentence encoder of BERT's kind in ONNX, run by ONNX Runtime, with the tokenizer that came with it.
 *
 * <p>Texts of all callers wait in one queue, from which a few threads take the oldest and run it. Weights in floating
 * point let neighbours of nearly the same length run together; nothing is ever padded by more than an eighth. Weights
 * quantised dynamically (nodes of type {@code DynamicQuantizeLinear}) take one scale for all that runs together, so that
 * the vector of a text would depend on who else called (cosine down to .988 for all-MiniLM-L6-v2): there each text runs
 * alone, and its vector is the same each time. Measured in texts a second of CPU on one core: paragraphs of 130 tokens
 * 62 alone, 43 in sorted batches of eight; questions of 15 tokens 340 alone, 580 in such batches.
 *
 * <p>all-MiniLM-L6-v2 in 8 bits equals Python's ONNX Runtime to a cosine above .9999.
 */
public final class OnnxEmbeddingModel implements EmbeddingModel {
    private final Description description;
    private final Settings settings;
    private final Tokenizer tokenizer;
    private final OrtSession session;
    private final boolean takesTypes;
    private final EmbeddingQueue queue;

    /**
     * How a model is run.
     *
     * @param pooling         how the vectors of tokens become one
     * @param maximumTokens   the longest text that it reads, special tokens included
     * @param workers         texts, or groups of texts, that run at the same time
     * @param threadsPerRun   threads that share one of them
     * @param maximumWaiting  texts that may wait; more are refused
     * @param timeout         how long a call may take, waiting included
     */
    public record Settings(
            Pooling pooling, int maximumTokens, int workers, int threadsPerRun, int maximumWaiting, Duration timeout) {
        public Settings {
            if (maximumTokens < 3 || workers < 1 || threadsPerRun < 1 || maximumWaiting < 1) {
                throw new EmbeddingException(
                        EmbeddingException.Category.INVALID,
                        "maximumTokens must be at least 3, the other numbers at least 1, but they are " + maximumTokens
                                + ", " + workers + ", " + threadsPerRun + ", " + maximumWaiting);
            }
        }

        /** One text a core, but for one core that the rest of the program keeps; 4,096 may wait, for a minute. */
        public static Settings usual(Pooling pooling, int maximumTokens) {
            int cores = Runtime.getRuntime().availableProcessors();
            return new Settings(pooling, maximumTokens, Math.max(1, cores - 1), 1, 4096, Duration.ofMinutes(1));
        }
    }

    private OnnxEmbeddingModel(String id, OrtSession session, Tokenizer tokenizer, boolean together, Settings settings)
            throws OrtException {
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.session = session;
        this.takesTypes = session.getInputNames().contains("token_type_ids");
        this.description = new Description(id, dimension(session), settings.maximumTokens());
        this.queue = new EmbeddingQueue(id, settings, together, this::run);
    }

    /**
     * Opens a model.
     *
     * @param weights   the ONNX file, with inputs {@code input_ids}, {@code attention_mask} and perhaps
     *                  {@code token_type_ids}, each i64 [texts, tokens], and as first output f32 [texts, tokens, values]
     * @param tokenizer the {@code tokenizer.json} that came with it, of type WordPiece or Unigram
     * @throws EmbeddingException {@code INVALID} if a file is not there or not of this kind
     */
    public static OnnxEmbeddingModel open(String id, Path weights, Path tokenizer, Settings settings) {
        Tokenizer words = Tokenizer.read(tokenizer);
        boolean together = !OnnxSessions.quantisesTogether(weights);
        OrtSession session = OnnxSessions.open(weights, settings.threadsPerRun());
        try {
            return new OnnxEmbeddingModel(id, session, words, together, settings);
        } catch (OrtException | RuntimeException e) {
            OnnxSessions.close(session, e);
            throw e instanceof EmbeddingException refusal ? refusal : OnnxSessions.unreadable(weights, e);
        }
    }

    private static int dimension(OrtSession session) throws OrtException {
        NodeInfo output = session.getOutputInfo().values().iterator().next();
        if (output.getInfo() instanceof TensorInfo tensor
                && tensor.getShape().length == 3
                && tensor.getShape()[2] > 0) {
            return Math.toIntExact(tensor.getShape()[2]);
        }
        throw new EmbeddingException(
                EmbeddingException.Category.INVALID,
                "the output " + output.getName() + " must be of shape [texts, tokens, values], but is "
                        + output.getInfo());
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public int countTokens(String text) {
        return tokenizer.encode(text).length;
    }

    @Override
    public List<Embedding> embed(List<String> texts, Truncation truncation) {
        List<int[]> encoded = encode(texts, truncation);
        List<float[]> vectors = queue.run(encoded, Wanted.TEXT);
        List<Embedding> embeddings = new ArrayList<>(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            embeddings.add(new Embedding(vectors.get(i), encoded.get(i).length));
        }
        return embeddings;
    }

    @Override
    public Optional<TokenEmbeddings> tokens() {
        return Optional.of(this::embedTokens);
    }

    /** The vectors of the tokens between those that stand before and after every text. */
    private List<float[][]> embedTokens(List<String> texts, Truncation truncation) {
        int dimension = description.dimension();
        return queue.run(encode(texts, truncation), Wanted.TOKENS).stream()
                .map(flat -> {
                    int first = tokenizer.tokensBefore();
                    float[][] vectors =
                            new float[Math.max(0, flat.length / dimension - first - tokenizer.tokensAfter())][];
                    for (int i = 0; i < vectors.length; i++) {
                        vectors[i] = Arrays.copyOfRange(flat, (first + i) * dimension, (first + i + 1) * dimension);
                    }
                    return vectors;
                })
                .toList();
    }

    private List<int[]> encode(List<String> texts, Truncation truncation) {
        List<int[]> encoded = new ArrayList<>(texts.size());
        for (String text : texts) {
            int[] ids = tokenizer.encode(text);
            if (ids.length > settings.maximumTokens() && truncation == Truncation.NONE) {
                throw new EmbeddingException(
                        EmbeddingException.Category.TOO_LONG,
                        "a text has " + ids.length + " tokens, but " + description.id() + " reads at most "
                                + settings.maximumTokens());
            }
            encoded.add(tokenizer.truncate(ids, settings.maximumTokens(), truncation));
        }
        return encoded;
    }

    /** The vectors of texts that run together, padded to the longest of them. */
    float[][] run(List<int[]> texts, Wanted wanted) {
        int rows = texts.size();
        int columns = texts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        LongBuffer ids = OnnxSessions.longs(rows * columns);
        LongBuffer mask = OnnxSessions.longs(rows * columns);
        for (int row = 0; row < rows; row++) {
            int[] text = texts.get(row);
            for (int column = 0; column < text.length; column++) {
                ids.put(row * columns + column, text[column]);
                mask.put(row * columns + column, 1);
            }
        }
        long[] shape = {rows, columns};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor idsTensor = OnnxTensor.createTensor(environment, ids, shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                OnnxTensor typesTensor =
                        OnnxTensor.createTensor(environment, OnnxSessions.longs(rows * columns), shape)) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put("input_ids", idsTensor);
            inputs.put("attention_mask", maskTensor);
            if (takesTypes) {
                inputs.put("token_type_ids", typesTensor);
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
                return switch (wanted) {
                    case TEXT -> pool(states, texts, columns);
                    case TOKENS -> each(states, texts, columns);
                };
            }
        } catch (OrtException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.FAILED, description.id() + " failed: " + e.getMessage(), e);
        }
    }

    private float[][] pool(FloatBuffer states, List<int[]> texts, int columns) {
        int dimension = description.dimension();
        float[][] vectors = new float[texts.size()][];
        float[] state = new float[dimension];
        for (int row = 0; row < vectors.length; row++) {
            double[] sum = new double[dimension];
            int tokens = settings.pooling() == Pooling.CLS ? 1 : texts.get(row).length;
            for (int column = 0; column < tokens; column++) {
                states.get((row * columns + column) * dimension, state);
                for (int i = 0; i < dimension; i++) {
                    sum[i] += state[i];
                }
            }
            // The sum will do for the mean: only the direction counts.
            vectors[row] = Vectors.unit(sum);
        }
        return vectors;
    }

    /** The vectors of each text's tokens, of length one, behind one another. */
    private float[][] each(FloatBuffer states, List<int[]> texts, int columns) {
        int dimension = description.dimension();
        float[][] vectors = new float[texts.size()][];
        float[] state = new float[dimension];
        for (int row = 0; row < vectors.length; row++) {
            int tokens = texts.get(row).length;
            vectors[row] = new float[tokens * dimension];
            for (int column = 0; column < tokens; column++) {
                states.get((row * columns + column) * dimension, state);
                double[] values = new double[dimension];
                for (int i = 0; i < dimension; i++) {
                    values[i] = state[i];
                }
                System.arraycopy(Vectors.unit(values), 0, vectors[row], column * dimension, dimension);
            }
        }
        return vectors;
    }

    @Override
    public void close() {
        queue.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new EmbeddingException(
                    EmbeddingException.Category.FAILED, description.id() + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
