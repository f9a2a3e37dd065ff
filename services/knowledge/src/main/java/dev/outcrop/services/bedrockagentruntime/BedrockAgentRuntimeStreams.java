package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.EventStreams;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizePromptRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizePromptResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizePromptResponseHandler;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizedPromptStream;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponseHandler;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponseOutput;

/**
 * The event stream of answers: each sentence as it is written, behind it its citation. What is wrong with a request is
 * thrown before the stream begins. Where a guardrail has to see the whole answer, it is sent once that has been done.
 */
public final class BedrockAgentRuntimeStreams implements BedrockAgentRuntimeAsyncClient {
    private final BedrockAgentRuntimeService service;

    /** The streams of {@code service}. */
    public BedrockAgentRuntimeStreams(BedrockAgentRuntimeService service) {
        this.service = service;
    }

    @Override
    public CompletableFuture<Void> optimizePrompt(
            OptimizePromptRequest request, OptimizePromptResponseHandler handler) {
        String prompt = Optional.ofNullable(request.input().textPrompt())
                .map(text -> text.text())
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> Errors.invalid("The text of the prompt must not be empty."));
        PromptOptimization optimization = service.promptOptimization();
        String analysis = optimization.analysis(request.targetModelId(), prompt);
        return EventStreams.<OptimizePromptResponse, OptimizedPromptStream>publish(
                handler,
                OptimizePromptResponse.builder().build(),
                sink -> optimization.send(request.targetModelId(), prompt, analysis, sink));
    }

    @Override
    public CompletableFuture<Void> retrieveAndGenerateStream(
            RetrieveAndGenerateStreamRequest request, RetrieveAndGenerateStreamResponseHandler handler) {
        Generation generation = service.generation();
        Generation.Prepared prepared = generation.prepare(new Generation.Request(
                request.input().text(),
                Optional.ofNullable(request.retrieveAndGenerateConfiguration()),
                Optional.ofNullable(request.sessionId()),
                Optional.ofNullable(request.sessionConfiguration()).map(session -> session.kmsKeyArn())));
        RetrieveAndGenerateStreamResponse response = RetrieveAndGenerateStreamResponse.builder()
                .sessionId(prepared.conversation().id())
                .build();
        if (prepared.said().isPresent() || prepared.guardrail().isPresent()) {
            Generation.Answer answer = generation.answer(prepared);
            return EventStreams.<RetrieveAndGenerateStreamResponse, RetrieveAndGenerateStreamResponseOutput>publish(
                    handler, response, sink -> send(prepared, answer, sink));
        }
        try (Writer.Streamed written = generation.begin(prepared)) {
            return EventStreams.<RetrieveAndGenerateStreamResponse, RetrieveAndGenerateStreamResponseOutput>publish(
                    handler, response, sink -> {
                        SentenceStream sentences = new SentenceStream(generation, prepared, sink);
                        written.forEach(sentences::add);
                        generation.remember(prepared, sentences.end());
                    });
        }
    }

    private static void send(
            Generation.Prepared prepared,
            Generation.Answer answer,
            EventSink<RetrieveAndGenerateStreamResponseOutput> sink) {
        if (prepared.guardrail().isPresent()) {
            sink.send(RetrieveAndGenerateStreamResponseOutput.guardrailBuilder()
                    .action(BedrockAgentRuntimeService.action(answer.intervened()))
                    .build());
        }
        sink.send(RetrieveAndGenerateStreamResponseOutput.outputBuilder()
                .text(answer.text())
                .build());
        answer.citations().forEach(citation -> sink.send(SentenceStream.event(citation)));
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
