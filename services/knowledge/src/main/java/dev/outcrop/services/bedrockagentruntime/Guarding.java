package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrockagentruntime.model.GuardrailConfiguration;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAction;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentQualifier;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentSource;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOutputContent;

/** Has a guardrail look at questions and answers, by Bedrock's ApplyGuardrail, as the caller. */
final class Guarding {
    private final Supplier<Clients> clients;

    Guarding(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** What is said in place of a question's answer, where the guardrail does not let the question through. */
    Optional<String> stopped(GuardrailConfiguration guardrail, String question) {
        return intervention(guardrail, GuardrailContentSource.INPUT, List.of(block(question)));
    }

    /** What is said in place of an answer that the guardrail does not let through as it is. */
    Optional<String> changed(GuardrailConfiguration guardrail, String question, List<String> passages, String answer) {
        List<GuardrailContentBlock> content = new ArrayList<>();
        for (String passage : passages) {
            content.add(block(passage, GuardrailContentQualifier.GROUNDING_SOURCE));
        }
        content.add(block(question, GuardrailContentQualifier.QUERY));
        content.add(block(answer, GuardrailContentQualifier.GUARD_CONTENT));
        return intervention(guardrail, GuardrailContentSource.OUTPUT, content);
    }

    private static GuardrailContentBlock block(String text, GuardrailContentQualifier... qualifiers) {
        return GuardrailContentBlock.fromText(block -> block.text(text).qualifiers(qualifiers));
    }

    private Optional<String> intervention(
            GuardrailConfiguration guardrail, GuardrailContentSource source, List<GuardrailContentBlock> content) {
        ApplyGuardrailResponse response = Errors.depending(
                guardrail.guardrailId(),
                () -> clients.get()
                        .of(BedrockRuntimeClient.class)
                        .applyGuardrail(request -> request.guardrailIdentifier(guardrail.guardrailId())
                                .guardrailVersion(guardrail.guardrailVersion())
                                .source(source)
                                .content(content)));
        return response.action() == GuardrailAction.GUARDRAIL_INTERVENED
                ? Optional.of(response.outputs().stream()
                        .map(GuardrailOutputContent::text)
                        .collect(Collectors.joining("\n")))
                : Optional.empty();
    }
}
