package dev.outcrop.engines.guard;

/**
 * From which logit on a confidence begins. Chosen by what {@code training.ClassifierRecipe} prints of topics left out, and
 * by the share of the held-out harmless sentences that LOW stops, so that this one share is not an unseen figure.
 */
record Thresholds(double low, double medium, double high) {
    /** Whether a text is harmful. */
    static final Thresholds HARM = new Thresholds(-0.2, 0.6, 1.8);

    /** Whether it is of a category that is not its likeliest. */
    static final Thresholds CATEGORY = new Thresholds(0, 0.8, 1.8);

    /** Whether it is an attack. */
    static final Thresholds ATTACK = new Thresholds(-0.2, 0.8, 2.2);

    Confidence confidence(double logit) {
        if (logit >= high) {
            return Confidence.HIGH;
        }
        if (logit >= medium) {
            return Confidence.MEDIUM;
        }
        return logit >= low ? Confidence.LOW : Confidence.NONE;
    }

    /** A logit as a probability, one half where {@link Confidence#LOW} begins. */
    double probability(double logit) {
        return 1 / (1 + Math.exp(-1.6 * (logit - low)));
    }
}
