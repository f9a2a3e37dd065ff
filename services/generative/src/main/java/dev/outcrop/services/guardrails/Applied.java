package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.Measured.Measurement;
import dev.outcrop.services.guardrails.Finding.Placed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.AppliedGuardrailDetails;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAssessment;

/** A guardrail that the caller may apply, ready to judge texts. Safe for concurrent use. */
public final class Applied {
    /** The most text units that are judged at once; beyond, AWS's own quotas let nothing through. */
    static final int MOST_UNITS = 1000;

    private static final int LONGEST_SOURCE = 100_000;
    private static final int LONGEST_QUERY = 1000;
    private static final int LONGEST_ANSWER = 5000;
    private static final String NAMESPACE = "AWS/Bedrock/Guardrails";

    private final GetGuardrailResponse guardrail;
    private final GuardrailPolicies input;
    private final GuardrailPolicies output;

    Applied(GetGuardrailResponse guardrail, Filters filters) {
        this.guardrail = guardrail;
        this.input = new GuardrailPolicies(guardrail, Direction.INPUT, filters);
        this.output = new GuardrailPolicies(guardrail, Direction.OUTPUT, filters);
    }

    /** What an answer is checked against. */
    public record Ground(String source, String query) {}

    /**
     * What came of judging texts.
     *
     * @param texts the texts in their order, masked
     */
    public record Judged(Assessment assessment, List<String> texts) {}

    /** The guardrail's id. */
    public String id() {
        return guardrail.guardrailId();
    }

    /** Its profile, whose use must be allowed, too. */
    Optional<String> profileArn() {
        return Optional.ofNullable(guardrail.crossRegionDetails()).map(details -> details.guardrailProfileArn());
    }

    /** What is said in the place of a text that is stopped. */
    public String message(Direction direction) {
        return direction == Direction.INPUT ? guardrail.blockedInputMessaging() : guardrail.blockedOutputsMessaging();
    }

    private GuardrailPolicies policies(Direction direction) {
        return direction == Direction.INPUT ? input : output;
    }

    /** Whether answers are checked against sources and questions. */
    public boolean checksGrounding() {
        return output.checksGrounding();
    }

    /**
     * Judges texts that belong together, such as the parts of one message: as one, so that nothing hides by being split.
     *
     * @param texts    what is judged
     * @param suspects those of them that may be attacks on the model
     * @param total    how many characters there are with those that are not judged
     * @param ground   what they are checked against, if they are an answer and there is anything
     * @throws AwsError if there is too much
     */
    public Judged judge(
            Direction direction, List<String> texts, List<String> suspects, long total, Optional<Ground> ground) {
        long begun = System.nanoTime();
        String whole = String.join("\n", texts);
        long characters = 0;
        for (String text : texts) {
            characters += text.codePointCount(0, text.length());
        }
        if (characters > (long) MOST_UNITS * Assessment.TEXT_UNIT) {
            throw AwsError.validation("The guardrail cannot judge " + characters + " characters at once. Send at most "
                    + MOST_UNITS + " text units of " + Assessment.TEXT_UNIT + " characters.");
        }
        GuardrailPolicies policies = policies(direction);
        Assessment assessment = new Assessment();
        if (characters > 0) {
            policies.judge(whole, String.join("\n", suspects)).forEach(assessment::add);
            judgeUncut(policies, texts, suspects, assessment);
            for (Policy policy : policies.policies()) {
                assessment.judged(policy, characters);
            }
        }
        if (ground.isPresent() && policies.checksGrounding()) {
            grounding(ground.get(), whole, assessment).forEach(assessment::add);
        }
        assessment.covered(characters, Math.max(total, characters));
        List<String> masked = masked(whole, texts, assessment);
        assessment.took(System.nanoTime() - begun);
        return new Judged(assessment, masked);
    }

    /** What was cut between texts is judged as if it had not been, too. */
    private static void judgeUncut(
            GuardrailPolicies policies, List<String> texts, List<String> suspects, Assessment assessment) {
        StringBuilder uncut = new StringBuilder(texts.getFirst());
        List<Integer> seams = new ArrayList<>();
        for (int i = 1; i < texts.size(); i++) {
            if (isCut(texts.get(i - 1), texts.get(i))) {
                seams.add(uncut.length());
            } else {
                uncut.append('\n');
            }
            uncut.append(texts.get(i));
        }
        if (seams.isEmpty()) {
            return;
        }
        for (Finding finding : policies.judge(uncut.toString(), String.join("", suspects))) {
            if (!(finding instanceof Placed placed)) {
                assessment.add(finding);
            } else if (seams.stream().anyMatch(seam -> placed.start() < seam && seam < placed.end())) {
                // Where the texts are joined by line breaks, one stands at each seam.
                assessment.add(moved(
                        placed,
                        placed.start() + count(seams, placed.start() + 1),
                        placed.end() + count(seams, placed.end())));
            }
        }
    }

    private static int count(List<Integer> seams, int before) {
        return (int) seams.stream().filter(seam -> seam < before).count();
    }

    private static boolean isCut(String before, String after) {
        return !before.isEmpty()
                && !after.isEmpty()
                && !Character.isWhitespace(before.codePointBefore(before.length()))
                && !Character.isWhitespace(after.codePointAt(0));
    }

