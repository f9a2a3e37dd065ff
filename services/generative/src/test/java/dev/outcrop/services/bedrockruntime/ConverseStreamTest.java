package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Metering;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput.EventType;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ConverseStreamTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";

    private final CallContext call = SomeModels.call();

    private Reader read(ScriptedTextModel model, long most, Consumer<ConverseStreamRequest.Builder> request) {
        Reader reader = new Reader(most);
        BedrockRuntimeStreams streams = new BedrockRuntimeStreams(
                SomeModels.of(model).routing(), SomeModels.FAMILIES, SomeModels.UNGUARDED, new Random(1));
        reader.outcome = call.call(() -> streams.converseStream(
                ConverseStreamRequest.builder()
                        .modelId(HAIKU)
                        .messages(Turns.user("Hi"))
                        .applyMutation(request)
                        .build(),
                reader));
        return reader;
    }

    private static List<EventType> types(Reader reader) {
        return reader.events.stream().map(ConverseStreamOutput::sdkEventType).toList();
    }

    private static <T> List<T> all(Reader reader, Class<T> type) {
        return reader.events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void sendsTextInAwsOrder() {
        Reader reader = read(ScriptedTextModel.saying("Hello", ", world"), Long.MAX_VALUE, _ -> {});

        assertThat(reader.outcome).isCompleted();
        assertThat(types(reader))
                .containsExactly(
                        EventType.MESSAGE_START,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_STOP,
                        EventType.MESSAGE_STOP,
                        EventType.METADATA);
        assertThat(all(reader, ContentBlockDeltaEvent.class))
                .extracting(event -> event.delta().text())
                .containsExactly("Hello", ", world");
        assertThat(all(reader, MessageStopEvent.class).getFirst().stopReason()).isEqualTo(StopReason.END_TURN);
        ConverseStreamMetadataEvent metadata =
                all(reader, ConverseStreamMetadataEvent.class).getFirst();
        assertThat(metadata.usage().totalTokens()).isEqualTo(13);
        assertThat(metadata.metrics().latencyMs()).isEqualTo(50);
        assertThat(call.metering().amounts()).containsEntry(Metering.OUTPUT_TOKENS, 2.0);
        assertThat(call.responseHeaders()).contains(Map.entry("x-outcrop-model", "scripted"));
    }

    @Test
    void numbersTheBlocksOfReasoningTextAndToolUses() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Reasoning("Hm."),
                new GenerationEvent.Text("\n"),
                new GenerationEvent.Text("Looking."),
                new GenerationEvent.ToolCallStarted(0, "call_0", "weather"),
                new GenerationEvent.ToolCallInput(0, "{\"city\":"),
                new GenerationEvent.ToolCallInput(0, "\"Oslo\"}"),
                new GenerationEvent.ToolCallStarted(1, "call_1", "weather"),
                new GenerationEvent.ToolCallInput(1, "{}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 9, 9));

        Reader reader = read(model, Long.MAX_VALUE, request -> request.toolConfig(Turns.WEATHER_ONLY));

        assertThat(types(reader))
                .containsExactly(
                        EventType.MESSAGE_START,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_STOP,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_STOP,
                        EventType.CONTENT_BLOCK_START,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_STOP,
                        EventType.CONTENT_BLOCK_START,
                        EventType.CONTENT_BLOCK_DELTA,
                        EventType.CONTENT_BLOCK_STOP,
                        EventType.MESSAGE_STOP,
                        EventType.METADATA);
        assertThat(all(reader, ContentBlockDeltaEvent.class))
                .extracting(ContentBlockDeltaEvent::contentBlockIndex)
                .containsExactly(0, 1, 2, 2, 3);
        assertThat(all(reader, ContentBlockStopEvent.class))
                .extracting(ContentBlockStopEvent::contentBlockIndex)
                .containsExactly(0, 1, 2, 3);
        assertThat(all(reader, ContentBlockDeltaEvent.class).get(1).delta().text())
                .isEqualTo("\nLooking.");
        assertThat(all(reader, ContentBlockStartEvent.class))
                .extracting(event -> event.start().toolUse().name())
                .containsExactly("weather", "weather");
        assertThat(all(reader, ContentBlockStartEvent.class))
                .extracting(event -> event.start().toolUse().toolUseId())
                .doesNotHaveDuplicates();
    }

    @Test
    void anAnswerOfBlanksHasNoBlock() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text(" \n"), ScriptedTextModel.finished(FinishReason.END_OF_TURN, 9, 1));

        Reader reader = read(model, Long.MAX_VALUE, _ -> {});

        assertThat(types(reader)).containsExactly(EventType.MESSAGE_START, EventType.MESSAGE_STOP, EventType.METADATA);
    }

    @Test
    void whatIsWrongIsSaidBeforeTheStreamBegins() {
        ScriptedTextModel busy = new ScriptedTextModel(Set.of(Capability.CHAT), _ -> {
            throw new TextModelException(TextModelException.Category.OVERLOADED, "busy");
        });
        ScriptedTextModel late = new ScriptedTextModel(
                Set.of(Capability.CHAT), _ -> failingAfter(0, TextModelException.Category.OVERLOADED));

        assertThatThrownBy(() -> read(busy, 1, _ -> {})).isInstanceOf(ThrottlingException.class);
        assertThatThrownBy(() -> read(late, 1, _ -> {})).isInstanceOf(ThrottlingException.class);
        assertThatThrownBy(() -> read(ScriptedTextModel.saying("x"), 1, request -> request.messages(Turns.assistant())))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> read(
                        ScriptedTextModel.saying("x"),
                        1,
                        request -> request.guardrailConfig(guardrail -> guardrail.guardrailIdentifier("abc"))))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void aFailureInTheMiddleEndsTheStreamAsAws() {
        ScriptedTextModel model = new ScriptedTextModel(
                Set.of(Capability.CHAT), _ -> failingAfter(2, TextModelException.Category.FAILED));

        Reader reader = read(model, Long.MAX_VALUE, _ -> {});

        assertThat(types(reader))
                .containsExactly(EventType.MESSAGE_START, EventType.CONTENT_BLOCK_DELTA, EventType.CONTENT_BLOCK_DELTA);
        assertThat(reader.outcome)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ModelStreamErrorException.class);
    }

    @Test
    void aReaderThatGoesAwayStopsTheModel() {
        ScriptedTextModel model = ScriptedTextModel.saying(
                IntStream.range(0, 1000).mapToObj(i -> "word ").toArray(String[]::new));

        Reader reader = read(model, 10, _ -> {});

        assertThat(reader.events).hasSize(10);
        assertThat(model.cancelled()).isEqualTo(1);
        assertThat(reader.outcome)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ClientGone.class);
    }

    /** Words, and then a failure. */
    private static List<GenerationEvent> failingAfter(int words, TextModelException.Category category) {
        List<GenerationEvent> events = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            events.add(new GenerationEvent.Text("word "));
        }
        return new AbstractList<>() {
            @Override
            public GenerationEvent get(int index) {
                if (index >= events.size()) {
                    throw new TextModelException(category, "because");
                }
                return events.get(index);
            }

            @Override
            public int size() {
                return events.size() + 1;
            }

            @Override
            public Iterator<GenerationEvent> iterator() {
                return IntStream.range(0, size()).mapToObj(this::get).iterator();
            }
        };
    }

    /** Takes so many events and then goes away. */
    private static final class Reader implements ConverseStreamResponseHandler {
        final List<ConverseStreamOutput> events = new ArrayList<>();
        final long most;
        CompletableFuture<Void> outcome;

        Reader(long most) {
            this.most = most;
        }

        @Override
        public void responseReceived(ConverseStreamResponse response) {}

        @Override
        public void onEventStream(SdkPublisher<ConverseStreamOutput> publisher) {
            publisher.subscribe(new Subscriber<>() {
                private Subscription subscription;

                @Override
                public void onSubscribe(Subscription newSubscription) {
                    subscription = newSubscription;
                    subscription.request(1);
                }

                @Override
                public void onNext(ConverseStreamOutput event) {
                    events.add(event);
                    if (events.size() >= most) {
                        subscription.cancel();
                    } else {
                        subscription.request(1);
                    }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            });
        }

        @Override
        public void exceptionOccurred(Throwable failure) {}

        @Override
        public void complete() {}
    }
}
