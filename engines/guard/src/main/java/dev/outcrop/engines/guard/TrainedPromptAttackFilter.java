package dev.outcrop.engines.guard;

/** Tells attacks by {@link TextClassifier}: in what was written, and in what it says once it is decoded. */
final class TrainedPromptAttackFilter implements PromptAttackFilter {
    private final Judge judge;

    TrainedPromptAttackFilter(Judge judge) {
        this.judge = judge;
    }

    @Override
    public Confidence assess(String text) {
        Confidence worst = confidence(text);
        for (String hidden : HiddenTexts.in(text)) {
            if (worst == Confidence.HIGH) {
                break;
            }
            Confidence decoded = confidence(hidden);
            // Whoever hides it means it.
            if (decoded != Confidence.NONE) {
                worst = Confidence.HIGH;
            }
        }
        return worst;
    }

    private Confidence confidence(String text) {
        return Thresholds.ATTACK.confidence(judge.logits(text, TextClassifier.ATTACK)[TextClassifier.ATTACK]);
    }

    @Override
    public double probability(String text) {
        double probability =
                Thresholds.ATTACK.probability(judge.logits(text, TextClassifier.ATTACK)[TextClassifier.ATTACK]);
        // Whoever hides it means it.
        return assess(text) == Confidence.HIGH ? Math.max(0.9, probability) : probability;
    }
}
