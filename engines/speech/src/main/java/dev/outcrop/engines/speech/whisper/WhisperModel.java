package dev.outcrop.engines.speech.whisper;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A loaded Whisper model: encoder and decoder. Safe for concurrent use. */
final class WhisperModel implements AutoCloseable {
    private static final long SESSION_STACK_BYTES = 64L << 20;
    private static final long SESSION_MINUTES = 5;

    private final Dimensions dimensions;
    private final WhisperTokenizer tokenizer;
    private final LogMelSpectrogram spectrogram;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession encoder;
    private final OrtSession decoder;
    private final float[] tokenEmbeddings;
    private final float[] positionEmbeddings;

    private WhisperModel(
            Dimensions dimensions,
            WhisperTokenizer tokenizer,
            OrtSession encoder,
            OrtSession decoder,
            float[] tokenEmbeddings,
            float[] positionEmbeddings) {
        this.dimensions = dimensions;
        this.tokenizer = tokenizer;
        this.spectrogram = new LogMelSpectrogram(dimensions.bands());
        this.encoder = encoder;
        this.decoder = decoder;
        this.tokenEmbeddings = tokenEmbeddings;
        this.positionEmbeddings = positionEmbeddings;
    }

    /**
     * Loads a model, after its graphs are made if need be.
     *
     * @param weights {@code model.bin} in CTranslate2's format
     * @param cache   where the graphs are kept
     * @throws SpeechException {@code MODEL} if a file is not what it should be
     */
    static WhisperModel open(Path weights, Path tokenizer, Path cache, int threads) {
        WhisperTokenizer words = WhisperTokenizer.read(tokenizer);
        Path graphs = GraphCache.graphs(weights, cache);
        try (ConvertedWeights values = ConvertedWeights.open(weights);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            Dimensions dimensions = Dimensions.of(values);
            if (words.lastTime() >= dimensions.vocabulary()) {
                throw new SpeechException(
                        Category.MODEL,
                        tokenizer + " has more tokens than the " + dimensions.vocabulary() + " of " + weights);
            }
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Idle threads that spin would take the cores from everybody else.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            float[] tokens = values.values("decoder/embeddings/weight", dimensions.vocabulary(), dimensions.width());
            float[] positions = values.values(
                    "decoder/position_encodings/encodings", dimensions.textPositions(), dimensions.width());
            OrtSession encoder = session(graphs.resolve("encoder.onnx"), options);
            try {
                return new WhisperModel(
                        dimensions,
                        words,
                        encoder,
                        session(graphs.resolve("decoder.onnx"), options),
                        tokens,
                        positions);
            } catch (OrtException | RuntimeException e) {
                encoder.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new SpeechException(Category.MODEL, weights + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** Makes a session on a thread with a large stack: ONNX Runtime's passes over the graph recurse once a node. */
    private static OrtSession session(Path graph, OrtSession.SessionOptions options) throws OrtException {
        FutureTask<OrtSession> creation =
                new FutureTask<>(() -> OrtEnvironment.getEnvironment().createSession(graph.toString(), options));
        Thread.ofPlatform()
                .name("onnx-session")
                .stackSize(SESSION_STACK_BYTES)
                .daemon()
                .start(creation);
        try {
            return creation.get(SESSION_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof OrtException refusal) {
                throw refusal;
            }
            throw new SpeechException(Category.MODEL, graph + " cannot be loaded", failure.getCause());
        } catch (TimeoutException failure) {
            throw new SpeechException(Category.TIMED_OUT, graph + " takes too long to load", failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new SpeechException(Category.UNAVAILABLE, "interrupted while loading " + graph, failure);
        }
    }

    Dimensions dimensions() {
        return dimensions;
    }

    WhisperTokenizer tokenizer() {
        return tokenizer;
    }

    OrtEnvironment environment() {
        return environment;
    }

    OrtSession decoder() {
        return decoder;
    }

    /**
     * Listens to a sound.
     *
     * @param samples   at most half a minute
     * @param positions how many positions to compute, fiftieths of a second; silence follows the sound up to there
     */
    HeardSound listen(float[] samples, int positions, OrtSession.RunOptions options) throws OrtException {
        int frames = 2 * Math.min(positions, dimensions.audioPositions());
        float[] mel = spectrogram.of(samples, frames);
        try (OnnxTensor input = OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(mel), new long[] {1, dimensions.bands(), frames})) {
            return new HeardSound(encoder.run(Map.of("mel", input), options), frames / 2);
        }
    }

    /**
     * What the encoder made of a sound.
     *
     * @param positions how many fiftieths of a second were computed
     */
    record HeardSound(OrtSession.Result result, int positions) implements AutoCloseable {
        @Override
        public void close() {
            result.close();
        }
    }

    /** Adds a token's embedding at a position of the text to {@code into}. */
    void embed(int token, int position, FloatBuffer into) {
        int width = dimensions.width();
        for (int i = 0; i < width; i++) {
            into.put(tokenEmbeddings[token * width + i] + positionEmbeddings[position * width + i]);
        }
    }

    @Override
    public void close() {
        try {
            encoder.close();
            decoder.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
