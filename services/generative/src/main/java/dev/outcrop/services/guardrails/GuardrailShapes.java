package dev.outcrop.services.guardrails;

import dev.outcrop.shapes.Shapes;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilter;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFiltersTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilter;
import software.amazon.awssdk.services.bedrock.model.GuardrailManagedWords;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntity;
import software.amazon.awssdk.services.bedrock.model.GuardrailRegex;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopic;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicsTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailWord;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Definitions of guardrails as they are asked for, and as they are shown. */
final class GuardrailShapes {
    private GuardrailShapes() {}

    /** What a request defines, still without a name of its own. */
    static GetGuardrailResponse guardrail(CreateGuardrailRequest request) {
        GetGuardrailResponse.Builder guardrail = Shapes.copy(request, GetGuardrailResponse.builder());
        Optional.ofNullable(request.topicPolicyConfig())
                .ifPresent(policy ->
                        guardrail.topicPolicy(shown -> shown.topics(all(policy.topicsConfig(), GuardrailTopic::builder))
                                .tier(tier -> tier.tierName(
                                        policy.tierConfig() == null
                                                ? GuardrailTopicsTierName.CLASSIC
                                                : policy.tierConfig().tierName()))));
        Optional.ofNullable(request.contentPolicyConfig())
                .ifPresent(policy -> guardrail.contentPolicy(shown -> shown.filters(
                                all(policy.filtersConfig(), GuardrailContentFilter::builder))
                        .tier(tier -> tier.tierName(
                                policy.tierConfig() == null
                                        ? GuardrailContentFiltersTierName.CLASSIC
                                        : policy.tierConfig().tierName()))));
        Optional.ofNullable(request.wordPolicyConfig())
                .ifPresent(policy -> guardrail.wordPolicy(shown -> shown.words(
                                all(policy.wordsConfig(), GuardrailWord::builder))
                        .managedWordLists(all(policy.managedWordListsConfig(), GuardrailManagedWords::builder))));
        Optional.ofNullable(request.sensitiveInformationPolicyConfig())
                .ifPresent(policy -> guardrail.sensitiveInformationPolicy(
                        shown -> shown.piiEntities(all(policy.piiEntitiesConfig(), GuardrailPiiEntity::builder))
                                .regexes(all(policy.regexesConfig(), GuardrailRegex::builder))));
        Optional.ofNullable(request.contextualGroundingPolicyConfig())
                .ifPresent(policy -> guardrail.contextualGroundingPolicy(shown ->
                        shown.filters(all(policy.filtersConfig(), GuardrailContextualGroundingFilter::builder))));
        Optional.ofNullable(request.crossRegionConfig())
                .ifPresent(config ->
                        guardrail.crossRegionDetails(GuardrailProfiles.find(config.guardrailProfileIdentifier())));
        return guardrail.build();
    }

    private static <B extends SdkPojo & SdkBuilder<B, T>, T> List<T> all(
            List<? extends SdkPojo> defined, Supplier<B> newBuilder) {
        return defined.stream()
                .map(one -> Shapes.copy(one, newBuilder.get()).build())
                .toList();
    }

    /** What only those may read who may use the guardrail's key. */
    static GetGuardrailResponse secret(GetGuardrailResponse guardrail) {
        return GetGuardrailResponse.builder()
                .topicPolicy(guardrail.topicPolicy())
                .contentPolicy(guardrail.contentPolicy())
                .wordPolicy(guardrail.wordPolicy())
                .sensitiveInformationPolicy(guardrail.sensitiveInformationPolicy())
                .contextualGroundingPolicy(guardrail.contextualGroundingPolicy())
                .blockedInputMessaging(guardrail.blockedInputMessaging())
                .blockedOutputsMessaging(guardrail.blockedOutputsMessaging())
                .build();
    }

    /** What anybody may read who may see the guardrail. */
    static GetGuardrailResponse open(GetGuardrailResponse guardrail) {
        return GetGuardrailResponse.builder()
                .name(guardrail.name())
                .description(guardrail.description())
                .guardrailId(guardrail.guardrailId())
                .guardrailArn(guardrail.guardrailArn())
                .version(guardrail.version())
                .status(guardrail.status())
                .crossRegionDetails(guardrail.crossRegionDetails())
                .createdAt(guardrail.createdAt())
                .updatedAt(guardrail.updatedAt())
                .build();
    }
}
