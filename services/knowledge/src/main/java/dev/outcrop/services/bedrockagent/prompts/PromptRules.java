package dev.outcrop.services.bedrockagent.prompts;

import dev.outcrop.kernel.AwsError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.bedrockagent.model.PromptInputVariable;
import software.amazon.awssdk.services.bedrockagent.model.PromptTemplateConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.PromptTemplateType;
import software.amazon.awssdk.services.bedrockagent.model.PromptVariant;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;

/** What a prompt's variants must be, beyond their shapes. */
final class PromptRules {
    private PromptRules() {}

    /**
     * Checks variants.
     *
     * @param defaultVariant a name, or null as requests have it
     * @throws ValidationException at the first rule that they break
     */
    static void check(List<PromptVariant> variants, String defaultVariant) {
        Set<String> names = new HashSet<>();
        for (PromptVariant variant : variants) {
            if (!names.add(variant.name())) {
                throw invalid("The variant name " + variant.name() + " is used more than once.");
            }
            check(variant);
        }
        if (defaultVariant != null && !names.contains(defaultVariant)) {
            throw invalid("The default variant " + defaultVariant + " is not one of the prompt's variants.");
        }
    }

    private static void check(PromptVariant variant) {
        if (variant.genAiResource() != null) {
            throw AwsError.notImplemented("bedrock-agent", "prompts of agents");
        }
        PromptTemplateConfiguration template = variant.templateConfiguration();
        boolean fits = switch (variant.templateType()) {
            case PromptTemplateType.TEXT -> template.text() != null && template.chat() == null;
            case PromptTemplateType.CHAT -> template.chat() != null && template.text() == null;
            case PromptTemplateType.UNKNOWN_TO_SDK_VERSION -> false;
        };
        if (!fits) {
            throw invalid("The templateConfiguration of the variant " + variant.name()
                    + " must be of its templateType, " + variant.templateTypeAsString() + ".");
        }
        if (template.chat() != null && template.chat().messages().isEmpty()) {
            throw invalid("The chat template of the variant " + variant.name() + " must hold a message.");
        }
        List<PromptInputVariable> variables = template.text() != null
                ? template.text().inputVariables()
                : template.chat().inputVariables();
        Set<String> names = new HashSet<>();
        for (PromptInputVariable variable : variables) {
            if (!names.add(variable.name())) {
                throw invalid("The input variable " + variable.name() + " is declared more than once.");
            }
        }
    }

    static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }
}
