package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Timings;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.families.Answer;
import dev.outcrop.services.guardrails.Applied;
import dev.outcrop.services.guardrails.Applied.Ground;
import dev.outcrop.services.guardrails.Applied.Judged;
import dev.outcrop.services.guardrails.Assessment;
import dev.outcrop.services.guardrails.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTraceAssessment;

/**
 * A guardrail around one call of a model: judges what goes in and what comes out, and remembers both for the trace.
 *
 * <p>Reasoning and the inputs of tool calls are not judged, as on AWS. Source: "Include a guardrail with the Converse API"
 * and "Use your guardrail with inference operations", Amazon Bedrock User Guide.
 */
final class Guarding {
    private final Applied guardrail;
    private final Tracing tracing;
    private Optional<Assessment> input = Optional.empty();
    private Optional<Assessment> output = Optional.empty();
    private Optional<Ground> ground = Optional.empty();
    private Optional<String> written = Optional.empty();

    /** How much of its work is told. */
    enum Tracing {
        DISABLED,
        ENABLED,
        ENABLED_FULL;

        /** What a request asks for; nothing where it does not say. */
        static Tracing of(String asked) {
            return Stream.of(values())
                    .filter(one -> one.name().equalsIgnoreCase(asked))
                    .findAny()
                    .orElse(DISABLED);
        }
    }

    Guarding(Applied guardrail, Tracing tracing) {
        this.guardrail = guardrail;
        this.tracing = tracing;
    }

    /**
     * Judges a prompt.
     *
     * @param texts    what is judged
     * @param suspects those of them that users wrote
     * @param total    how many characters the prompt has
     * @param images   how many images it has
     * @param newGround what the answer is to be checked against
     * @return the texts, masked
     */
    List<String> judgeInput(
            List<String> texts, List<String> suspects, long total, long images, Optional<Ground> newGround) {
        ground = newGround.filter(_ -> guardrail.checksGrounding());
        Judged judged = guardrail.judge(Direction.INPUT, texts, suspects, total, Optional.empty());
        judged.assessment().unseenImages(images);
        input = Optional.of(judged.assessment());
        guardrail.measure(Direction.INPUT, judged.assessment());
        return judged.texts();
    }

    /** Whether the prompt is stopped, so that the model is not asked. */
    boolean refuses() {
        return input.filter(Assessment::isBlocked).isPresent();
    }

    /** Whether anything of the prompt is masked. */
    boolean masksInput() {
        return input.filter(Assessment::isMasked).isPresent();
    }

    /** What is answered where the prompt is stopped; it takes no tokens. */
    Answer refusal() {
        return said(guardrail.message(Direction.INPUT), new Usage(0, 0, 0, 0), latency());
    }

    private Timings latency() {
        Duration took =
                input.map(assessment -> Duration.ofMillis(assessment.millis())).orElse(Duration.ZERO);
        return new Timings(Duration.ZERO, took, took);
    }

    private static Answer said(String text, Usage usage, Timings timings) {
        return new Answer(
                List.of(new Content.Text(text)), FinishReason.END_OF_TURN, Optional.empty(), usage, timings, List.of());
    }

    /** The answer as it may be said. */
    Answer judged(Answer answer) {
        List<String> texts = new ArrayList<>();
        for (Content part : answer.content()) {
            if (part instanceof Content.Text(String text)) {
                texts.add(text);
            }
        }
        Judged judged = guardrail.judge(Direction.OUTPUT, texts, List.of(), 0, ground);
        output = Optional.of(judged.assessment());
        written = Optional.of(answer.text());
        guardrail.measure(Direction.OUTPUT, judged.assessment());
        if (judged.assessment().isBlocked()) {
            return said(guardrail.message(Direction.OUTPUT), answer.usage(), answer.timings());
        }
        if (!judged.assessment().isMasked()) {
            return answer;
        }
        Iterator<String> masked = judged.texts().iterator();
        List<Content> content = answer.content().stream()
                .map(part -> part instanceof Content.Text ? new Content.Text(masked.next()) : part)
                .toList();
        return new Answer(content, answer.reason(), answer.stopSequence(), answer.usage(), answer.timings(), List.of());
    }

    /**
     * The answer as it may be said while it is written.
     *
     * @param later whether it is said at once, and stopped later
     */
    Generation judged(Generation answer, TextModel model, TextRequest request, boolean later) {
        return new GuardedGeneration(
                answer,
                guardrail.answer(!later),
                later,
                ground,
                guardrail.message(Direction.OUTPUT),
                text -> GuardedGeneration.used(model, request.prompt(), text),
                (assessment, text) -> {
                    output = Optional.of(assessment);
                    written = Optional.of(text);
                    guardrail.measure(Direction.OUTPUT, assessment);
                });
    }

    /** Whether the guardrail stopped the prompt, or stopped or changed the answer. */
    boolean intervened() {
        return refuses() || output.filter(Assessment::isIntervened).isPresent();
    }

    /** Whether the guardrail did anything to the prompt or the answer. */
    boolean acted() {
        return intervened() || masksInput();
    }

    boolean isTraced() {
        return tracing != Tracing.DISABLED;
    }

    /** What the guardrail did, in words. */
    String reason() {
        return Stream.concat(input.stream(), output.stream())
                .map(Assessment::reason)
                .collect(Collectors.joining("\n"));
    }

    /** What the model wrote, where the guardrail did not let it be said. */
    List<String> modelOutput() {
        return output.filter(Assessment::isIntervened).isPresent() ? List.of(written.orElse("")) : List.of();
    }

    /** What was found in the prompt, by the guardrail's id. */
    Map<String, GuardrailAssessment> inputAssessments() {
        return input.map(assessment -> Map.of(guardrail.id(), shape(assessment)))
                .orElse(Map.of());
    }

    /** What was found in the answer, by the guardrail's id. */
    Map<String, GuardrailAssessment> outputAssessments() {
        return output.map(assessment -> Map.of(guardrail.id(), shape(assessment)))
                .orElse(Map.of());
    }

    private GuardrailAssessment shape(Assessment assessment) {
        return guardrail.shape(assessment, tracing == Tracing.ENABLED_FULL);
    }

    /** The trace as Converse shows it, if it is wanted. */
    Optional<GuardrailTraceAssessment> trace() {
        if (!isTraced()) {
            return Optional.empty();
        }
        GuardrailTraceAssessment.Builder trace =
                GuardrailTraceAssessment.builder().actionReason(reason());
        if (!inputAssessments().isEmpty()) {
            trace.inputAssessment(inputAssessments());
        }
        if (!outputAssessments().isEmpty()) {
            trace.outputAssessments(outputAssessments().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))));
        }
        if (!modelOutput().isEmpty()) {
            trace.modelOutput(modelOutput());
        }
        return Optional.of(trace.build());
    }
}
