package dev.outcrop.services.guardrails;

import dev.outcrop.services.guardrails.Finding.ContentFound;
import dev.outcrop.services.guardrails.Finding.GroundingFound;
import dev.outcrop.services.guardrails.Finding.PatternFound;
import dev.outcrop.services.guardrails.Finding.PersonalAbsent;
import dev.outcrop.services.guardrails.Finding.PersonalFound;
import dev.outcrop.services.guardrails.Finding.TopicFound;
import dev.outcrop.services.guardrails.Finding.WordFound;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.bedrockruntime.model.AppliedGuardrailDetails;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentFilter;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContextualGroundingFilter;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailCoverage;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailCustomWord;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailManagedWord;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOrigin;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOwnership;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailPiiEntityFilter;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailRegexFilter;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTopic;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTopicType;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailUsage;

/** Assessments as AWS shows them. */
final class AssessmentShapes {
    private AssessmentShapes() {}

    /**
     * The assessment.
     *
     * @param full whether policies are shown that found nothing, too
     */
    static GuardrailAssessment shape(Assessment assessment, boolean full, AppliedGuardrailDetails details) {
        List<GuardrailTopic> topics = new ArrayList<>();
        List<GuardrailContentFilter> contents = new ArrayList<>();
        List<GuardrailCustomWord> words = new ArrayList<>();
        List<GuardrailManagedWord> managed = new ArrayList<>();
        List<GuardrailPiiEntityFilter> entities = new ArrayList<>();
        List<GuardrailRegexFilter> regexes = new ArrayList<>();
        List<GuardrailContextualGroundingFilter> grounding = new ArrayList<>();
        for (Finding finding : assessment.findings()) {
            if (!assessment.isShown(finding, full)) {
                continue;
            }
            String action = finding.verdict().name();
            boolean detected = finding.detected();
            switch (finding) {
                case TopicFound topic ->
                    topics.add(GuardrailTopic.builder()
                            .name(topic.name())
                            .type(GuardrailTopicType.DENY)
                            .action(action)
                            .detected(detected)
                            .build());
                case ContentFound content ->
                    contents.add(GuardrailContentFilter.builder()
                            .type(content.type())
                            .confidence(content.confidence().name())
                            .filterStrength(content.strength())
                            .action(action)
                            .detected(detected)
                            .build());
                case WordFound word -> {
                    if (word.label().isEmpty()) {
                        words.add(GuardrailCustomWord.builder()
                                .match(word.match())
                                .action(action)
                                .detected(detected)
                                .build());
                    } else {
                        managed.add(GuardrailManagedWord.builder()
                                .match(word.match())
                                .type(word.label())
                                .action(action)
                                .detected(detected)
                                .build());
                    }
                }
                case PersonalFound entity -> entities.add(entity(entity.label(), entity.match(), action, true));
                case PersonalAbsent absent -> entities.add(entity(absent.type(), "", action, false));
                case PatternFound pattern ->
                    regexes.add(GuardrailRegexFilter.builder()
                            .name(pattern.label())
                            .match(pattern.match())
                            .regex(pattern.expression())
                            .action(action)
                            .detected(detected)
                            .build());
                case GroundingFound found ->
                    grounding.add(GuardrailContextualGroundingFilter.builder()
                            .type(found.type())
                            .threshold(found.threshold())
                            .score(found.score())
                            .action(action)
                            .detected(detected)
                            .build());
            }
        }
        GuardrailAssessment.Builder shape = GuardrailAssessment.builder()
                .invocationMetrics(metrics -> metrics.guardrailProcessingLatency(assessment.millis())
                        .usage(usage(assessment))
                        .guardrailCoverage(coverage(assessment)))
                .appliedGuardrailDetails(details);
        if (!topics.isEmpty()) {
            shape.topicPolicy(policy -> policy.topics(topics));
        }
        if (!contents.isEmpty()) {
            shape.contentPolicy(policy -> policy.filters(contents));
        }
        if (!words.isEmpty() || !managed.isEmpty()) {
            shape.wordPolicy(policy -> policy.customWords(words).managedWordLists(managed));
        }
        if (!entities.isEmpty() || !regexes.isEmpty()) {
            shape.sensitiveInformationPolicy(
                    policy -> policy.piiEntities(entities).regexes(regexes));
        }
        if (!grounding.isEmpty()) {
            shape.contextualGroundingPolicy(policy -> policy.filters(grounding));
        }
        return shape.build();
    }

    private static GuardrailPiiEntityFilter entity(String type, String match, String action, boolean detected) {
        return GuardrailPiiEntityFilter.builder()
                .type(type)
                .match(match)
                .action(action)
                .detected(detected)
                .build();
    }

    /** Text units of 1,000 characters, policy by policy; those of words and expressions are free. */
    static GuardrailUsage usage(Assessment assessment) {
        return GuardrailUsage.builder()
                .topicPolicyUnits(assessment.units(Policy.TOPIC))
                .contentPolicyUnits(assessment.units(Policy.CONTENT))
                .wordPolicyUnits(assessment.units(Policy.WORD))
                .sensitiveInformationPolicyUnits(assessment.units(Policy.SENSITIVE))
                .sensitiveInformationPolicyFreeUnits(assessment.units(Policy.SENSITIVE_FREE))
                .contextualGroundingPolicyUnits(assessment.units(Policy.GROUNDING))
                .contentPolicyImageUnits(0)
                .automatedReasoningPolicyUnits(0)
                .automatedReasoningPolicies(0)
                .build();
    }

    /** How much of what was given was judged. */
    static GuardrailCoverage coverage(Assessment assessment) {
        GuardrailCoverage.Builder coverage = GuardrailCoverage.builder()
                .textCharacters(characters -> characters
                        .guarded(Math.toIntExact(assessment.guardedCharacters()))
                        .total(Math.toIntExact(assessment.totalCharacters())));
        if (assessment.images() > 0) {
            coverage.images(images -> images.guarded(0).total(Math.toIntExact(assessment.images())));
        }
        return coverage.build();
    }

    /** Which guardrail was applied: one of the caller's own account, since the request asked for it. */
    static AppliedGuardrailDetails details(String id, String arn, String version) {
        return AppliedGuardrailDetails.builder()
                .guardrailId(id)
                .guardrailArn(arn)
                .guardrailVersion(version)
                .guardrailOrigin(GuardrailOrigin.REQUEST)
                .guardrailOwnership(GuardrailOwnership.SELF)
                .build();
    }
}