    /** The same finding at another place. */
    static Placed moved(Placed found, int start, int end) {
        return switch (found) {
            case Finding.WordFound word ->
                new Finding.WordFound(start, end, word.match(), word.label(), word.verdict());
            case Finding.PersonalFound entity ->
                new Finding.PersonalFound(start, end, entity.match(), entity.label(), entity.verdict());
            case Finding.PatternFound pattern ->
                new Finding.PatternFound(
                        start, end, pattern.match(), pattern.label(), pattern.expression(), pattern.verdict());
        };
    }

    /** The same finding, only told. */
    static Finding told(Placed found) {
        return switch (found) {
            case Finding.WordFound word ->
                new Finding.WordFound(word.start(), word.end(), word.match(), word.label(), Verdict.NONE);
            case Finding.PersonalFound entity ->
                new Finding.PersonalFound(entity.start(), entity.end(), entity.match(), entity.label(), Verdict.NONE);
            case Finding.PatternFound pattern ->
                new Finding.PatternFound(
                        pattern.start(),
                        pattern.end(),
                        pattern.match(),
                        pattern.label(),
                        pattern.expression(),
                        Verdict.NONE);
        };
    }

    private static List<String> masked(String whole, List<String> texts, Assessment assessment) {
        if (!assessment.isMasked()) {
            return texts;
        }
        Masking masking = new Masking(assessment.findings());
        List<String> masked = new ArrayList<>(texts.size());
        int at = 0;
        for (String text : texts) {
            masked.add(masking.masked(whole, at, at + text.length()));
            at += text.length() + 1;
        }
        return masked;
    }

    /** How far {@code answer} rests on its source and answers its query; counted in {@code assessment}. */
    List<Finding> grounding(Ground ground, String answer, Assessment assessment) {
        refuseLonger("grounding source", ground.source(), LONGEST_SOURCE);
        refuseLonger("query", ground.query(), LONGEST_QUERY);
        refuseLonger("content to be guarded", answer, LONGEST_ANSWER);
        assessment.judged(
                Policy.GROUNDING,
                (long) ground.source().length() + ground.query().length() + answer.length());
        return output.judgeGrounding(ground.source(), ground.query(), answer);
    }

    private static void refuseLonger(String what, String text, int most) {
        if (text.length() > most) {
            throw AwsError.validation("The " + what + " of the contextual grounding check has " + text.length()
                    + " characters. It can have at most " + most + ".");
        }
    }

    /**
     * A new assessment of an answer that is judged while it is written.
     *
     * @param masks whether what is said is masked; else what would be masked is only told
     */
    public AnswerJudge answer(boolean masks) {
        return new AnswerJudge(this, output, masks);
    }

    /** The assessment as AWS shows it. */
    public GuardrailAssessment shape(Assessment assessment, boolean full) {
        return AssessmentShapes.shape(assessment, full, details());
    }

    private AppliedGuardrailDetails details() {
        return AssessmentShapes.details(guardrail.guardrailId(), guardrail.guardrailArn(), guardrail.version());
    }

    /**
     * Tells CloudWatch of an assessment, with the record of the present call.
     *
     * <p>Source: "Monitor Amazon Bedrock Guardrails using CloudWatch metrics", Amazon Bedrock User Guide.
     */
    public void measure(Direction direction, Assessment assessment) {
        List<Measurement> values = new ArrayList<>();
        values.add(new Measurement("Invocations", "Count", 1));
        values.add(new Measurement("InvocationLatency", "Milliseconds", assessment.exactMillis()));
        Map<Policy, Integer> units = new LinkedHashMap<>();
        assessment.policies().forEach(policy -> units.put(policy, assessment.units(policy)));
        values.add(new Measurement(
                "TextUnitCount",
                "Count",
                units.values().stream().mapToInt(Integer::intValue).sum()));
        if (assessment.isIntervened()) {
            values.add(new Measurement("InvocationsIntervened", "Count", 1));
        }
        Map<String, String> dimensions = dimensions(direction);
        List<Set<String>> sets = List.of(
                Set.of("Operation"),
                Set.of("GuardrailContentSource"),
                Set.of("GuardrailContentSource", "Operation"),
                Set.of("GuardrailArn", "GuardrailVersion"),
                Set.of("GuardrailArn", "GuardrailVersion", "GuardrailContentSource"));
        CallContext call = CallContext.current();
        call.metering().measured(new Measured(NAMESPACE, dimensions, sets, values));
        units.forEach((policy, count) -> {
            List<Measurement> ofPolicy = new ArrayList<>();
            ofPolicy.add(new Measurement("Invocations", "Count", 1));
            ofPolicy.add(new Measurement("TextUnitCount", "Count", count));
            if (assessment.intervened(policy)) {
                ofPolicy.add(new Measurement("InvocationsIntervened", "Count", 1));
            }
            Map<String, String> withPolicy = new LinkedHashMap<>(dimensions);
            withPolicy.put("GuardrailPolicyType", policy.dimension());
            call.metering()
                    .measured(new Measured(
                            NAMESPACE,
                            withPolicy,
                            List.of(
                                    Set.of("GuardrailPolicyType"),
                                    Set.of("GuardrailPolicyType", "Operation"),
                                    Set.of("GuardrailArn", "GuardrailVersion", "GuardrailPolicyType")),
                            ofPolicy));
        });
    }

    private Map<String, String> dimensions(Direction direction) {
        return Map.of(
                "Operation",
                "ApplyGuardrail",
                "GuardrailContentSource",
                direction == Direction.INPUT ? "Input" : "Output",
                "GuardrailArn",
                guardrail.guardrailArn(),
                "GuardrailVersion",
                guardrail.version());
    }
}
