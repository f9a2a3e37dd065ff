package dev.outcrop.engines.text.llama;

import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.binding.LlamaContext;
import dev.outcrop.engines.text.llama.binding.LlamaException;
import dev.outcrop.engines.text.llama.binding.LlamaModel;
import dev.outcrop.engines.text.llama.decoding.DecodingLoop;
import dev.outcrop.engines.text.llama.decoding.GenerationListener;
import dev.outcrop.engines.text.llama.decoding.GenerationTask;
import dev.outcrop.engines.text.llama.decoding.SamplingSettings;
import dev.outcrop.engines.text.llama.decoding.ScoredToken;
import dev.outcrop.engines.worker.WorkerAnswer;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The worker's side: a loaded model that answers {@link Messages}. */
public final class LlamaService implements WorkerService {
    private static final int DEFAULT_CONTEXT = 8192;
    private static final int SMALLEST_CONTEXT = 512;
    private static final int BATCH = 512;

    /** Sequences that are kept beside those at work. */
    private static final int KEPT_SEQUENCES = 24;

    /** Tokenizers and grammar parsers of llama.cpp are recursive. */
    private static final int STACK_BYTES = 64 << 20;

    /** Longer than any honest step takes: something hangs in native code. */
    private static final Duration STEP_LIMIT = Duration.ofMinutes(5);

