package dev.outcrop.services.bedrockruntime;

import dev.outcrop.kernel.Ids;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;

/**
 * The condition key {@code bedrock:GuardrailIdentifier}, by which policies enforce the use of a guardrail.
 *
 * <p>Source: "Enforce the use of specific guardrails in model inference requests", Amazon Bedrock User Guide.
 */
final class GuardrailIdentifiers {
    private GuardrailIdentifiers() {}

    /** The key's value for {@code request}; empty if it names no guardrail. */
    static Optional<String> of(SdkRequest request) {
        return switch (request) {
            case ApplyGuardrailRequest apply -> value(apply.guardrailIdentifier(), apply.guardrailVersion());
            case InvokeModelRequest invoke -> value(invoke.guardrailIdentifier(), invoke.guardrailVersion());
            case InvokeModelWithResponseStreamRequest invoke ->
                value(invoke.guardrailIdentifier(), invoke.guardrailVersion());
            case ConverseRequest converse
            when converse.guardrailConfig() != null ->
                value(
                        converse.guardrailConfig().guardrailIdentifier(),
                        converse.guardrailConfig().guardrailVersion());
            case ConverseStreamRequest converse
            when converse.guardrailConfig() != null ->
                value(
                        converse.guardrailConfig().guardrailIdentifier(),
                        converse.guardrailConfig().guardrailVersion());
            default -> Optional.empty();
        };
    }

    private static Optional<String> value(String identifier, String version) {
        if (identifier == null || identifier.isEmpty()) {
            return Optional.empty();
        }
        String arn = identifier.startsWith("arn:") ? identifier : Ids.arn("bedrock", "guardrail/" + identifier);
        return Optional.of(version == null || version.isEmpty() || version.equals("DRAFT") ? arn : arn + ":" + version);
    }
}
