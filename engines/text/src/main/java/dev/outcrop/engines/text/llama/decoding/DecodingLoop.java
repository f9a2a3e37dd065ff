package dev.outcrop.engines.text.llama.decoding;

import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.binding.LlamaContext;
import dev.outcrop.engines.text.llama.binding.LlamaException;
import dev.outcrop.engines.text.llama.binding.LlamaModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that drives a context. Each step sends one batch through the model: the last token of every generation
 * that writes, and as much of the prompts still to be read as keeps the step short, each prompt getting an equal share.
 *
 * <p>A generation that ends leaves its state behind ({@link KeptPrefixes}); one that begins shares the longest beginning
 * that any sequence, kept or at work, has in common with it, and waits for one that is just reading the same beginning.
 * When the memory is full, kept states go first; then the generation that began last gives way and begins again later.
 */
public final class DecodingLoop implements AutoCloseable {
    private static final long IDLE_NANOS = 50_000_000;
    private static final int STACK_BYTES = 64 << 20;

    /** How long a step may take while others wait for their next token, or for their first. */
    private static final double STEP_SECONDS_WHILE_WRITING = 0.25;

    private static final double STEP_SECONDS_WHILE_READING = 0.75;

    /** Smaller chunks waste what a batch gains. */
    private static final int SMALLEST_CHUNK = 32;

    /** Rows of logits are as wide as the vocabulary: 64 of them are some tens of megabytes. */
    private static final int SCORED_AT_ONCE = 64;

    /** Tokens of the answer that are set aside in the memory before a generation begins, if it may be longer. */
    private static final int SET_ASIDE = 256;

    /** A beginning that another generation is just reading is worth waiting for when it is this much longer. */
    private static final int WORTH_WAITING = 32;

    /** A guess that makes the first chunk small. */
    private static final double FIRST_SECONDS_PER_TOKEN = 0.02;

    private final LlamaModel model;
    private final LlamaContext context;
    private final int contextLength;
    private final int parallel;
    private final int queueLimit;
    private final int savedTokens;
    private final ConcurrentLinkedDeque<ActiveGeneration> waiting = new ConcurrentLinkedDeque<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final List<ActiveGeneration> active = new ArrayList<>();
    private final KeptPrefixes prefixes;
    private final ThreadGovernor governor;
    private final TokenSampler.Scratch scratch;
    private final float[] logits;
    private final Thread thread;
    private double secondsPerToken = FIRST_SECONDS_PER_TOKEN;
    private boolean resting = true;
    /** The generation of whose prompt the present step reads most. */
    private volatile ActiveGeneration reading;

    private volatile int activeCount;
    private volatile long stepStartedAt;
    private volatile boolean closed;

