package dev.outcrop.engines.guard;

import java.util.EnumMap;
import java.util.Map;

/**
 * Tells harmful content by {@link TextClassifier}. Whether a text is harmful at all is one question, and of which
 * categories another: the likeliest category gets the confidence of the first, others no more than their own.
 */
final class TrainedContentFilter implements ContentFilter {
    private final Judge judge;

    TrainedContentFilter(Judge judge) {
        this.judge = judge;
    }

    @Override
    public Map<HarmCategory, Confidence> assess(String text) {
        double[] logits = judge.logits(text, TextClassifier.ANY_HARM);
        Confidence any = Thresholds.HARM.confidence(logits[TextClassifier.ANY_HARM]);
        HarmCategory likeliest = HarmCategory.HATE;
        for (HarmCategory category : HarmCategory.values()) {
            if (logits[TextClassifier.output(category)] > logits[TextClassifier.output(likeliest)]) {
                likeliest = category;
            }
        }
        Map<HarmCategory, Confidence> confidences = new EnumMap<>(HarmCategory.class);
        for (HarmCategory category : HarmCategory.values()) {
            Confidence own = Thresholds.CATEGORY.confidence(logits[TextClassifier.output(category)]);
            confidences.put(category, category == likeliest || any.compareTo(own) < 0 ? any : own);
            if (category != likeliest && own == Confidence.NONE) {
                confidences.put(category, Confidence.NONE);
            }
        }
        return confidences;
    }

    /** A category is no likelier than that the text is harmful at all. */
    @Override
    public Map<HarmCategory, Double> probabilities(String text) {
        double[] logits = judge.logits(text, TextClassifier.ANY_HARM);
        double any = Thresholds.HARM.probability(logits[TextClassifier.ANY_HARM]);
        Map<HarmCategory, Double> probabilities = new EnumMap<>(HarmCategory.class);
        for (HarmCategory category : HarmCategory.values()) {
            probabilities.put(
                    category, Math.min(any, Thresholds.CATEGORY.probability(logits[TextClassifier.output(category)])));
        }
        return probabilities;
    }
}
