package dev.outcrop.engines.text.llama.decoding;

import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.binding.LlamaContext;
import dev.outcrop.engines.text.llama.binding.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A generation on its way: how far its prompt is read, what was written, and how the next token is chosen. */
final class ActiveGeneration {
    private static final int NOWHERE = -1;

    private final LlamaModel model;
    private final GenerationTask task;
    private final GenerationListener listener;
    private final TokenSequence tokens;
    private final WholeCharacters characters = new WholeCharacters();
    private final StopSequences stops;
    private final TokenSampler sampler;
    private final Optional<Constraint> constraint;
    private final List<ScoredToken> promptScores = new ArrayList<>();
    private final long submittedAt = System.nanoTime();
    private long startedAt;
    private int cacheRead;
    private boolean startedBefore;

    private volatile boolean cancelled;
    private boolean ended;

    private int sequence = NOWHERE;
    private int read;
    private int rowsFrom = NOWHERE;
    private int rowsInBatch;

    ActiveGeneration(
            LlamaModel model,
            GenerationTask task,
            GenerationListener listener,
            TokenSampler.Scratch scratch,
            Optional<Constraint> constraint) {
        this.model = model;
        this.task = task;
        this.listener = listener;
        this.tokens = new TokenSequence(task.prompt());
        this.stops = new StopSequences(task.stopSequences());
        this.sampler = new TokenSampler(task.sampling(), task.prompt(), scratch);
        this.constraint = constraint;
    }

    GenerationTask task() {
        return task;
    }

    GenerationListener listener() {
        return listener;
    }

    TokenSequence tokens() {
        return tokens;
    }

    void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean timedOut(long now) {
        return now - task.deadlineNanos() >= 0;
    }

    boolean ended() {
        return ended;
    }

    /** The sequence that holds its state. */
    int sequence() {
        return sequence;
    }

    /** How many tokens of it are in the context. */
    int read() {
        return read;
    }

    /** How many more must go through before the next can be chosen; 1 while it writes. */
    int toRead() {
        return tokens.size() - read;
    }

    boolean reading() {
        return toRead() > 1 || outputTokens() == 0;
    }

    int outputTokens() {
        return tokens.size() - task.prompt().length;
    }

    /** Begins, or begins again, in a sequence that holds its first {@code shared} tokens. */
    void begin(int inSequence, int shared) {
        sequence = inSequence;
        read = shared;
        if (!startedBefore) {
            startedBefore = true;
            startedAt = System.nanoTime();
            cacheRead = task.cachePoints().stream()
                    .mapToInt(Integer::intValue)
                    .filter(point -> point <= shared)
                    .max()
                    .orElse(0);
        }
    }

    /** Takes its state away: it will begin again. */
    void suspend() {
        sequence = NOWHERE;
        read = 0;
        promptScores.clear();
    }

    /** Puts up to {@code limit} of its tokens into the batch. */
    void addTo(LlamaContext context, int limit) {
        rowsInBatch = Math.min(limit, toRead());
        rowsFrom = context.count();
        for (int i = 0; i < rowsInBatch; i++) {
            int place = read + i;
            boolean last = place == tokens.size() - 1;
            context.add(tokens.get(place), place, sequence, last || scores(place));
        }
    }

    private boolean scores(int place) {
        return task.scorePrompt() && place < task.prompt().length - 1 && outputTokens() == 0;
    }

    boolean inBatch() {
        return rowsInBatch > 0;
    }

    void leaveBatch() {
        rowsInBatch = 0;
    }

    /** Takes what the batch has brought: scores of the prompt and, if all was read, the next token. */
    void advance(LlamaContext context, float[] logits, int contextLength) {
        int rows = rowsInBatch;
        rowsInBatch = 0;
        for (int row = 0; row < rows; row++) {
            int place = read + row;
            if (scores(place)) {
                context.logits(rowsFrom + row, logits);
                promptScores.add(ScoredToken.of(
                        tokens.get(place + 1), logits, task.logProbabilities().orElse(0)));
            }
        }
        read += rows;
        if (toRead() > 0) {
            return;
        }
        if (task.scorePrompt() && outputTokens() == 0) {
            listener.scored(promptScores);
        }
        if (outputTokens() >= task.maximumTokens()) { // only when none are wanted
            finish(FinishReason.MAXIMUM_TOKENS);
            return;
        }
        context.logits(rowsFrom + rows - 1, logits);
        write(logits, contextLength);
    }

    private void write(float[] logits, int contextLength) {
        float[] scored = task.logProbabilities().isPresent() && sampler.hasPenalties() ? logits.clone() : logits;
        sampler.penalize(logits);
        int sampled = sampler.sample(logits);
        int token = constraint.isEmpty() ? sampled : constraint.get().choose(sampled, logits, sampler);
        sampler.accept(token);
        constraint.ifPresent(one -> one.accept(token));
        tokens.add(token);
        List<ScoredToken> scores = task.logProbabilities()
                .map(count -> List.of(ScoredToken.of(token, scored, count)))
                .orElse(List.of());
        if (model.endsGeneration(token)) {
            finish(FinishReason.END_OF_TURN);
            return;
        }
        String text = model.isControl(token) && !task.showControl() ? "" : characters.accept(model.piece(token));
        String certain = stops.accept(text);
        if (!certain.isEmpty() || !scores.isEmpty()) {
            listener.wrote(certain, scores);
        }
        if (stops.met().isPresent()) {
            finish(FinishReason.STOP_SEQUENCE);
        } else if (outputTokens() >= task.maximumTokens() || tokens.size() >= contextLength) {
            finish(FinishReason.MAXIMUM_TOKENS);
        }
    }

    void finish(FinishReason reason) {
        if (ended) {
            return;
        }
        String rest = "";
        Optional<String> met = stops.met();
        FinishReason actual = reason;
        if (met.isEmpty()) {
            rest = stops.accept(characters.finish());
            met = stops.met();
            rest += stops.finish();
            actual = met.isPresent() ? FinishReason.STOP_SEQUENCE : reason;
        }
        if (!rest.isEmpty()) {
            listener.wrote(rest, List.of());
        }
        listener.finished(actual, met, counts());
        end();
    }

    private GenerationListener.Counts counts() {
        int lastPoint = task.cachePoints().isEmpty() ? 0 : task.cachePoints().getLast();
        return new GenerationListener.Counts(
                task.prompt().length, outputTokens(), cacheRead, lastPoint - cacheRead, startedAt - submittedAt);
    }

    void fail(Category category, String message) {
        if (!ended) {
            listener.failed(category, message);
            end();
        }
    }

    private void end() {
        ended = true;
        constraint.ifPresent(Constraint::close);
    }
}
