package dev.outcrop.engines.text.llama;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.chat.OutputParser;
import dev.outcrop.engines.worker.WorkerCall;
import dev.outcrop.engines.worker.WorkerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** An answer as it comes from the worker, read by the chat format. */
final class LlamaGeneration implements Generation {
    private final WorkerCall call;
    private final Optional<OutputParser> parser;
    private final long startedAt;
    private final long deadline;
    private final Deque<GenerationEvent> ready = new ArrayDeque<>();
    private long firstTokenAt;
    private boolean calledTool;
    private boolean finished;
    private volatile boolean closed;

    /** Waits until the worker has taken the generation in. */
    LlamaGeneration(WorkerCall call, Optional<OutputParser> parser, long startedAt, long deadline) {
        this.call = call;
        this.parser = parser;
        this.startedAt = startedAt;
        this.deadline = deadline;
        try {
            if (!(receive() instanceof Messages.Accepted)) {
                throw new TextModelException(Category.FAILED, "the worker did not say that it has begun");
            }
        } catch (RuntimeException e) {
            call.close();
            throw e;
        }
    }

    private Messages.Answer receive() {
        try {
            byte[] item = call.next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))
                    .orElseThrow(() -> new TextModelException(Category.CANCELLED, "the generation was stopped"));
            return Messages.read(item, Messages.Answer.class);
        } catch (WorkerException e) {
            finished = true;
            throw LlamaTextModel.translated(e);
        }
    }

    @Override
    public boolean hasNext() {
        return !finished || !ready.isEmpty();
    }

    @Override
    public GenerationEvent next() {
        if (closed) {
            throw new TextModelException(Category.CANCELLED, "the generation was closed by its reader");
        }
        if (!hasNext()) {
            throw new NoSuchElementException("the generation is over");
        }
        while (ready.isEmpty()) {
            switch (receive()) {
                case Messages.Accepted accepted -> {}
                case Messages.Wrote wrote -> take(wrote);
                case Messages.Finished end -> finish(end);
            }
        }
        return ready.removeFirst();
    }

    private void take(Messages.Wrote wrote) {
        if (firstTokenAt == 0) {
            firstTokenAt = System.nanoTime();
        }
        if (parser.isPresent()) {
            parser.get().accept(wrote.text()).forEach(this::add);
        } else if (!wrote.text().isEmpty()) {
            add(new GenerationEvent.Text(wrote.text()));
        }
        if (!wrote.tokens().isEmpty()) {
            add(new GenerationEvent.Probabilities(
                    wrote.tokens().stream().map(LlamaGeneration::probability).toList()));
        }
    }

    private void add(GenerationEvent event) {
        calledTool |= event instanceof GenerationEvent.ToolCallStarted;
        ready.add(event);
    }

    private static TokenProbability probability(Messages.Token token) {
        List<TokenProbability> alternatives =
                token.alternatives().stream().map(LlamaGeneration::probability).toList();
        return new TokenProbability(token.text(), token.logProbability(), alternatives);
    }

    private void finish(Messages.Finished end) {
        finished = true;
        parser.ifPresent(one -> one.finish().forEach(this::add));
        long now = System.nanoTime();
        ready.add(new GenerationEvent.Finished(
                calledTool && end.reason() == FinishReason.END_OF_TURN ? FinishReason.TOOL_CALL : end.reason(),
                end.stopSequence().isEmpty() ? Optional.empty() : Optional.of(end.stopSequence()),
                new GenerationEvent.Usage(
                        end.inputTokens(), end.outputTokens(), end.cacheReadTokens(), end.cacheWriteTokens()),
                new GenerationEvent.Timings(
                        Duration.ofNanos(end.queuedNanos()),
                        Duration.ofNanos((firstTokenAt == 0 ? now : firstTokenAt) - startedAt),
                        Duration.ofNanos(now - startedAt))));
    }

    @Override
    public void close() {
        closed = true;
        call.close();
    }
}