    /**
     * @param contextLength tokens of one prompt and answer together
     * @param parallel      generations at work at once
     * @param queueLimit    generations waiting beside them
     * @param threads       threads to compute with at most
     * @param savedTokens   tokens of ended generations to keep outside the context; 0 keeps some of them in it
     */
    public DecodingLoop(
            LlamaModel model,
            LlamaContext context,
            int contextLength,
            int parallel,
            int queueLimit,
            int threads,
            int savedTokens) {
        this.model = model;
        this.context = context;
        this.contextLength = Math.min(contextLength, context.cells());
        this.parallel = parallel;
        this.queueLimit = queueLimit;
        this.savedTokens = savedTokens;
        this.prefixes = new KeptPrefixes(context.sequenceLimit(), savedTokens > 0 ? savedTokens : context.cells() / 2);
        this.governor = new ThreadGovernor(threads);
        this.scratch = new TokenSampler.Scratch(model.vocabularySize());
        this.logits = new float[model.vocabularySize()];
        // llama.cpp's grammar parser is recursive, and a Java thread's usual stack small.
        this.thread = new Thread(null, this::run, "decoding", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** A generation that was taken in. */
    public interface Handle {
        /** Stops it; its listener hears nothing more of it, at the latest a step from now. */
        void cancel();
    }

    /**
     * Takes a generation in. To be called on a thread with a stack of some megabytes if there is a grammar: llama.cpp's
     * parser is recursive.
     *
     * @throws TextModelException if the queue is full, the prompt leaves no room for an answer or the grammar is
     *     malformed
     */
    public Handle submit(GenerationTask task, GenerationListener listener) {
        int length = task.prompt().length;
        if (length == 0) {
            throw new TextModelException(Category.INVALID, "the prompt is empty");
        }
        if (length > contextLength || (length == contextLength && task.maximumTokens() > 0)) {
            throw new TextModelException(
                    Category.TOO_LONG,
                    "the prompt has " + length + " tokens, but the model's context only " + contextLength);
        }
        if (waitingCount.incrementAndGet() > queueLimit + Math.max(0, parallel - activeCount)) {
            waitingCount.decrementAndGet();
            throw new TextModelException(
                    Category.OVERLOADED, queueLimit + " generations are waiting already: try again later");
        }
        try {
            Optional<Constraint> constraint =
                    task.grammar().map(gbnf -> new Constraint(model, gbnf, task.grammarTriggers()));
            ActiveGeneration generation = new ActiveGeneration(model, task, listener, scratch, constraint);
            waiting.add(generation);
            LockSupport.unpark(thread);
            return () -> cancel(generation);
        } catch (LlamaException e) {
            waitingCount.decrementAndGet();
            throw new TextModelException(Category.INVALID, e.getMessage(), e);
        }
    }

    private void cancel(ActiveGeneration generation) {
        generation.cancel();
        if (reading == generation) {
            context.abort(); // a prompt goes through in large pieces; the next token of others is soon there
        }
        LockSupport.unpark(thread);
    }

    /** Generations at work. */
    public int generating() {
        return activeCount;
    }

    /** Generations waiting. */
    public int queued() {
        return waitingCount.get();
    }

    /** For how long the present step has been under way; 0 between steps. */
    public long stepNanos() {
        long started = stepStartedAt;
        return started == 0 ? 0 : System.nanoTime() - started;
    }

    private void run() {
        while (!closed) {
            try {
                dropEnded();
                admit();
                activeCount = active.size();
                if (active.isEmpty()) {
                    rest();
                } else {
                    step();
                }
            } catch (RuntimeException e) {
                // Whatever it was, it concerned the generations at work; the next ones begin with a clean memory.
                failAll(active, Category.FAILED, e.toString());
                active.forEach(this::forget);
                active.clear();
            } finally {
                stepStartedAt = 0;
            }
        }
        prefixes.close();
        failAll(active, Category.UNAVAILABLE, "the model is being unloaded");
        failAll(waiting, Category.UNAVAILABLE, "the model is being unloaded");
    }

    private void rest() {
        if (!resting) {
            resting = true;
            governor.rest();
        }
        LockSupport.parkNanos(IDLE_NANOS);
    }

    private static void failAll(Iterable<ActiveGeneration> generations, Category category, String message) {
        for (ActiveGeneration generation : generations) {
            generation.fail(category, message);
        }
    }

    private void dropEnded() {
        long now = System.nanoTime();
        for (Iterator<ActiveGeneration> all = waiting.iterator(); all.hasNext(); ) {
            ActiveGeneration generation = all.next();
            if (over(generation, now)) {
                all.remove();
                waitingCount.decrementAndGet();
            }
        }
        for (Iterator<ActiveGeneration> all = active.iterator(); all.hasNext(); ) {
            ActiveGeneration generation = all.next();
            if (over(generation, now)) {
                all.remove();
                keep(generation);
            }
        }
    }

    private static boolean over(ActiveGeneration generation, long now) {
        if (generation.cancelled()) {
            generation.fail(Category.CANCELLED, "cancelled");
        } else if (generation.timedOut(now)) {
            generation.fail(Category.TIMED_OUT, "the generation did not end within its time");
        }
        return generation.ended();
    }

    /** Leaves what was read of an ended generation to those that begin alike. */
    private void keep(ActiveGeneration generation) {
        boolean cachePoint = !generation.task().cachePoints().isEmpty();
        int[] tokens = generation.tokens().first(generation.read());
        for (int sequence : prefixes.keep(generation.sequence(), tokens, cachePoint)) {
            forget(sequence);
        }
    }

    private void forget(ActiveGeneration generation) {
        if (generation.sequence() >= 0) {
            forget(generation.sequence());
        }
    }

    private void forget(int sequence) {
        context.forget(sequence, 0);
        prefixes.giveBack(sequence);
    }

    private void admit() {
        while (active.size() < parallel) {
            ActiveGeneration next = waiting.peek();
            if (next == null || !fits(next) || worthWaiting(next)) {
                return;
            }
            waiting.poll();
            waitingCount.decrementAndGet();
            begin(next);
            active.add(next);
        }
    }

    /** Whether the memory holds its tokens and some of its answer beside those of the others. */
    private boolean fits(ActiveGeneration next) {
        return active.isEmpty() || active.stream().mapToLong(this::setAside).sum() + setAside(next) <= context.cells();
    }

    private int setAside(ActiveGeneration generation) {
        int rest = generation.task().maximumTokens() - generation.outputTokens();
        return Math.min(contextLength, generation.tokens().size() + Math.min(SET_ASIDE, rest));
    }

    private boolean worthWaiting(ActiveGeneration next) {
        if (!shares(next)) {
            return false;
        }
        int have = sharable(next);
        return active.stream()
                .filter(other -> other.reading())
                .anyMatch(other -> common(other, next) >= have + WORTH_WAITING && common(other, next) > other.read());
    }

    private int sharable(ActiveGeneration next) {
        int kept = prefixes.longest(next.tokens(), limit(next))
                .map(KeptPrefixes.Match::length)
                .orElse(0);
        return active.stream().mapToInt(other -> readInCommon(other, next)).reduce(kept, Math::max);
    }

    private boolean shares(ActiveGeneration next) {
        return model.canForget() && !next.task().scorePrompt();
    }

    private int common(ActiveGeneration other, ActiveGeneration next) {
        return next.tokens().common(other.tokens(), limit(next));
    }

    /** The last token must go through again, for its logits. */
    private static int limit(ActiveGeneration next) {
        return next.tokens().size() - 1;
    }

    private void begin(ActiveGeneration next) {
        int sequence = freeSequence();
        int shared = shares(next) ? takeOver(next, sequence) : 0;
        next.begin(sequence, shared);
        if (savedTokens > 0) {
            saveAllBut(next);
        }
    }

    /** Lets a sequence begin with what is there already of a prompt; returns how many tokens that are. */
    private int takeOver(ActiveGeneration next, int sequence) {
        Optional<KeptPrefixes.Match> kept = prefixes.longest(next.tokens(), limit(next));
        int length = kept.map(KeptPrefixes.Match::length).orElse(0);
        Optional<ActiveGeneration> other = active.stream()
                .max(Comparator.comparingInt(one -> readInCommon(one, next)))
                .filter(one -> readInCommon(one, next) > 0 && readInCommon(one, next) >= length);
        if (other.isPresent()) {
            int common = readInCommon(other.get(), next);
            return context.share(other.get().sequence(), sequence, common) ? common : 0;
        }
        if (kept.isEmpty()) {
            return 0;
        }
        KeptPrefixes.Kept source = kept.get().kept();
        boolean done = source.saved().isPresent()
                ? context.restore(source.saved().get(), sequence, length)
                : context.share(source.sequence(), sequence, length);
        return done ? length : 0;
    }

    private int readInCommon(ActiveGeneration other, ActiveGeneration next) {
        return Math.min(other.read(), common(other, next));
    }

    /**
     * Moves what is kept in the context and no part of {@code next} out of it: attention would pass over it, if only to
     * find that it is another's, in every step.
     */
    private void saveAllBut(ActiveGeneration next) {
        for (KeptPrefixes.Kept kept : prefixes.inContext()) {
            if (next.tokens().common(kept.tokens(), next.tokens().size()) < kept.tokens().length) {
                context.save(kept.sequence()).ifPresent(state -> {
                    prefixes.moved(kept, state);
                    forget(kept.sequence());
                });
            }
        }
    }

    private int freeSequence() {
        Optional<Integer> free = prefixes.takeFree();
        while (free.isEmpty()) {
            forget(prefixes.giveUpOne().orElseThrow());
            free = prefixes.takeFree();
        }
        return free.get();
    }

    private void step() {
        if (resting) {
            resting = false;
            if (governor.resume()) {
                context.setThreads(governor.threads());
            }
        }
        fillBatch();
        stepStartedAt = System.nanoTime();
        governor.begin();
        LlamaContext.Outcome outcome = context.decode();
        long stepNanos = System.nanoTime() - stepStartedAt;
        switch (outcome) {
            case DONE -> {
                if (governor.end(stepNanos)) {
                    context.setThreads(governor.threads());
                }
                advance(stepNanos);
            }
            case ABORTED -> {
                // What went through of the batch is not known: it goes through again.
                context.proceed();
                for (ActiveGeneration generation : active) {
                    if (generation.inBatch()) {
                        generation.leaveBatch();
                        context.forget(generation.sequence(), generation.read());
                    }
                }
            }
            case NO_ROOM -> {
                active.forEach(ActiveGeneration::leaveBatch);
                makeRoom();
            }
        }
    }

    private void fillBatch() {
        context.clear();
        reading = null;
        int writing = 0;
        List<ActiveGeneration> readers = new ArrayList<>();
        for (ActiveGeneration generation : active) {
            if (generation.reading()) {
                readers.add(generation);
            } else {
                generation.addTo(context, 1);
                writing++;
            }
        }
        double seconds = writing > 0 ? STEP_SECONDS_WHILE_WRITING : STEP_SECONDS_WHILE_READING;
        int room = context.batchLimit() - context.count();
        int chunk = Math.min(room, Math.max(SMALLEST_CHUNK, (int) (seconds / secondsPerToken)));
        // Those with least to read first, so that what they leave of their share goes to the others.
        readers.sort((left, right) -> Integer.compare(left.toRead(), right.toRead()));
        for (int i = 0; i < readers.size() && chunk > 0; i++) {
            ActiveGeneration generation = readers.get(i);
            int share = Math.max(1, chunk / (readers.size() - i));
            int limit = generation.task().scorePrompt() ? Math.min(share, SCORED_AT_ONCE) : share;
            int before = context.count();
            generation.addTo(context, limit);
            chunk -= context.count() - before;
            reading = generation;
        }
        // A cancellation that came before this batch was built must not stop it.
        context.proceed();
        if (reading != null && reading.cancelled()) {
            context.abort();
        }
    }

    private void advance(long stepNanos) {
        int count = context.count();
        if (count >= SMALLEST_CHUNK) {
            secondsPerToken = 0.7 * secondsPerToken + 0.3 * stepNanos / 1e9 / count;
        }
        for (Iterator<ActiveGeneration> all = active.iterator(); all.hasNext(); ) {
            ActiveGeneration generation = all.next();
            if (!generation.inBatch()) {
                continue;
            }
            try {
                generation.advance(context, logits, contextLength);
            } catch (IllegalStateException | LlamaException e) {
                generation.fail(Category.FAILED, e.getMessage());
            }
            if (generation.ended()) {
                all.remove();
                keep(generation);
            }
        }
    }

    private void makeRoom() {
        Optional<Integer> given = prefixes.giveUpOne();
        if (given.isPresent()) {
            forget(given.get());
            return;
        }
        ActiveGeneration last = active.removeLast();
        forget(last);
        if (active.isEmpty()) {
            last.finish(FinishReason.MAXIMUM_TOKENS); // alone, and the memory is full of it
            return;
        }
        last.suspend();
        waiting.addFirst(last);
        waitingCount.incrementAndGet();
    }

    /** Ends the thread; generations at work and waiting fail. The context may be closed after it. */
    @Override
    public void close() {
        closed = true;
        context.abort();
        LockSupport.unpark(thread);
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
