package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.EventStreams;
import dev.outcrop.kernel.Metering;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import dev.outcrop.services.guardrails.GuardrailLookup;
import dev.outcrop.services.invocationlogs.StreamedAnswer;
import dev.outcrop.shapes.Shapes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailStreamProcessingMode;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ResponseStream;

/**
 * The event streams of Amazon Bedrock Runtime. What is wrong with a request, or keeps the model from saying its first
 * word, is thrown before the stream begins; a reader that goes away stops the model.
 */
public final class BedrockRuntimeStreams implements BedrockRuntimeAsyncClient {
    private final ModelRouting routing;
    private final ModelFamilies families;
    private final GuardrailLookup guardrails;
    private final Converse converse;
    private final Surroundings surroundings;

    /** The streams over the models that {@code routing} finds, and nothing around them. */
    public BedrockRuntimeStreams(
            ModelRouting routing, ModelFamilies families, GuardrailLookup guardrails, RandomGenerator random) {
        this(routing, families, guardrails, random, Surroundings.NONE);
    }

    /**
     * The streams over the models that {@code routing} finds.
     *
     * @param random makes the ids of tool uses
     */
    public BedrockRuntimeStreams(
            ModelRouting routing,
            ModelFamilies families,
            GuardrailLookup guardrails,
            RandomGenerator random,
            Surroundings surroundings) {
        this.surroundings = surroundings;
        this.routing = routing;
        this.families = families;
        this.guardrails = guardrails;
        this.converse = new Converse(routing, guardrails, random);
    }

    @Override
    public CompletableFuture<Void> converseStream(
            ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
        boolean guardedLater = request.guardrailConfig() != null
                && request.guardrailConfig().streamProcessingMode() == GuardrailStreamProcessingMode.ASYNC;
        ConverseRequest conversation = surroundings
                .prompts()
                .resolved(conversation(request), "bedrock:InvokeModelWithResponseStream", routing::arns);
        try (Converse.Streamed answer = converse.stream(conversation, guardedLater)) {
            return EventStreams.<ConverseStreamResponse, ConverseStreamOutput>publish(
                    handler, ConverseStreamResponse.builder().build(), sink -> answer.send(told(sink)::send));
        }
    }

    @Override
    public CompletableFuture<Void> invokeModelWithResponseStream(
            InvokeModelWithResponseStreamRequest request, InvokeModelWithResponseStreamResponseHandler handler) {
        TextRoute route = routing.text(request.modelId());
        byte[] body = BedrockRuntimeService.bytes(Optional.ofNullable(request.body()));
        Optional<InvocationGuard> guard = guardrails
                .named(
                        Optional.ofNullable(request.guardrailIdentifier()),
                        Optional.ofNullable(request.guardrailVersion()))
                .map(applied ->
                        BedrockRuntimeService.guard(applied, request.traceAsString(), request.contentType(), body));
        try (TextInvocation.Started answer = families.text(
                        route, guard.map(InvocationGuard::body).orElse(body), true)
                .guardedBy(guard)
                .begin()) {
            InvokeModelWithResponseStreamResponse response = InvokeModelWithResponseStreamResponse.builder()
                    .contentType(BedrockRuntimeService.JSON)
                    .build();
            return EventStreams.<InvokeModelWithResponseStreamResponse, ResponseStream>publish(
                    handler, response, sink -> send(answer, told(sink)));
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** {@code sink}, and whoever else wants to know what is sent. */
    private <E> EventSink<E> told(EventSink<E> sink) {
        Optional<StreamedAnswer> log = surroundings.streamed().get();
        Metering metering = CallContext.current().metering();
        return event -> {
            log.ifPresent(answer -> answer.add(event));
            sink.send(event);
            metering.firstOutput();
        };
    }

    private static void send(TextInvocation.Started answer, EventSink<ResponseStream> sink) {
        try {
            ModelUse.used(answer.send(chunk -> sink.send(ResponseStream.chunkBuilder()
                    .bytes(SdkBytes.fromByteArrayUnsafe(chunk))
                    .build())));
        } catch (TextModelException failure) {
            throw ModelErrors.inStream(failure);
        }
    }

    private static ConverseRequest conversation(ConverseStreamRequest request) {
        ConverseRequest.Builder conversation = ConverseRequest.builder()
                .modelId(request.modelId())
                .messages(request.messages())
                .system(request.system())
                .inferenceConfig(request.inferenceConfig())
                .toolConfig(request.toolConfig())
                .additionalModelRequestFields(request.additionalModelRequestFields())
                .additionalModelResponseFieldPaths(request.additionalModelResponseFieldPaths())
                .performanceConfig(request.performanceConfig())
                .serviceTier(request.serviceTier());
        if (request.guardrailConfig() != null) {
            conversation.guardrailConfig(Shapes.copy(request.guardrailConfig(), GuardrailConfiguration.builder())
                    .build());
        }
        return request.hasPromptVariables()
                ? conversation.promptVariables(request.promptVariables()).build()
                : conversation.build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
