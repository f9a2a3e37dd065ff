package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Clients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.InferenceConfig;
import software.amazon.awssdk.services.bedrockagentruntime.model.PerformanceConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.TextInferenceConfig;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/** Has a model write, by Bedrock's Converse, as the caller: whoever asks must be allowed to invoke the model. */
final class Writer {
    private static final int ANSWER_TOKENS = 2048;
    private static final int PIECES_WAITING = 64;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final Supplier<Clients> clients;

    Writer(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** What one said. */
    record Said(boolean byUser, String text) {}

    /**
     * What a model is asked.
     *
     * @param modelArn of a foundation model, an inference profile, or its id
     * @param system   how it is to answer; empty where {@code turns} say it
     * @param turns    the conversation, the user last
     */
    record Prompt(
            String modelArn,
            String system,
            List<Said> turns,
            Optional<InferenceConfig> inference,
            Map<String, Document> additionalFields,
            Optional<PerformanceConfiguration> performance) {
        Prompt {
            turns = List.copyOf(turns);
            additionalFields = Map.copyOf(additionalFields);
        }

        /** One question, answered always alike, and briefly. */
        static Prompt brief(String modelArn, String question, int tokens) {
            return new Prompt(
                    modelArn,
                    "",
                    List.of(new Said(true, question)),
                    Optional.of(InferenceConfig.builder()
                            .textInferenceConfig(
                                    settings -> settings.temperature(0f).maxTokens(tokens))
                            .build()),
                    Map.of(),
                    Optional.empty());
        }
    }

    /** All that the model writes. */
    String write(Prompt prompt) {
        ConverseResponse response = Errors.depending(
                prompt.modelArn(),
                () -> clients.get().of(BedrockRuntimeClient.class).converse(request(prompt)));
        return response.output().message().content().stream()
                .map(ContentBlock::text)
                .filter(text -> text != null)
                .collect(Collectors.joining());
    }

    private static ConverseRequest request(Prompt prompt) {
        List<Message> messages = new ArrayList<>();
        for (Said said : prompt.turns()) {
            messages.add(Message.builder()
                    .role(said.byUser() ? ConversationRole.USER : ConversationRole.ASSISTANT)
                    .content(ContentBlock.fromText(said.text()))
                    .build());
        }
        ConverseRequest.Builder request =
                ConverseRequest.builder().modelId(prompt.modelArn()).messages(messages);
        if (!prompt.system().isBlank()) {
            request.system(SystemContentBlock.fromText(prompt.system()));
        }
        Optional<TextInferenceConfig> settings = prompt.inference().map(InferenceConfig::textInferenceConfig);
        request.inferenceConfig(inference -> inference
                .maxTokens(settings.map(TextInferenceConfig::maxTokens).orElse(ANSWER_TOKENS))
                .temperature(settings.map(TextInferenceConfig::temperature).orElse(0f))
                .topP(settings.map(TextInferenceConfig::topP).orElse(null))
                .stopSequences(settings.filter(TextInferenceConfig::hasStopSequences)
                        .map(TextInferenceConfig::stopSequences)
                        .orElse(null)));
        if (!prompt.additionalFields().isEmpty()) {
            request.additionalModelRequestFields(Document.fromMap(prompt.additionalFields()));
        }
        prompt.performance()
                .ifPresent(wanted ->
                        request.performanceConfig(performance -> performance.latency(wanted.latencyAsString())));
        return request.build();
    }

    /** Begins to write; what the model refuses is thrown before its first word. The answer is to be closed. */
    Streamed stream(Prompt prompt) {
        Streamed streamed = new Streamed(prompt.modelArn());
        ConverseRequest whole = request(prompt);
        streamed.begin(ConverseStreamRequest.builder()
                .modelId(whole.modelId())
                .messages(whole.messages())
                .system(whole.hasSystem() ? whole.system() : null)
                .inferenceConfig(whole.inferenceConfig())
                .additionalModelRequestFields(whole.additionalModelRequestFields())
                .performanceConfig(whole.performanceConfig())
                .build());
        return streamed;
    }

    /** Something of a stream: text, its end, or why it failed. */
    private record Piece(String text, Optional<RuntimeException> failure, boolean last) {}

    /** Text that is being written. Closing it stops the model. */
    final class Streamed implements AutoCloseable {
        private final String modelArn;
        private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES_WAITING);
        private Piece first;
        private volatile boolean closed;

        private Streamed(String modelArn) {
            this.modelArn = modelArn;
        }

        private void begin(ConverseStreamRequest request) {
            Errors.depending(
                    modelArn,
                    () -> clients.get()
                            .of(BedrockRuntimeAsyncClient.class)
                            .converseStream(request, new Handler())
                            .whenComplete((_, failure) -> put(end(failure))));
            first = take();
            throwIfFailed(first);
        }

        private static Piece end(Throwable failure) {
            Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            return new Piece(
                    "",
                    Optional.ofNullable(cause)
                            .map(thrown -> thrown instanceof RuntimeException known
                                    ? known
                                    : new IllegalStateException(thrown)),
                    true);
        }

        /** Hands all that is written to {@code reader}, as it comes. */
        void forEach(Consumer<String> reader) {
            for (Piece piece = first; ; piece = take()) {
                throwIfFailed(piece);
                if (piece.last()) {
                    return;
                }
                reader.accept(piece.text());
            }
        }

        private void throwIfFailed(Piece piece) {
            piece.failure()
                    .ifPresent(failure -> Errors.depending(modelArn, () -> {
                        throw failure;
                    }));
        }

        private Piece take() {
            try {
                Piece piece = pieces.poll(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (piece == null) {
                    throw new IllegalStateException(modelArn + " wrote nothing for " + LONGEST_SILENCE);
                }
                return piece;
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ClientGone("interrupted while " + modelArn + " wrote");
            }
        }

        /** Waits while the reader is slower, unless it has gone. */
        private void put(Piece piece) {
            try {
                boolean taken = false;
                while (!closed && !taken) {
                    taken = pieces.offer(piece, 1, TimeUnit.SECONDS);
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        /** Takes the events of the model's stream. */
        private final class Handler implements ConverseStreamResponseHandler {
            @Override
            public void responseReceived(ConverseStreamResponse response) {
                // It says nothing that is needed.
            }

            @Override
            public void onEventStream(SdkPublisher<ConverseStreamOutput> publisher) {
                publisher.subscribe(new Subscriber<>() {
                    private Subscription subscription;

                    @Override
                    public void onSubscribe(Subscription begun) {
                        subscription = begun;
                        begun.request(1);
                    }

                    @Override
                    public void onNext(ConverseStreamOutput event) {
                        event.accept(ConverseStreamResponseHandler.Visitor.builder()
                                .onContentBlockDelta(delta -> {
                                    String text = delta.delta().text();
                                    if (text != null && !text.isEmpty()) {
                                        put(new Piece(text, Optional.empty(), false));
                                    }
                                })
                                .build());
                        if (closed) {
                            subscription.cancel();
                        } else {
                            subscription.request(1);
                        }
                    }

                    @Override
                    public void onError(Throwable failure) {
                        // The future tells.
                    }

                    @Override
                    public void onComplete() {
                        // The future tells.
                    }
                });
            }

            @Override
            public void exceptionOccurred(Throwable failure) {
                // The future tells.
            }

            @Override
            public void complete() {
                // The future tells.
            }
        }
    }
}
