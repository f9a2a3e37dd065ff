package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.AttendedGeneration;
import dev.outcrop.services.bedrockruntime.InvocationGuard;
import dev.outcrop.services.bedrockruntime.ModelErrors;
import dev.outcrop.services.bedrockruntime.TextRoute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** One invocation of a text model in its family's JSON: asks the model and writes what it answers. */
public final class TextInvocation {
    private final TextModel model;
    private final String modelId;
    private final Exchange exchange;
    private final Optional<InvocationGuard> guard;

    /** An invocation of the model that was routed to, with a body that has been read. */
    public TextInvocation(TextRoute route, Exchange exchange) {
        this(route.model(), route.modelId(), exchange, Optional.empty());
    }

    private TextInvocation(TextModel model, String modelId, Exchange exchange, Optional<InvocationGuard> guard) {
        this.model = model;
        this.modelId = modelId;
        this.exchange = exchange;
        this.guard = guard;
    }

    /** The same invocation with a guardrail around it, if there is one. */
    public TextInvocation guardedBy(Optional<InvocationGuard> newGuard) {
        return new TextInvocation(model, modelId, exchange, newGuard);
    }

    /** What the model is asked. */
    public TextRequest request() {
        return exchange.request();
    }

    /**
     * The whole answer.
     *
     * @throws ValidationException if the model cannot do what is asked
     * @throws TextModelException if it does not answer
     */
    public InvokedBody invoke() {
        refuseUnseenImages();
        TextRequest asked = guard.map(around -> around.input(request())).orElseGet(this::request);
        try (Generation generation = generate(asked)) {
            Answer written = Answer.of(generation);
            Answer answer = guard.map(around -> around.judged(written)).orElse(written);
            Usage usage = answer.usage();
            ObjectNode body = exchange.body(answer);
            guard.ifPresent(around -> around.tell(body));
            return new InvokedBody(
                    bytes(body),
                    Map.of(
                            "x-amzn-bedrock-input-token-count", Integer.toString(usage.inputTokens()),
                            "x-amzn-bedrock-output-token-count", Integer.toString(usage.outputTokens()),
                            "x-amzn-bedrock-invocation-latency",
                                    Long.toString(answer.timings().total().toMillis())),
                    usage);
        }
    }

    /**
     * The answer in chunks, the last of which tells the tokens used and the time taken. What {@code chunks} throws ends
     * the generation.
     *
     * @throws ValidationException if the model cannot do what is asked; nothing has been sent then
     * @throws TextModelException if it does not answer; chunks may have been sent then
     */
    public Usage stream(Consumer<byte[]> chunks) {
        try (Started answer = begin()) {
            return answer.send(chunks);
        }
    }

    /**
     * The answer in chunks, as the family's own API sends them: without what Amazon Bedrock adds to the last.
     *
     * @see #stream
     */
    public Usage events(Consumer<ObjectNode> events) {
        try (Started answer = begin()) {
            return answer.pump(events, false);
        }
    }

    /**
     * Starts the answer and waits for the model's first sign of life, so that what it refuses is refused before anything
     * is sent.
     *
     * @throws ValidationException if the model cannot do what is asked
     * @throws TextModelException if it does not answer
     */
    public Started begin() {
        refuseUnseenImages();
        TextRequest asked = guard.map(around -> around.input(request())).orElseGet(this::request);
        Generation generation = generate(asked);
        return new Started(guard.filter(around -> !around.refuses())
                .map(around -> around.judged(generation, model, asked))
                .orElse(generation));
    }

    /** An answer that has begun. Closing it stops the model. */
    public final class Started implements AutoCloseable {
        private final Generation generation;

        private Started(Generation generation) {
            this.generation = generation;
        }

        /**
         * Sends the answer in chunks, the last of which tells the tokens used and the time taken.
         *
         * @throws TextModelException if the model fails; chunks may have been sent then
         */
        public Usage send(Consumer<byte[]> chunks) {
            return pump(chunk -> chunks.accept(bytes(chunk)), true);
        }

