package dev.outcrop.engines.embedding;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.outcrop.engines.embedding.EmbeddingException.Category;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * A cross-encoder in ONNX: reads a query and a passage as one sequence, so that each word of the one sees each of the
 * other, and says in one number how well they fit. Safe for concurrent use.
 *
 * <p>Source: Nogueira and Cho, "Passage Re-ranking with BERT", 2019. Costs one run of the encoder a passage. Pairs run in
 * the order of their lengths, so that little is padded; those of a model that is quantised dynamically run one by one, as
 * {@link OnnxEmbeddingModel} says why.
 */
public final class OnnxCrossEncoder implements AutoCloseable {
    private static final int MOST_TOGETHER = 16;
    private static final int MOST_TOKENS_TOGETHER = 2048;
    private static final int MOST_WAITING = 4096;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final String id;
    private final Tokenizer tokenizer;
    private final OrtSession session;
    private final boolean takesTypes;
    private final int maximumTokens;
    private final int together;
    private final Duration timeout;
    private final ThreadPoolExecutor workers;

    private OnnxCrossEncoder(
            String id, OrtSession session, Tokenizer tokenizer, int maximumTokens, int together, Duration timeout) {
        this.id = id;
        this.session = session;
        this.tokenizer = tokenizer;
        this.maximumTokens = maximumTokens;
        this.together = together;
        this.timeout = timeout;
        takesTypes = session.getInputNames().contains("token_type_ids");
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        workers = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                // Platform threads: native code holds its carrier for the whole run.
                Thread.ofPlatform()
                        .name("cross-encoder-" + id + "-", 0)
                        .daemon()
                        .factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Opens a model.
     *
     * @param weights       the ONNX file, with inputs {@code input_ids}, {@code attention_mask} and perhaps
     *                      {@code token_type_ids}, each i64 [pairs, tokens], and as first output f32 [pairs, 1]
     * @param tokenizer     the {@code tokenizer.json} that came with it, of type WordPiece or Unigram
     * @param maximumTokens the longest pair that it reads, special tokens included; a longer one is cut
     * @param timeout       how long a call may take, waiting included
     * @throws EmbeddingException {@code INVALID} if a file is not there or not of this kind
     */
    public static OnnxCrossEncoder open(String id, Path weights, Path tokenizer, int maximumTokens, Duration timeout) {
        Tokenizer words = Tokenizer.read(tokenizer);
        if (!words.readsPairs()) {
            throw new EmbeddingException(
                    Category.INVALID, "the tokenizer " + tokenizer + " does not say how two texts stand together");
        }
        int together = OnnxSessions.quantisesTogether(weights) ? 1 : MOST_TOGETHER;
        OrtSession session = OnnxSessions.open(weights, 1);
        try {
            requireScores(session);
            return new OnnxCrossEncoder(id, session, words, maximumTokens, together, timeout);
        } catch (OrtException | RuntimeException e) {
            OnnxSessions.close(session, e);
            throw e instanceof EmbeddingException refusal ? refusal : OnnxSessions.unreadable(weights, e);
        }
    }

    private static void requireScores(OrtSession session) throws OrtException {
        NodeInfo output = session.getOutputInfo().values().iterator().next();
        if (!(output.getInfo() instanceof TensorInfo tensor)
                || tensor.getShape().length != 2
                || tensor.getShape()[1] > 1) {
            throw new EmbeddingException(
                    Category.INVALID,
                    "the output " + output.getName() + " of a cross-encoder must be of shape [pairs, 1], but is "
                            + output.getInfo());
        }
    }

    /** What it is installed as. */
    public String id() {
        return id;
    }

    /**
     * How well each of {@code passages} fits {@code query}, in their order: logits, greater where it fits better. Of a pair
     * that is too long the longer text loses its end.
     *
     * @throws EmbeddingException {@code OVERLOADED} if too much is waiting, {@code TIMED_OUT}, or as the model fails
     */
    public double[] logits(String query, List<String> passages) {
        int[] first = tokenizer.plain(query);
        List<TokenPair> pairs = passages.stream()
                .map(passage -> tokenizer.pair(first, tokenizer.plain(passage), maximumTokens))
                .toList();
        List<List<Integer>> groups = groups(pairs);
        List<Future<float[]>> scores = new ArrayList<>(groups.size());
        long until = System.nanoTime() + timeout.toNanos();
        try {
            for (List<Integer> group : groups) {
                scores.add(
                        workers.submit(() -> run(group.stream().map(pairs::get).toList())));
            }
            double[] logits = new double[pairs.size()];
            for (int i = 0; i < groups.size(); i++) {
                float[] group = scores.get(i).get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                for (int at = 0; at < group.length; at++) {
                    logits[groups.get(i).get(at)] = group[at];
                }
            }
            return logits;
        } catch (RejectedExecutionException | CancellationException e) {
            throw workers.isShutdown()
                    ? new EmbeddingException(Category.UNAVAILABLE, id + " was closed", e)
                    : new EmbeddingException(Category.OVERLOADED, id + " has too many passages waiting", e);
        } catch (TimeoutException e) {
            throw new EmbeddingException(
                    Category.TIMED_OUT, id + " did not answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddingException(Category.UNAVAILABLE, "the call to " + id + " was cancelled", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbeddingException failure
                    ? failure
                    : new EmbeddingException(Category.FAILED, id + " failed: " + e.getCause(), e.getCause());
        } finally {
            // Where one has failed, nobody waits for the others. None that runs is interrupted.
            scores.forEach(score -> score.cancel(false));
        }
    }

    /** Which pairs run together: neighbours by their lengths, as many as memory bears. */
    private List<List<Integer>> groups(List<TokenPair> pairs) {
        List<List<Integer>> groups = new ArrayList<>();
        IntStream.range(0, pairs.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> pairs.get(i).ids().length))
                .forEach(i -> {
                    int length = pairs.get(i).ids().length;
                    if (groups.isEmpty()
                            || groups.getLast().size() == together
                            || (groups.getLast().size() + 1) * length > MOST_TOKENS_TOGETHER) {
                        groups.add(new ArrayList<>());
                    }
                    groups.getLast().add(i);
                });
        return groups;
    }

    private float[] run(List<TokenPair> pairs) {
        int rows = pairs.size();
        int columns = pairs.stream().mapToInt(pair -> pair.ids().length).max().orElseThrow();
        LongBuffer ids = OnnxSessions.longs(rows * columns);
        LongBuffer mask = OnnxSessions.longs(rows * columns);
        LongBuffer types = OnnxSessions.longs(rows * columns);
        for (int row = 0; row < rows; row++) {
            TokenPair pair = pairs.get(row);
            for (int column = 0; column < pair.ids().length; column++) {
                ids.put(row * columns + column, pair.ids()[column]);
                mask.put(row * columns + column, 1);
                types.put(row * columns + column, pair.types()[column]);
            }
        }
        long[] shape = {rows, columns};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor idsTensor = OnnxTensor.createTensor(environment, ids, shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                OnnxTensor typesTensor = OnnxTensor.createTensor(environment, types, shape)) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put("input_ids", idsTensor);
            inputs.put("attention_mask", maskTensor);
            if (takesTypes) {
                inputs.put("token_type_ids", typesTensor);
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
                if (scores.remaining() != rows) {
                    throw new EmbeddingException(
                            Category.FAILED, id + " gave " + scores.remaining() + " scores for " + rows + " pairs");
                }
                float[] logits = new float[rows];
                scores.get(logits);
                return logits;
            }
        } catch (OrtException e) {
            throw new EmbeddingException(Category.FAILED, id + " failed: " + e.getMessage(), e);
        }
    }

    /** Refuses what waits, and frees the model when nothing runs any more. */
    @Override
    public void close() {
        workers.shutdown();
        workers.getQueue().forEach(waiting -> ((Future<?>) waiting).cancel(false));
        try {
            if (workers.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                session.close();
            }
        } catch (InterruptedException e) {
            // The session stays: to free it under a run would bring the process down.
            Thread.currentThread().interrupt();
        } catch (OrtException e) {
            throw new EmbeddingException(Category.FAILED, id + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
