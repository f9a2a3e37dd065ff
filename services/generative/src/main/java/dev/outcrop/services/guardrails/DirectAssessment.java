package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.guardrails.Applied.Ground;
import dev.outcrop.services.guardrails.Applied.Judged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAction;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentQualifier;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentSource;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOutputContent;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOutputScope;

/**
 * A guardrail applied to texts, without a model.
 *
 * <p>Blocks that are only a source or a query are not judged themselves. Source: "Use the ApplyGuardrail API in your
 * application" and "Use contextual grounding check", Amazon Bedrock User Guide.
 */
public final class DirectAssessment {
    private DirectAssessment() {}

    /**
     * What {@code guardrail} makes of the content of {@code request}.
     *
     * @throws AwsError if the content cannot be judged
     */
    public static ApplyGuardrailResponse of(ApplyGuardrailRequest request, Applied guardrail) {
        Direction direction = request.source() == GuardrailContentSource.INPUT ? Direction.INPUT : Direction.OUTPUT;
        List<String> texts = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        long total = 0;
        for (GuardrailContentBlock block : request.content()) {
            if (block.text() == null) {
                throw AwsError.validation(
                        "The guardrail has no filter for images: no model that judges images is installed. Send text.");
            }
            String text = block.text().text();
            List<GuardrailContentQualifier> qualifiers = block.text().qualifiers();
            total += text.codePointCount(0, text.length());
            if (qualifiers.contains(GuardrailContentQualifier.GROUNDING_SOURCE)) {
                sources.add(text);
            }
            if (qualifiers.contains(GuardrailContentQualifier.QUERY)) {
                queries.add(text);
            }
            if (qualifiers.isEmpty() || qualifiers.contains(GuardrailContentQualifier.GUARD_CONTENT)) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw AwsError.validation(
                    "The content field must hold at least one text to be guarded. Add one and try again.");
        }
        Judged judged = guardrail.judge(
                direction,
                texts,
                direction == Direction.INPUT ? texts : List.of(),
                total,
                direction == Direction.OUTPUT ? ground(sources, queries) : Optional.empty());
        Assessment assessment = judged.assessment();
        guardrail.measure(direction, assessment);
        boolean full = request.outputScope() == GuardrailOutputScope.FULL;
        return ApplyGuardrailResponse.builder()
                .action(assessment.isIntervened() ? GuardrailAction.GUARDRAIL_INTERVENED : GuardrailAction.NONE)
                .actionReason(assessment.reason())
                .outputs(outputs(guardrail, direction, judged, full))
                .assessments(guardrail.shape(assessment, full))
                .usage(AssessmentShapes.usage(assessment))
                .guardrailCoverage(AssessmentShapes.coverage(assessment))
                .build();
    }

    private static List<GuardrailOutputContent> outputs(
            Applied guardrail, Direction direction, Judged judged, boolean full) {
        if (judged.assessment().isBlocked()) {
            return List.of(output(guardrail.message(direction)));
        }
        return judged.assessment().isMasked() || full
                ? judged.texts().stream().map(DirectAssessment::output).toList()
                : List.of();
    }

    private static GuardrailOutputContent output(String text) {
        return GuardrailOutputContent.builder().text(text).build();
    }

    /** Several sources count as one, and so do several queries; without either there is nothing to check against. */
    public static Optional<Ground> ground(List<String> sources, List<String> queries) {
        return sources.isEmpty() || queries.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ground(String.join("\n", sources), String.join("\n", queries)));
    }
}
