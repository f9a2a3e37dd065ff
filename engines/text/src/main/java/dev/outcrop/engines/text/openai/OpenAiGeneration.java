package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** An answer as it comes in server-sent events. */
final class OpenAiGeneration implements Generation {
    private static final int WAITING_LINES = 256;

    private final String id;
    private final OpenAiExchange exchange;
    private final long startedAt;
    private final long deadline;
    private final Thread reader;

    /** What the reading thread has read: data, or why there is no more. A thread of its own, so that waits can end. */
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING_LINES);

    private final Deque<GenerationEvent> ready = new ArrayDeque<>();
    private final Set<Integer> startedCalls = new HashSet<>();
    private Optional<FinishReason> reason = Optional.empty();
    private Optional<String> stopSequence = Optional.empty();
    private GenerationEvent.Usage usage = new GenerationEvent.Usage(0, 0, 0, 0);
    private long firstTokenAt;
    private boolean finished;
    private volatile boolean closed;

    private sealed interface Line {
        record Data(String text) implements Line {}

        record End(String why) implements Line {}

        record Failed(TextModelException failure) implements Line {}
    }

    OpenAiGeneration(String id, OpenAiExchange exchange, long startedAt, long deadline) {
        this.id = id;
        this.exchange = exchange;
        this.startedAt = startedAt;
        this.deadline = deadline;
        this.reader = Thread.ofVirtual().name("answer of " + id).start(this::readAll);
    }

    private void readAll() {
        try (ServerSentEvents events = new ServerSentEvents(exchange.body())) {
            Optional<String> data = events.next();
            while (data.isPresent() && !closed) {
                lines.put(new Line.Data(data.get()));
                data = events.next();
            }
            lines.put(new Line.End("the connection closed"));
        } catch (TextModelException e) {
            conclude(new Line.Failed(e));
        } catch (IOException e) {
            conclude(new Line.End(e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed by its reader
        }
    }

    private void conclude(Line last) {
        if (!lines.offer(last)) {
            close();
        }
    }

    @Override
    public boolean hasNext() {
        return !finished || !ready.isEmpty();
    }

    @Override
    public GenerationEvent next() {
        if (closed) {
            throw cancelled();
        }
        if (!hasNext()) {
            throw new NoSuchElementException("the generation is over");
        }
        while (ready.isEmpty()) {
            switch (take()) {
                case Line.Data(String text)
                when text.equals("[DONE]") -> finish("the end came before the reason for it");
                case Line.Data(String text) -> read(text);
                case Line.End(String why) -> finish(why);
                case Line.Failed(TextModelException failure) -> {
                    close();
                    throw failure;
                }
            }
        }
        return ready.removeFirst();
    }

    private static TextModelException cancelled() {
        return new TextModelException(Category.CANCELLED, "the generation was closed");
    }

    private Line take() {
        try {
            Line line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                close();
                throw new TextModelException(
                        Category.TIMED_OUT, "the endpoint of model " + id + " did not finish within the time");
            }
            if (closed) {
                throw cancelled();
            }
            return line;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new TextModelException(Category.CANCELLED, "interrupted while reading an answer", e);
        }
    }

    private void read(String data) {
        JsonNode chunk;
        try {
            chunk = OpenAiTextModel.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            close();
            throw new TextModelException(Category.FAILED, "the endpoint of model " + id + " sent no JSON", e);
        }
        if (chunk.has("error")) {
            close();
            throw new TextModelException(
                    Category.FAILED, "the endpoint of model " + id + " failed: " + OpenAiExchange.message(data));
        }
        if (chunk.path("usage").isObject()) {
            JsonNode counts = chunk.path("usage");
            usage = new GenerationEvent.Usage(
                    counts.path("prompt_tokens").asInt(),
                    counts.path("completion_tokens").asInt(),
                    counts.path("prompt_tokens_details").path("cached_tokens").asInt(),
                    0);
        }
        JsonNode choice = chunk.path("choices").path(0);
        if (choice.isMissingNode()) {
            return;
        }
        JsonNode delta = choice.path("delta");
        reasoning(delta);
        text(delta.path("content"));
        text(choice.path("text"));
        delta.path("tool_calls").forEach(this::toolCall);
        probabilities(choice.path("logprobs"));
        if (choice.path("finish_reason").isTextual()) {
            reason = Optional.of(reason(choice.path("finish_reason").asText()));
            if (choice.path("stop_reason").isTextual()) { // vLLM's
                stopSequence = Optional.of(choice.path("stop_reason").asText());
            }
        }
    }

    private void text(JsonNode text) {
        if (text.isTextual() && !text.asText().isEmpty()) {
            add(new GenerationEvent.Text(text.asText()));
        }
    }

    private void reasoning(JsonNode delta) {
        for (String name : List.of("reasoning_content", "reasoning")) {
            JsonNode text = delta.path(name);
            if (text.isTextual() && !text.asText().isEmpty()) {
                add(new GenerationEvent.Reasoning(text.asText()));
                return;
            }
        }
    }

    private void toolCall(JsonNode call) {
        int index = call.path("index").asInt();
        JsonNode function = call.path("function");
        if (startedCalls.add(index)) {
            String given = call.path("id").asText("");
            add(new GenerationEvent.ToolCallStarted(
                    index,
                    given.isEmpty() ? "call_" + UUID.randomUUID() : given,
                    function.path("name").asText()));
        }
        String input = function.path("arguments").asText("");
        if (!input.isEmpty()) {
            add(new GenerationEvent.ToolCallInput(index, input));
        }
    }

    private void probabilities(JsonNode probabilities) {
        List<TokenProbability> tokens = new ArrayList<>();
        for (JsonNode token : probabilities.path("content")) { // of chat completions
            List<TokenProbability> alternatives = new ArrayList<>();
            token.path("top_logprobs").forEach(other -> alternatives.add(probability(other, List.of())));
            tokens.add(probability(token, alternatives));
        }
        JsonNode texts = probabilities.path("tokens"); // of completions
        for (int i = 0; i < texts.size(); i++) {
            List<TokenProbability> alternatives = new ArrayList<>();
            probabilities
                    .path("top_logprobs")
                    .path(i)
                    .properties()
                    .forEach(other -> alternatives.add(new TokenProbability(
                            other.getKey(), other.getValue().asDouble(), List.of())));
            tokens.add(new TokenProbability(
                    texts.get(i).asText(),
                    probabilities.path("token_logprobs").path(i).asDouble(),
                    alternatives));
        }
        if (!tokens.isEmpty()) {
            add(new GenerationEvent.Probabilities(tokens));
        }
    }

    private static TokenProbability probability(JsonNode token, List<TokenProbability> alternatives) {
        return new TokenProbability(
                token.path("token").asText(), token.path("logprob").asDouble(), alternatives);
    }

    private void add(GenerationEvent event) {
        if (firstTokenAt == 0) {
            firstTokenAt = System.nanoTime();
        }
        ready.add(event);
    }

    private FinishReason reason(String word) {
        return switch (word) {
            case "length" -> FinishReason.MAXIMUM_TOKENS;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALL;
            case "content_filter" -> FinishReason.CONTENT_FILTERED;
            default -> startedCalls.isEmpty() ? FinishReason.END_OF_TURN : FinishReason.TOOL_CALL; // Ollama's "stop"
        };
    }

    private void finish(String whyNoMore) {
        finished = true;
        if (reason.isEmpty()) {
            close();
            throw new TextModelException(
                    Category.UNAVAILABLE, "the endpoint of model " + id + " broke off: " + whyNoMore);
        }
        long now = System.nanoTime();
        ready.add(new GenerationEvent.Finished(
                stopSequence.isPresent() ? FinishReason.STOP_SEQUENCE : reason.get(),
                stopSequence,
                usage,
                new GenerationEvent.Timings(
                        Duration.ZERO,
                        Duration.ofNanos((firstTokenAt == 0 ? now : firstTokenAt) - startedAt),
                        Duration.ofNanos(now - startedAt))));
    }

    /** Closes the connection, by which the endpoint sees that nobody reads. */
    @Override
    public void close() {
        closed = true;
        exchange.close();
        reader.interrupt();
        // Whoever waits for a line gets one, and sees that there are to be no more.
        lines.clear();
        lines.offer(new Line.End("closed"));
    }
}
