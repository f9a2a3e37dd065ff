package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.CustomPatterns;
import dev.outcrop.engines.guard.CustomPatterns.NamedPattern;
import dev.outcrop.engines.guard.InvalidGuardException;
import dev.outcrop.kernel.AwsError;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterType;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFiltersTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentPolicyConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingPolicyConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailFilterStrength;
import software.amazon.awssdk.services.bedrock.model.GuardrailModality;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntityConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailRegexConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailSensitiveInformationPolicyConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicPolicyConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicsTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailWordConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailWordPolicyConfig;

/**
 * What the definition of a guardrail must be, beyond what its shape says: that limits topics, words and expressions.
 *
 * <p>Source: "Quotas for Amazon Bedrock Guardrails" in the AWS General Reference; "Components of a guardrail" in the Amazon
 * Bedrock User Guide.
 */
final class GuardrailRules {
    private static final int MOST_LETTERS = 100;
    private static final double HIGHEST_THRESHOLD = 0.99;

    private final CreateGuardrailRequest request;

    /** The rules for one definition. */
    GuardrailRules(CreateGuardrailRequest request) {
        this.request = request;
    }

    /**
     * Checks the definition.
     *
     * @throws AwsError at the first rule that it breaks
     */
    void check() {
        if (request.automatedReasoningPolicyConfig() != null) {
            throw AwsError.notImplemented("bedrock", "guardrails with automated reasoning policies");
        }
        if (request.topicPolicyConfig() == null
                && request.contentPolicyConfig() == null
                && request.wordPolicyConfig() == null
                && request.sensitiveInformationPolicyConfig() == null
                && request.contextualGroundingPolicyConfig() == null) {
            throw AwsError.validation("A guardrail must have at least one policy. Add a policy and try again.");
        }
        if (request.topicPolicyConfig() != null) {
            checkTopics(request.topicPolicyConfig());
        }
        if (request.contentPolicyConfig() != null) {
            checkContent(request.contentPolicyConfig());
        }
        if (request.wordPolicyConfig() != null) {
            checkWords(request.wordPolicyConfig());
        }
        if (request.sensitiveInformationPolicyConfig() != null) {
            checkSensitive(request.sensitiveInformationPolicyConfig());
        }
        if (request.contextualGroundingPolicyConfig() != null) {
            checkGrounding(request.contextualGroundingPolicyConfig());
        }
    }

    private void checkTopics(GuardrailTopicPolicyConfig policy) {
        distinct(policy.topicsConfig(), GuardrailTopicConfig::name, "topic");
        if (policy.tierConfig() != null && policy.tierConfig().tierName() == GuardrailTopicsTierName.STANDARD) {
            checkStandardTier();
        }
    }

    private void checkStandardTier() {
        if (request.crossRegionConfig() == null) {
            throw AwsError.validation(
                    "The STANDARD tier needs cross-Region inference. Name a guardrail profile in crossRegionConfig, or use"
                            + " the CLASSIC tier.");
        }
    }

    private void checkContent(GuardrailContentPolicyConfig policy) {
        distinct(policy.filtersConfig(), GuardrailContentFilterConfig::typeAsString, "content filter");
        for (GuardrailContentFilterConfig filter : policy.filtersConfig()) {
            if (filter.type() == GuardrailContentFilterType.PROMPT_ATTACK
                    && filter.outputStrength() != GuardrailFilterStrength.NONE) {
                throw AwsError.validation(
                        "The outputStrength of a PROMPT_ATTACK content filter must be NONE: it looks at input only.");
            }
            if (Stream.concat(filter.inputModalities().stream(), filter.outputModalities().stream())
                    .anyMatch(modality -> modality == GuardrailModality.IMAGE)) {
                throw AwsError.validation("The content filter " + filter.typeAsString()
                        + " cannot have the IMAGE modality: no model that judges images is installed. Use TEXT.");
            }
        }
        if (policy.tierConfig() != null && policy.tierConfig().tierName() == GuardrailContentFiltersTierName.STANDARD) {
            checkStandardTier();
        }
    }

    private static void checkWords(GuardrailWordPolicyConfig policy) {
        if (policy.wordsConfig().isEmpty() && policy.managedWordListsConfig().isEmpty()) {
            throw AwsError.validation("A word policy must have words or a managed word list.");
        }
        for (GuardrailWordConfig word : policy.wordsConfig()) {
            if (word.text().isBlank() || word.text().length() > MOST_LETTERS) {
                throw AwsError.validation("A word or phrase must have 1 to " + MOST_LETTERS
                        + " characters that are not all blank, but one has "
                        + word.text().length() + ".");
            }
        }
        distinct(policy.wordsConfig(), word -> word.text().toLowerCase(Locale.ROOT), "word");
        distinct(policy.managedWordListsConfig(), list -> list.typeAsString(), "managed word list");
    }

    private static void checkSensitive(GuardrailSensitiveInformationPolicyConfig policy) {
        if (policy.piiEntitiesConfig().isEmpty() && policy.regexesConfig().isEmpty()) {
            throw AwsError.validation("A sensitive information policy must have PII entities or regular expressions.");
        }
        distinct(policy.piiEntitiesConfig(), GuardrailPiiEntityConfig::typeAsString, "PII entity");
        distinct(policy.regexesConfig(), GuardrailRegexConfig::name, "regex");
        for (GuardrailRegexConfig regex : policy.regexesConfig()) {
            try {
                new CustomPatterns(List.of(new NamedPattern(regex.name(), regex.pattern())));
            } catch (InvalidGuardException malformed) {
                throw AwsError.validation("The guardrail cannot be made: " + malformed.getMessage() + ".");
            }
        }
    }

    private static void checkGrounding(GuardrailContextualGroundingPolicyConfig policy) {
        distinct(policy.filtersConfig(), GuardrailContextualGroundingFilterConfig::typeAsString, "grounding filter");
        for (GuardrailContextualGroundingFilterConfig filter : policy.filtersConfig()) {
            if (filter.threshold() > HIGHEST_THRESHOLD) {
                throw AwsError.validation("The threshold of the contextual grounding filter " + filter.typeAsString()
                        + " must be between 0 and " + HIGHEST_THRESHOLD + ", but is " + filter.threshold() + ".");
            }
        }
    }

    private static <T> void distinct(List<T> all, Function<T, String> name, String what) {
        Set<String> seen = new HashSet<>();
        for (T one : all) {
            if (!seen.add(name.apply(one))) {
                throw AwsError.validation(
                        "The " + what + " " + name.apply(one) + " is defined more than once. Define each once.");
            }
        }
    }
}
