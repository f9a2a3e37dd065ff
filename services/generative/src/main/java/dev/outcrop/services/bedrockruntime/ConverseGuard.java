package dev.outcrop.services.bedrockruntime;

import dev.outcrop.services.bedrockruntime.Guarding.Tracing;
import dev.outcrop.services.guardrails.DirectAssessment;
import dev.outcrop.services.guardrails.GuardrailLookup;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseContentQualifier;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseTextBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/**
 * The parts of a conversation that a guardrail judges: where messages have {@code guardContent}, that alone, else all their
 * text; of the system prompt only {@code guardContent}. Text that is only a source or a query for the grounding check is
 * not judged itself; neither are tool results, documents and reasoning.
 *
 * <p>Source: "Include a guardrail with the Converse API", Amazon Bedrock User Guide.
 */
final class ConverseGuard {
    private final ConverseRequest request;
    private final Guarding guarding;
    private final boolean marked;
    private final List<String> texts = new ArrayList<>();
    private final List<String> suspects = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();
    private final List<String> queries = new ArrayList<>();
    private long total;
    private long images;

    private ConverseGuard(ConverseRequest request, Guarding guarding) {
        this.request = request;
        this.guarding = guarding;
        this.marked = request.messages().stream()
                .flatMap(message -> message.content().stream())
                .anyMatch(block -> block.guardContent() != null);
    }

    /** The guardrail that a request names, if it names one. */
    static Optional<Guarding> of(ConverseRequest request, GuardrailLookup guardrails) {
        Optional<GuardrailConfiguration> configuration = Optional.ofNullable(request.guardrailConfig());
        return guardrails
                .named(
                        configuration.map(GuardrailConfiguration::guardrailIdentifier),
                        configuration.map(GuardrailConfiguration::guardrailVersion))
                .map(applied -> new Guarding(
                        applied,
                        Tracing.of(configuration
                                .map(GuardrailConfiguration::traceAsString)
                                .orElse(""))));
    }

    /** Has {@code guarding} judge what goes to the model, and gives the request as it may go there, masked. */
    static ConverseRequest judged(ConverseRequest request, Guarding guarding) {
        return new ConverseGuard(request, guarding).judged();
    }

    private ConverseRequest judged() {
        for (SystemContentBlock block : request.system()) {
            if (block.guardContent() != null) {
                see(block.guardContent(), true);
            } else if (block.text() != null) {
                total += characters(block.text());
            }
        }
        for (Message message : request.messages()) {
            boolean user = message.role() == ConversationRole.USER;
            message.content().forEach(block -> see(block, user));
        }
        List<String> masked =
                guarding.judgeInput(texts, suspects, total, images, DirectAssessment.ground(sources, queries));
        return guarding.masksInput() ? masked(masked.iterator()) : request;
    }

    private void see(ContentBlock block, boolean user) {
        if (block.guardContent() != null) {
            see(block.guardContent(), user);
        } else if (block.text() != null) {
            total += characters(block.text());
            if (!marked) {
                add(block.text(), user);
            }
        } else if (block.image() != null) {
            images++;
        }
    }

    private void see(GuardrailConverseContentBlock block, boolean user) {
        if (block.text() == null) {
            images++;
            return;
        }
        String text = block.text().text();
        total += characters(text);
        if (block.text().qualifiers().contains(GuardrailConverseContentQualifier.GROUNDING_SOURCE)) {
            sources.add(text);
        }
        if (block.text().qualifiers().contains(GuardrailConverseContentQualifier.QUERY)) {
            queries.add(text);
        }
        if (isJudged(block.text())) {
            add(text, user);
        }
    }

    private void add(String text, boolean user) {
        texts.add(text);
        if (user) {
            suspects.add(text);
        }
    }

    private static boolean isJudged(GuardrailConverseTextBlock text) {
        return text.qualifiers().isEmpty()
                || text.qualifiers().contains(GuardrailConverseContentQualifier.GUARD_CONTENT);
    }

    private static long characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The request with its judged texts replaced, in the order in which they were seen. */
    private ConverseRequest masked(Iterator<String> masked) {
        List<SystemContentBlock> system = request.system().stream()
                .map(block -> block.guardContent() == null
                        ? block
                        : SystemContentBlock.fromGuardContent(masked(block.guardContent(), masked)))
                .toList();
        List<Message> messages = request.messages().stream()
                .map(message -> message.toBuilder()
                        .content(message.content().stream()
                                .map(block -> masked(block, masked))
                                .toList())
                        .build())
                .toList();
        ConverseRequest.Builder builder = request.toBuilder().messages(messages);
        return request.hasSystem() ? builder.system(system).build() : builder.build();
    }

    private ContentBlock masked(ContentBlock block, Iterator<String> masked) {
        if (block.guardContent() != null) {
            return ContentBlock.fromGuardContent(masked(block.guardContent(), masked));
        }
        return block.text() == null || marked ? block : ContentBlock.fromText(masked.next());
    }

    private static GuardrailConverseContentBlock masked(GuardrailConverseContentBlock block, Iterator<String> masked) {
        return block.text() == null || !isJudged(block.text())
                ? block
                : GuardrailConverseContentBlock.fromText(
                        block.text().toBuilder().text(masked.next()).build());
    }
}
