package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Timings;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A text model that plays a script, for tests of what stands around a model: it keeps the requests that it gets, and
 * answers each with the events that its script makes of it. It counts words as tokens.
 */
public final class ScriptedTextModel implements TextModel {
    public static final Timings TIMINGS = new Timings(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(50));

    private final TextModelDescription description;
    private final Function<TextRequest, List<GenerationEvent>> script;
    private final List<TextRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();

    public ScriptedTextModel(Set<Capability> capabilities, Function<TextRequest, List<GenerationEvent>> script) {
        this.description = new TextModelDescription("scripted", 8192, capabilities);
        this.script = script;
    }

    /** A chat model with tools and reasoning, without images, that always plays these events. */
    public static ScriptedTextModel playing(GenerationEvent... events) {
        return new ScriptedTextModel(
                Set.of(Capability.CHAT, Capability.TOOLS, Capability.REASONING, Capability.LOG_PROBABILITIES),
                _ -> List.of(events));
    }

    /** A chat model that always writes these pieces of text and ends its turn; 11 input tokens, one a piece of output. */
    public static ScriptedTextModel saying(String... pieces) {
        List<GenerationEvent> events = new ArrayList<>();
        for (String piece : pieces) {
            events.add(new GenerationEvent.Text(piece));
        }
        events.add(finished(FinishReason.END_OF_TURN, 11, pieces.length));
        return playing(events.toArray(GenerationEvent[]::new));
    }

    /** The last event, without a stop sequence and without a cache. */
    public static Finished finished(FinishReason reason, int inputTokens, int outputTokens) {
        return new Finished(reason, Optional.empty(), new Usage(inputTokens, outputTokens, 0, 0), TIMINGS);
    }

    /** The requests so far. */
    public List<TextRequest> requests() {
        return List.copyOf(requests);
    }

    /** The latest request. */
    public TextRequest request() {
        return requests.getLast();
    }

    /** How many generations were closed before their end. */
    public int cancelled() {
        return cancelled.get();
    }

    @Override
    public TextModelDescription description() {
        return description;
    }

    @Override
    public Generation generate(TextRequest request) {
        requests.add(request);
        return new Playing(script.apply(request).iterator());
    }

    @Override
    public int countTokens(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Raw(String text) -> words(text);
            case Prompt.Chat chat -> {
                int words = 0;
                for (Prompt.Message message : chat.messages()) {
                    for (Prompt.Content content : message.content()) {
                        words += content instanceof Prompt.Content.Text(String text) ? words(text) : 1;
                    }
                }
                yield words;
            }
        };
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    @Override
    public void close() {}

    private final class Playing implements Generation {
        private final Iterator<GenerationEvent> events;
        private boolean closed;

        Playing(Iterator<GenerationEvent> events) {
            this.events = events;
        }

        @Override
        public boolean hasNext() {
            return events.hasNext();
        }

        @Override
        public GenerationEvent next() {
            if (closed) {
                throw new TextModelException(Category.CANCELLED, "The generation was closed");
            }
            if (!events.hasNext()) {
                throw new NoSuchElementException("the script has ended");
            }
            return events.next();
        }

        @Override
        public void close() {
            if (!closed && events.hasNext()) {
                cancelled.incrementAndGet();
            }
            closed = true;
        }
    }
}