        private Usage pump(Consumer<ObjectNode> chunks, boolean withMetrics) {
            Exchange.Chunks written = exchange.chunks();
            written.begin(TextInvocation.this::countTokens).forEach(chunks);
            while (generation.hasNext()) {
                GenerationEvent event = generation.next();
                List<ObjectNode> next = written.next(event);
                if (event instanceof Finished finished) {
                    guard.ifPresent(around -> around.tell(next.getLast()));
                    if (withMetrics) {
                        next.getLast().set("amazon-bedrock-invocationMetrics", metrics(finished));
                    }
                    next.forEach(chunks);
                    return finished.usage();
                }
                guard.ifPresent(around -> next.forEach(around::action));
                next.forEach(chunks);
            }
            throw new TextModelException(TextModelException.Category.FAILED, "The model stopped without saying why");
        }

        @Override
        public void close() {
            generation.close();
        }
    }

    private Generation generate(TextRequest asked) {
        return new Begun(
                guard.filter(InvocationGuard::refuses)
                        .map(InvocationGuard::refusal)
                        .orElseGet(() -> AttendedGeneration.begin(model, asked)),
                exchange.oneToolCall());
    }

    /** The prompt's tokens; 0 where only the model's endpoint could tell, and does not. */
    private int countTokens() {
        try {
            return model.countTokens(exchange.request().prompt());
        } catch (TextModelException unknown) {
            if (unknown.category() == TextModelException.Category.UNSUPPORTED) {
                return 0;
            }
            throw unknown;
        }
    }

    private void refuseUnseenImages() {
        if (model.description().capabilities().contains(Capability.IMAGES)
                || !(exchange.request().prompt() instanceof Prompt.Chat chat)) {
            return;
        }
        for (Prompt.Message message : chat.messages()) {
            if (message.content().stream().anyMatch(Prompt.Content.Image.class::isInstance)) {
                throw ModelErrors.invalid("The model " + modelId + " is answered for by "
                        + model.description().id() + ", which does not see images. Remove the images and try again.");
            }
        }
    }

    private static ObjectNode metrics(Finished finished) {
        Usage usage = finished.usage();
        ObjectNode metrics = JsonFields.MAPPER.createObjectNode();
        metrics.put("inputTokenCount", usage.inputTokens());
        metrics.put("outputTokenCount", usage.outputTokens());
        metrics.put("invocationLatency", finished.timings().total().toMillis());
        metrics.put("firstByteLatency", finished.timings().firstToken().toMillis());
        if (usage.cacheReadTokens() + usage.cacheWriteTokens() > 0) {
            metrics.put("cacheReadInputTokenCount", usage.cacheReadTokens());
            metrics.put("cacheWriteInputTokenCount", usage.cacheWriteTokens());
        }
        return metrics;
    }

    /** A tree as JSON. */
    public static byte[] bytes(ObjectNode node) {
        try {
            return JsonFields.MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values was not written", impossible);
        }
    }

    /** A generation whose first event is there, and whose later tool calls are left out where they are not wanted. */
    private static final class Begun implements Generation {
        private final Generation generation;
        private final boolean oneToolCall;
        private Optional<GenerationEvent> first;

        Begun(Generation generation, boolean oneToolCall) {
            this.generation = generation;
            this.oneToolCall = oneToolCall;
            try {
                this.first = generation.hasNext() ? Optional.of(generation.next()) : Optional.empty();
            } catch (RuntimeException failure) {
                generation.close();
                throw failure;
            }
        }

        @Override
        public boolean hasNext() {
            return first.isPresent() || generation.hasNext();
        }

        /** The last event of all is never left out, so that whoever saw {@code hasNext} gets one. */
        @Override
        public GenerationEvent next() {
            if (first.isPresent()) {
                GenerationEvent event = first.get();
                first = Optional.empty();
                return event;
            }
            GenerationEvent event = generation.next();
            while (oneToolCall && isLaterToolCall(event)) {
                event = generation.next();
            }
            return event;
        }

        private static boolean isLaterToolCall(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.ToolCallStarted(int index, String _, String _) -> index > 0;
                case GenerationEvent.ToolCallInput(int index, String _) -> index > 0;
                default -> false;
            };
        }

        @Override
        public void close() {
            generation.close();
        }
    }
}
