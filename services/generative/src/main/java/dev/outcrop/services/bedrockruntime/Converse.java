package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.families.Answer;
import dev.outcrop.services.guardrails.GuardrailLookup;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;

/** Conversations with text models, whole answers and streamed ones, and their tokens. */
final class Converse {
    private final ModelRouting routing;
    private final GuardrailLookup guardrails;
    private final RandomGenerator random;
    private final DocumentText documents = new DocumentText();

    /**
     * Conversations with the models that {@code routing} finds.
     *
     * @param random makes the ids of tool uses
     */
    Converse(ModelRouting routing, GuardrailLookup guardrails, RandomGenerator random) {
        this.routing = routing;
        this.guardrails = guardrails;
        this.random = random;
    }

    /** The whole answer to {@code request}. */
    ConverseResponse answer(ConverseRequest request) {
        Asked asked = asked(request);
        if (asked.isRefused()) {
            return asked.answer.response(asked.guard.get().refusal());
        }
        try (Generation generation = AttendedGeneration.begin(asked.route.model(), asked.textRequest)) {
            Answer whole = Answer.of(generation);
            ModelUse.used(whole.usage());
            return asked.answer.response(
                    asked.guard.map(around -> around.judged(whole)).orElse(whole));
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /**
     * Starts to answer {@code request}; what the model refuses or fails in before its first word is thrown here.
     *
     * @param guardedLater whether a guardrail judges the answer while it is said, not before
     */
    Streamed stream(ConverseRequest request, boolean guardedLater) {
        Asked asked = asked(request);
        try {
            Generation generation = asked.generation(guardedLater);
            try {
                return new Streamed(new ConverseEvents(asked.answer), generation, generation.next());
            } catch (RuntimeException failure) {
                generation.close();
                throw failure;
            }
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** A request that has been checked, and judged where a guardrail is around it. */
    private record Asked(TextRoute route, ConverseAnswer answer, TextRequest textRequest, Optional<Guarding> guard) {
        boolean isRefused() {
            return guard.filter(Guarding::refuses).isPresent();
        }

        Generation generation(boolean guardedLater) {
            if (isRefused()) {
                return GuardedGeneration.of(guard.get().refusal());
            }
            Generation generation = AttendedGeneration.begin(route.model(), textRequest);
            return guard.map(around -> around.judged(generation, route.model(), textRequest, guardedLater))
                    .orElse(generation);
        }
    }

    private Asked asked(ConverseRequest request) {
        TextRoute route = routing.text(request.modelId());
        Optional<Guarding> guard = ConverseGuard.of(request, guardrails);
        ConverseAnswer answer = new ConverseAnswer(request, route, random, guard);
        TextRequest textRequest = new ConversePrompt(route, request, documents).textRequest();
        if (guard.isEmpty()) {
            return new Asked(route, answer, textRequest, guard);
        }
        try {
            ConverseRequest judged = ConverseGuard.judged(request, guard.get());
            TextRequest masked =
                    guard.get().masksInput() ? new ConversePrompt(route, judged, documents).textRequest() : textRequest;
            return new Asked(route, answer, masked, guard);
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** The tokens of {@code request}'s prompt. */
    int countTokens(ConverseRequest request) {
        TextRoute route = routing.text(request.modelId());
        TextRequest textRequest = new ConversePrompt(route, request, documents).textRequest();
        return countTokens(route, textRequest);
    }

    /** The tokens of the prompt of {@code textRequest}, by the model of {@code route}. */
    static int countTokens(TextRoute route, TextRequest textRequest) {
        try {
            return route.model().countTokens(textRequest.prompt());
        } catch (TextModelException failure) {
            if (failure.category() == Category.UNSUPPORTED) {
                throw ModelErrors.invalid("The provided model doesn't support counting tokens.");
            }
            throw ModelErrors.of(failure);
        }
    }

    /** An answer whose first event is there. Closing it stops the model. */
    static final class Streamed implements AutoCloseable {
        private final ConverseEvents events;
        private final Generation generation;
        private final GenerationEvent first;

        private Streamed(ConverseEvents events, Generation generation, GenerationEvent first) {
            this.events = events;
            this.generation = generation;
            this.first = first;
        }

        /** Sends the whole answer to {@code sink}. */
        void send(Consumer<ConverseStreamOutput> sink) {
            sink.accept(events.start());
            try {
                GenerationEvent event = first;
                while (true) {
                    events.next(event).forEach(sink);
                    if (event instanceof Finished finished) {
                        ModelUse.used(finished.usage());
                        return;
                    }
                    event = generation.next();
                }
            } catch (TextModelException failure) {
                throw ModelErrors.inStream(failure);
            }
        }

        @Override
        public void close() {
            generation.close();
        }
    }
}
