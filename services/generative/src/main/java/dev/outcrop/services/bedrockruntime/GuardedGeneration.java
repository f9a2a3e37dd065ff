package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Timings;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.bedrockruntime.families.Answer;
import dev.outcrop.services.guardrails.AnswerJudge;
import dev.outcrop.services.guardrails.Applied.Ground;
import dev.outcrop.services.guardrails.Assessment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A generation whose text a guardrail judges. In the synchronous mode text is said once it has been judged, masked; in the
 * asynchronous mode at once, unmasked, until a judgement that is made beside it stops it. Where it is stopped, the model
 * stops, too, and the guardrail's message ends the answer.
 *
 * <p>Probabilities of tokens are left out: they would tell what is masked.
 *
 * <p>Source: "Configure streaming response behavior to filter content", Amazon Bedrock User Guide.
 */
final class GuardedGeneration implements Generation {
    private static final long LONGEST_JUDGEMENT_SECONDS = 60;

    private final Generation generation;
    private final AnswerJudge judge;
    private final boolean later;
    private final Optional<Ground> ground;
    private final String message;
    private final Function<String, Usage> usage;
    private final BiConsumer<Assessment, String> told;
    private final Deque<GenerationEvent> ready = new ArrayDeque<>();
    /** What waits for an answer that is judged as a whole. */
    private final List<GenerationEvent> held = new ArrayList<>();

    private final StringBuilder written = new StringBuilder();
    private final long begun = System.nanoTime();
    private long firstNanos;
    private boolean finished;
    private CompletableFuture<Boolean> judgements = CompletableFuture.completedFuture(true);

    /**
     * A guarded generation.
     *
     * @param later   whether text is said at once and judged beside it
     * @param ground  what the answer is checked against, if it is
     * @param message what is said where the answer is stopped
     * @param usage   the tokens used when this text has been written
     * @param told    gets the assessment and all that was written, once, at the end
     */
    GuardedGeneration(
            Generation generation,
            AnswerJudge judge,
            boolean later,
            Optional<Ground> ground,
            String message,
            Function<String, Usage> usage,
            BiConsumer<Assessment, String> told) {
        this.generation = generation;
        this.judge = judge;
        this.later = later;
        this.ground = ground;
        this.message = message;
        this.usage = usage;
        this.told = told;
    }

    /** The tokens of a prompt and of what was written, where the model's own count is not waited for. */
    static Usage used(TextModel model, Prompt prompt, String text) {
        return new Usage(tokens(model, prompt), tokens(model, new Prompt.Raw(text)), 0, 0);
    }

    private static int tokens(TextModel model, Prompt prompt) {
        try {
            return model.countTokens(prompt);
        } catch (TextModelException unknown) {
            if (unknown.category() == TextModelException.Category.UNSUPPORTED) {
                return 0;
            }
            throw unknown;
        }
    }

    /** An answer that is there already, as a generation. */
    static Generation of(Answer answer) {
        Deque<GenerationEvent> events = new ArrayDeque<>();
        events.add(new GenerationEvent.Text(answer.text()));
        events.add(new Finished(answer.reason(), answer.stopSequence(), answer.usage(), answer.timings()));
        return new Generation() {
            @Override
            public boolean hasNext() {
                return !events.isEmpty();
            }

            @Override
            public GenerationEvent next() {
                return events.remove();
            }

            @Override
            public void close() {
                events.clear();
            }
        };
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || !finished;
    }

    @Override
    public GenerationEvent next() {
        while (ready.isEmpty()) {
            if (finished) {
                throw new NoSuchElementException("the answer has ended");
            }
            if (!generation.hasNext()) {
                throw new TextModelException(
                        TextModelException.Category.FAILED, "The model stopped without saying why");
            }
            take(generation.next());
        }
        return ready.remove();
    }

    private void take(GenerationEvent event) {
        if (firstNanos == 0) {
            firstNanos = System.nanoTime();
        }
        if (event instanceof GenerationEvent.Text(String text)) {
            written.append(text);
        }
        switch (event) {
            case GenerationEvent.Probabilities _ -> {}
            case Finished last -> finish(last);
            case GenerationEvent.Text _,
                    GenerationEvent.Reasoning _,
                    GenerationEvent.ToolCallStarted _,
                    GenerationEvent.ToolCallInput _ -> {
                if (later) {
                    ready.add(event);
                    judgeBeside();
                } else if (ground.isPresent()) {
                    held.add(event);
                } else {
                    judgeFirst(event);
                }
            }
        }
    }

