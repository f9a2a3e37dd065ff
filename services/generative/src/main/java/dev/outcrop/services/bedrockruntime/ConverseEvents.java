package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStart;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamTrace;

/**
 * An answer as ConverseStream's events: the message's start; for each block its start (of tool uses only), deltas and
 * stop; the message's stop; metadata.
 *
 * <p>Source: Amazon Bedrock User Guide, "Using the Converse API", ConverseStream response fields.
 */
final class ConverseEvents {
    /** What the block that is open holds. */
    private enum Open {
        NOTHING,
        TEXT,
        REASONING,
        TOOL_USE
    }

    private final ConverseAnswer answer;
    private final StringBuilder blank = new StringBuilder();
    private Open open = Open.NOTHING;
    private int index = -1;

    ConverseEvents(ConverseAnswer answer) {
        this.answer = answer;
    }

    /** The first event. */
    ConverseStreamOutput start() {
        return ConverseStreamOutput.messageStartBuilder()
                .role(ConversationRole.ASSISTANT)
                .build();
    }

    /** What {@code event} becomes; the last event becomes the end of the stream. */
    List<ConverseStreamOutput> next(GenerationEvent event) {
        List<ConverseStreamOutput> events = new ArrayList<>(3);
        switch (event) {
            case GenerationEvent.Text(String text) -> text(text, events);
            case GenerationEvent.Reasoning(String text) -> {
                openBlock(Open.REASONING, events);
                events.add(delta(ContentBlockDelta.fromReasoningContent(reasoning -> reasoning.text(text))));
            }
            case GenerationEvent.ToolCallStarted(int _, String _, String name) -> {
                close(events);
                openBlock(Open.TOOL_USE, events);
                events.add(ConverseStreamOutput.contentBlockStartBuilder()
                        .contentBlockIndex(index)
                        .start(ContentBlockStart.fromToolUse(
                                use -> use.toolUseId(answer.newToolUseId()).name(name)))
                        .build());
            }
            case GenerationEvent.ToolCallInput(int _, String json) ->
                events.add(delta(ContentBlockDelta.fromToolUse(use -> use.input(json))));
            case GenerationEvent.Probabilities _ -> {}
            case Finished finished -> finish(finished, events);
        }
        return events;
    }

    /** A text block begins with its first character that is not blank: see {@link ConversationRules}. */
    private void text(String text, List<ConverseStreamOutput> events) {
        if (open != Open.TEXT) {
            blank.append(text);
            if (text.isBlank()) {
                return;
            }
            String whole = blank.toString();
            openBlock(Open.TEXT, events);
            events.add(delta(ContentBlockDelta.fromText(whole)));
            return;
        }
        events.add(delta(ContentBlockDelta.fromText(text)));
    }

    private void finish(Finished finished, List<ConverseStreamOutput> events) {
        close(events);
        events.add(ConverseStreamOutput.messageStopBuilder()
                .stopReason(answer.stopReason(finished.reason(), finished.usage()))
                .additionalModelResponseFields(
                        answer.additionalFields(finished.reason(), finished.stopSequence(), finished.usage())
                                .orElse(null))
                .build());
        events.add(ConverseStreamOutput.metadataBuilder()
                .usage(answer.usage(finished.usage()))
                .metrics(metrics -> metrics.latencyMs(ConverseAnswer.latencyMillis(finished.timings())))
                .performanceConfig(answer.performance().orElse(null))
                .serviceTier(answer.serviceTier().orElse(null))
                .trace(answer.trace()
                        .map(told ->
                                ConverseStreamTrace.builder().guardrail(told).build())
                        .orElse(null))
                .build());
    }

    private void openBlock(Open kind, List<ConverseStreamOutput> events) {
        if (open != kind) {
            close(events);
            open = kind;
            index++;
        }
        blank.setLength(0);
    }

    private void close(List<ConverseStreamOutput> events) {
        if (open != Open.NOTHING) {
            events.add(ConverseStreamOutput.contentBlockStopBuilder()
                    .contentBlockIndex(index)
                    .build());
        }
        open = Open.NOTHING;
        blank.setLength(0);
    }

    private ConverseStreamOutput delta(ContentBlockDelta delta) {
        return ConverseStreamOutput.contentBlockDeltaBuilder()
                .contentBlockIndex(index)
                .delta(delta)
                .build();
    }
}
