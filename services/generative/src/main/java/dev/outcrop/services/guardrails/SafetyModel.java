package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.Confidence;
import dev.outcrop.engines.guard.ContentFilter;
import dev.outcrop.engines.guard.HarmCategory;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.TextModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Tells harmful content by a safety model of Llama Guard's kind: its own chat template puts what somebody said into its
 * instructions, and it answers {@code safe}, or {@code unsafe} and the codes of hazards. What a code stands for is one of
 * Bedrock's categories; no code stands for insults, so that those are still told by the classifiers.
 *
 * <p>Source: the model card of Llama Guard 3; codes by the hazards of MLCommons, "Introducing v0.5 of the AI Safety
 * Benchmark", 2024. A model's word is taken for sure, since it gives no degrees.
 */
final class SafetyModel implements ContentFilter {
    private static final Pattern CODE = Pattern.compile("\\bS(\\d{1,2})\\b");
    private static final int LONGEST_VERDICT = 48;

    private final Supplier<TextModel> model;
    private final ContentFilter classifiers;

    SafetyModel(Supplier<TextModel> model, ContentFilter classifiers) {
        this.model = model;
        this.classifiers = classifiers;
    }

    @Override
    public Map<HarmCategory, Confidence> assess(String text) {
        Map<HarmCategory, Confidence> confidences = new EnumMap<>(HarmCategory.class);
        for (HarmCategory category : HarmCategory.values()) {
            confidences.put(category, Confidence.NONE);
        }
        confidences.put(HarmCategory.INSULTS, classifiers.assess(text).get(HarmCategory.INSULTS));
        for (String part : JudgedParts.of(text)) {
            String verdict = ModelAnswer.of(
                    model.get(),
                    Prompt.Chat.of(List.of(Message.of(Role.USER, part))),
                    LONGEST_VERDICT,
                    ModelAnswer.ANYTHING);
            if (verdict.strip().startsWith("unsafe")) {
                CODE.matcher(verdict).results().forEach(code -> confidences.put(category(code), Confidence.HIGH));
            }
        }
        return confidences;
    }

    /** Violent crimes, weapons and suicide; hate; sex; everything else that the law or others forbid. */
    private static HarmCategory category(MatchResult code) {
        return switch (Integer.parseInt(code.group(1))) {
            case 1, 9, 11 -> HarmCategory.VIOLENCE;
            case 10 -> HarmCategory.HATE;
            case 3, 4, 12 -> HarmCategory.SEXUAL;
            default -> HarmCategory.MISCONDUCT;
        };
    }

    @Override
    public Map<HarmCategory, Double> probabilities(String text) {
        Map<HarmCategory, Double> probabilities = new EnumMap<>(HarmCategory.class);
        assess(text)
                .forEach((category, confidence) -> probabilities.put(
                        category,
                        switch (confidence) {
                            case NONE -> 0.0;
                            case LOW -> 0.5;
                            case MEDIUM -> 0.75;
                            case HIGH -> 1.0;
                        }));
        return probabilities;
    }
}
