package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.families.Answer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;

/** Conversations with text models, whole answers and streamed ones, and their tokens. */
final class Converse {
    private final ModelRouting routing;
    private final RandomGenerator random;
    private final DocumentText documents = new DocumentText();

    /**
     * Conversations with the models that {@code routing} finds.
     *
     * @param random makes the ids of tool uses
     */
    Converse(ModelRouting routing, RandomGenerator random) {
        this.routing = routing;
        this.random = random;
    }

    /** The whole answer to {@code request}. */
    ConverseResponse answer(ConverseRequest request) {
        TextRoute route = routing.text(request.modelId());
        ConverseAnswer answer = new ConverseAnswer(request, route, random);
        TextRequest textRequest = new ConversePrompt(route, request, documents).textRequest();
        try (Generation generation = AttendedGeneration.begin(route.model(), textRequest)) {
            Answer whole = Answer.of(generation);
            ModelUse.used(whole.usage());
            return answer.response(whole);
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** Starts to answer {@code request}; what the model refuses or fails in before its first word is thrown here. */
    Streamed stream(ConverseRequest request) {
        TextRoute route = routing.text(request.modelId());
        ConverseAnswer answer = new ConverseAnswer(request, route, random);
        TextRequest textRequest = new ConversePrompt(route, request, documents).textRequest();
        try {
            Generation generation = AttendedGeneration.begin(route.model(), textRequest);
            try {
                return new Streamed(new ConverseEvents(answer), generation, generation.next());
            } catch (RuntimeException failure) {
                generation.close();
                throw failure;
            }
        } catch (TextModelException failure) {
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