    private void judgeFirst(GenerationEvent event) {
        if (event instanceof GenerationEvent.Text) {
            if (judge.isDue(written.length())) {
                judgeFirst(false);
            }
            return;
        }
        // What is no text is not judged, and comes behind the text before it.
        if (judge.isBehind(written.length())) {
            judgeFirst(true);
        }
        if (!finished) {
            ready.add(event);
        }
    }

    /** Judges what was written, and says what may be said of it. */
    private void judgeFirst(boolean last) {
        Optional<String> said = judged(() -> judge.judge(written, last, Optional.empty()));
        if (said.isEmpty()) {
            stop();
        } else if (!said.get().isEmpty()) {
            ready.add(new GenerationEvent.Text(said.get()));
        }
    }

    /** Has what was written judged while more is written, unless it was stopped already. */
    private void judgeBeside() {
        if (judgements.isDone() && !verdict()) {
            ready.clear();
            stop();
        } else if (judgements.isDone() && judge.isDue(written.length())) {
            String soFar = written.toString();
            judgements = CompletableFuture.supplyAsync(
                    () -> judge.judge(soFar, false, Optional.empty()).isPresent(),
                    task -> Thread.ofVirtual().name("guardrail").start(task));
        }
    }

    /** The verdict of the judgement that is being made: whether the answer may go on. */
    private boolean verdict() {
        return judged(() -> {
            try {
                return judgements.get(LONGEST_JUDGEMENT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof RuntimeException cause ? cause : new CompletionException(failure);
            } catch (TimeoutException failure) {
                throw new TextModelException(
                        TextModelException.Category.TIMED_OUT, "The guardrail took too long", failure);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new TextModelException(
                        TextModelException.Category.CANCELLED, "Interrupted while the guardrail judged", interruption);
            }
        });
    }

    private void finish(Finished last) {
        if (later) {
            if (!verdict() || judged(() -> judge.judge(written, true, ground)).isEmpty()) {
                stop();
                return;
            }
        } else if (ground.isPresent()) {
            sayWhole();
        } else if (judge.isBehind(written.length())) {
            judgeFirst(true);
        }
        if (!finished) {
            ready.add(last);
            end();
        }
    }

    /** Judges the whole answer and says it, its text in the place of the first. */
    private void sayWhole() {
        Optional<String> said = judged(() -> judge.judge(written, true, ground));
        if (said.isEmpty()) {
            stop();
            return;
        }
        boolean first = true;
        for (GenerationEvent event : held) {
            if (!(event instanceof GenerationEvent.Text)) {
                ready.add(event);
            } else if (first) {
                ready.add(new GenerationEvent.Text(said.get()));
                first = false;
            }
        }
    }

    private void stop() {
        generation.close();
        Duration total = Duration.ofNanos(System.nanoTime() - begun);
        ready.add(new GenerationEvent.Text(message));
        ready.add(new Finished(
                FinishReason.END_OF_TURN,
                Optional.empty(),
                usage.apply(written.toString()),
                new Timings(Duration.ZERO, Duration.ofNanos(firstNanos - begun), total)));
        end();
    }

    private void end() {
        finished = true;
        told.accept(judge.assessment(), written.toString());
    }

    /** What keeps a guardrail from judging is told as what keeps a model from writing: nothing is said unjudged. */
    private static <T> T judged(Supplier<T> judgement) {
        try {
            return judgement.get();
        } catch (EmbeddingException failure) {
            throw new TextModelException(
                    switch (failure.category()) {
                        case NOT_FOUND -> TextModelException.Category.NOT_FOUND;
                        case OVERLOADED -> TextModelException.Category.OVERLOADED;
                        case TIMED_OUT -> TextModelException.Category.TIMED_OUT;
                        case INVALID, TOO_LONG, UNAVAILABLE, DENIED, FAILED -> TextModelException.Category.UNAVAILABLE;
                    },
                    failure.getMessage(),
                    failure);
        } catch (AwsError refusal) {
            throw new TextModelException(TextModelException.Category.INVALID, refusal.getMessage(), refusal);
        }
    }

    @Override
    public void close() {
        generation.close();
        if (!finished && judgements.isDone()) {
            end();
        }
    }
}