    private final ExecutorService deepStack = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(null, task, "tokens", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    });
    private LlamaModel model;
    private LlamaContext context;
    private DecodingLoop loop;
    private int contextLength;

    @Override
    public byte[] start(byte[] settings) {
        try {
            return Messages.write(load(Messages.read(settings, Messages.Load.class)));
        } catch (LlamaException e) {
            throw WorkerException.refused(Category.NOT_FOUND.name(), e.getMessage());
        }
    }

    private Messages.Loaded load(Messages.Load settings) {
        model = LlamaModel.load(Path.of(settings.file()), settings.gpuLayers());
        long affordable = settings.memoryBytes() / Math.max(1, model.memoryPerToken());
        int wanted = settings.contextLength() > 0
                ? Math.min(settings.contextLength(), model.trainedContextLength())
                : Math.min(DEFAULT_CONTEXT, model.trainedContextLength());
        if (affordable < Math.min(SMALLEST_CONTEXT, wanted)) {
            throw WorkerException.refused(
                    Category.OVERLOADED.name(),
                    "a context of " + wanted + " tokens takes " + wanted * model.memoryPerToken() + " bytes, but only "
                            + settings.memoryBytes() + " are allowed");
        }
        contextLength = (int) Math.min(wanted, affordable);
        // Room for a second long conversation beside the first, and for the state of one that is over.
        int cells = Math.clamp(affordable * 2 / 3, contextLength, 2 * contextLength);
        context = new LlamaContext(model, cells, BATCH, settings.parallel() + KEPT_SEQUENCES, settings.threads());
        if (!settings.adapters().isEmpty()) {
            float[] scales = new float[settings.adapters().size()];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = settings.adapterScales().get(i).floatValue();
            }
            context.setAdapters(settings.adapters().stream().map(Path::of).toArray(Path[]::new), scales);
        }
        int savedTokens = model.canForget() ? Math.clamp(affordable - context.cells(), 0, contextLength) : 0;
        loop = new DecodingLoop(
                model,
                context,
                contextLength,
                settings.parallel(),
                settings.queueLimit(),
                settings.threads(),
                savedTokens);
        Thread.ofPlatform().daemon().name("step watch").start(this::watchSteps);
        return new Messages.Loaded(
                contextLength,
                model.chatTemplate().orElse(""),
                model.beginningToken().map(this::name).orElse(""),
                model.endToken().map(this::name).orElse(""),
                model.specialTexts(),
                samplingDefaults(),
                (context.cells() + (long) savedTokens) * model.memoryPerToken(),
                LlamaModel.libraryVersion());
    }

    private String name(int token) {
        return new String(model.piece(token), StandardCharsets.UTF_8);
    }

    /** What the file's authors recommend, else what llama.cpp does. */
    private SamplingSettings samplingDefaults() {
        return new SamplingSettings(
                recommended("temp", 0.8),
                (int) recommended("top_k", 40),
                recommended("top_p", 0.95),
                recommended("min_p", 0.05),
                0,
                0,
                recommended("penalty_repeat", 1),
                0);
    }

    private double recommended(String name, double otherwise) {
        return model.metadata("general.sampling." + name)
                .map(Double::parseDouble)
                .orElse(otherwise);
    }

    private void watchSteps() {
        while (true) {
            if (loop.stepNanos() > STEP_LIMIT.toNanos()) {
                System.err.println("a step has taken longer than " + STEP_LIMIT + ": giving up");
                Runtime.getRuntime().halt(1);
            }
            try {
                Thread.sleep(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void answer(String operation, byte[] request, WorkerAnswer answer) throws InterruptedException {
        try {
            switch (operation) {
                case Messages.LOAD -> {}
                case Messages.GENERATE -> generate(Messages.read(request, Messages.Generate.class), answer);
                case Messages.COUNT_TOKENS -> {
                    Messages.Text text = Messages.read(request, Messages.Text.class);
                    answer.send(Messages.write(new Messages.TokenCount(deeply(() -> tokens(text)).length)));
                }
                case Messages.ACTIVITY ->
                    answer.send(Messages.write(new Messages.Activity(loop.generating(), loop.queued())));
                case Messages.PERPLEXITY -> {
                    Messages.Measure measure = Messages.read(request, Messages.Measure.class);
                    int[] tokens = deeply(() -> model.tokenize(measure.text(), false));
                    answer.send(Messages.write(perplexity(tokens, measure.windowTokens())));
                }
                default -> throw WorkerException.refused(Category.UNSUPPORTED.name(), "no operation " + operation);
            }
        } catch (TextModelException e) {
            throw WorkerException.refused(e.category().name(), e.getMessage());
        } catch (LlamaException e) {
            throw WorkerException.refused(Category.INVALID.name(), e.getMessage());
        }
    }

    /** Runs {@code work} where there is much stack; an interruption lets it end by itself. */
    private <T> T deeply(Callable<T> work) throws InterruptedException {
        try {
            return deepStack.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private int[] tokens(Messages.Text text) {
        List<int[]> parts = new ArrayList<>();
        if (text.whole() && model.addsBeginningToken()) {
            model.beginningToken().ifPresent(token -> parts.add(new int[] {token}));
        }
        for (Messages.Piece piece : text.pieces()) {
            parts.add(model.tokenize(piece.text(), piece.special()));
        }
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private void generate(Messages.Generate request, WorkerAnswer answer) throws InterruptedException {
        long deadline =
                System.nanoTime() + Duration.ofMillis(request.timeoutMillis()).toNanos();
        Outbox outbox = new Outbox(answer);
        Submission submission = new Submission();
        try {
            deeply(() -> {
                int[] prompt = tokens(request.prompt());
                return submission.taken(loop.submit(task(request, prompt, deadline), outbox));
            });
            outbox.sendAll();
        } finally {
            submission.cancel();
        }
    }

    /** A generation that may be cancelled before it is taken in. */
    private static final class Submission {
        private Optional<DecodingLoop.Handle> handle = Optional.empty();
        private boolean cancelled;

        synchronized Submission taken(DecodingLoop.Handle given) {
            handle = Optional.of(given);
            if (cancelled) {
                given.cancel();
            }
            return this;
        }

        /** Does nothing to a generation that has ended. */
        synchronized void cancel() {
            cancelled = true;
            handle.ifPresent(DecodingLoop.Handle::cancel);
        }
    }

    private GenerationTask task(Messages.Generate request, int[] prompt, long deadline) {
        return new GenerationTask(
                prompt,
                request.cachePoints().stream()
                        .map(bytes -> tokensBefore(prompt, bytes))
                        .toList(),
                request.sampling(),
                request.maximumTokens() < 0 ? contextLength : request.maximumTokens(),
                request.stopSequences(),
                request.grammar().isEmpty() ? Optional.empty() : Optional.of(request.grammar()),
                request.grammarTriggers(),
                request.logProbabilities() < 0 ? Optional.empty() : Optional.of(request.logProbabilities()),
                request.scorePrompt(),
                request.showControl(),
                deadline);
    }

    /** How many tokens lie wholly within the first so many bytes of the text. */
    private int tokensBefore(int[] tokens, int bytes) {
        int end = 0;
        for (int i = 0; i < tokens.length; i++) {
            end += model.piece(tokens[i]).length;
            if (end > bytes) {
                return i;
            }
        }
        return tokens.length;
    }

    /**
     * Perplexity as llama.cpp's own tool measures it: over windows that do not overlap, scoring the second half of each,
     * so that every scored token has at least half a window before it.
     */
    private Messages.Perplexity perplexity(int[] tokens, int window) throws InterruptedException {
        if (window < 16 || window > contextLength) {
            throw new TextModelException(
                    Category.INVALID, "a window has 16 to " + contextLength + " tokens, but not " + window);
        }
        double sum = 0;
        int count = 0;
        for (int from = 0; from + window <= tokens.length; from += window) {
            int[] part = Arrays.copyOfRange(tokens, from, from + window);
            if (model.addsBeginningToken() && model.beginningToken().isPresent()) {
                part[0] = model.beginningToken().get();
            }
            List<ScoredToken> scores = score(part);
            for (ScoredToken score : scores.subList(window / 2, scores.size())) {
                sum += score.logProbability();
                count++;
            }
        }
        if (count == 0) {
            throw new TextModelException(
                    Category.INVALID, "the text has " + tokens.length + " tokens, fewer than one window of " + window);
        }
        return new Messages.Perplexity(Math.exp(-sum / count), count);
    }

    private List<ScoredToken> score(int[] tokens) throws InterruptedException {
        BlockingQueue<Object> result = new LinkedBlockingQueue<>();
        GenerationTask task = new GenerationTask(
                tokens,
                List.of(),
                new SamplingSettings(0, 0, 1, 0, 0, 0, 1, 0),
                0,
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.of(0),
                true,
                false,
                System.nanoTime() + Duration.ofHours(1).toNanos());
        DecodingLoop.Handle handle = loop.submit(task, new GenerationListener() {
            @Override
            public void scored(List<ScoredToken> prompt) {
                result.add(List.copyOf(prompt));
            }

            @Override
            public void wrote(String text, List<ScoredToken> written) {}

            @Override
            public void finished(FinishReason reason, Optional<String> stopSequence, Counts counts) {}

            @Override
            public void failed(Category category, String message) {
                result.add(new TextModelException(category, message));
            }
        });
        try {
            return switch (result.take()) {
                case TextModelException failure -> throw failure;
                case List<?> scores ->
                    scores.stream().map(ScoredToken.class::cast).toList();
                case Object other -> throw new IllegalStateException(other.toString());
            };
        } finally {
            handle.cancel();
        }
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.close();
            context.close();
            model.close();
        }
        deepStack.shutdownNow();
    }

    /**
     * Sends what the decoding thread says: at once where that does not block, else by the call's own thread. That one
     * begins, so that the acceptance comes before all else.
     */
    private final class Outbox implements GenerationListener {
        private final WorkerAnswer answer;
        private final BlockingQueue<Object> late = new LinkedBlockingQueue<>();

        /** How many items the call's thread has still to send; while there are any, the others queue behind them. */
        private final AtomicInteger ahead = new AtomicInteger(1);

        Outbox(WorkerAnswer answer) {
            this.answer = answer;
        }

        private void add(Messages.Wrote item) {
            if (ahead.get() > 0 || !answer.offer(Messages.write(item))) {
                later(item);
            }
        }

        private void later(Object item) {
            ahead.incrementAndGet();
            late.add(item);
        }

        @Override
        public void scored(List<ScoredToken> prompt) {
            add(new Messages.Wrote("", prompt.stream().map(this::token).toList()));
        }

        @Override
        public void wrote(String text, List<ScoredToken> tokens) {
            add(new Messages.Wrote(text, tokens.stream().map(this::token).toList()));
        }

        private Messages.Token token(ScoredToken scored) {
            return new Messages.Token(
                    name(scored.token()),
                    scored.logProbability(),
                    scored.alternatives().stream().map(this::token).toList());
        }

        @Override
        public void finished(FinishReason reason, Optional<String> stopSequence, Counts counts) {
            later(new Messages.Finished(
                    reason,
                    stopSequence.orElse(""),
                    counts.inputTokens(),
                    counts.outputTokens(),
                    counts.cacheReadTokens(),
                    counts.cacheWriteTokens(),
                    counts.queuedNanos()));
        }

        @Override
        public void failed(Category category, String message) {
            later(new TextModelException(category, message));
        }

        void sendAll() throws InterruptedException {
            answer.send(Messages.write(new Messages.Accepted()));
            ahead.decrementAndGet();
            while (true) {
                Object next = late.take();
                if (next instanceof TextModelException failure) {
                    throw failure;
                }
                answer.send(Messages.write(next));
                ahead.decrementAndGet();
                if (next instanceof Messages.Finished) {
                    return;
                }
            }
        }
    }
}
