package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.Sentences;
import dev.outcrop.engines.language.Sentences.Sentence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Judges texts of any length by {@link TextClassifier}. A short one is judged as it is, by both classifiers. Of a long one
 * the linear classifier judges the whole and each sentence; only the sentence that looks worst to it is
 * embedded, since the encoder's time grows with what it reads, and none where even that one looks harmless.
 */
final class Judge {
    /** Short texts have at most this many words and signs. */
    private static final int WINDOW = 36;

    /** Short texts are no longer than this, in UTF-16 units, white space and all. */
    private static final int SHORT = 2000;

    /** So many sentences of a long text are embedded. */
    private static final int EMBEDDED = 1;

    /**
     * A sentence of a long text whose linear logit is below this is not embedded. Of the 3,466 harmful training texts that
     * were found by what was trained on the others, 6 lie below this, and 4,573 of 10,428 harmless ones.
     */
    private static final double HOPELESS = -4;

    /** So much of a text is cut into sentences, in UTF-16 units; what is beyond is judged in whole by its features alone. */
    private static final int WINDOWED = 200_000;

    private final TextClassifier classifier;
    private final EmbeddedTexts embeddings;

    private record Window(String text, double[] logits) {}

    Judge(TextClassifier classifier, EmbeddedTexts embeddings) {
        this.classifier = classifier;
        this.embeddings = embeddings;
    }

    /** The logits of a text, output by output as {@link TextClassifier} has them; those of a long text's worst part. */
    double[] logits(String text, int output) {
        PlainText plain = PlainText.of(text);
        if (plain.tokens().isEmpty()) {
            double[] none = new double[TextClassifier.OUTPUTS];
            Arrays.fill(none, Double.NEGATIVE_INFINITY);
            return none;
        }
        double[] whole = classifier.linearLogits(TextFeatures.of(plain));
        if (plain.tokens().size() <= WINDOW && text.length() <= SHORT) {
            return classifier.fused(whole, classifier.networkLogits(embeddings.of(text)));
        }
        List<Window> windows = windows(text);
        double[] worst = classifier.alone(whole);
        windows.stream()
                .sorted(Comparator.comparingDouble((Window window) -> -window.logits()[output]))
                .limit(EMBEDDED)
                .filter(window -> window.logits()[output] >= HOPELESS)
                .forEach(window -> {
                    double[] logits =
                            classifier.fused(window.logits(), classifier.networkLogits(embeddings.of(window.text())));
                    if (logits[output] > worst[output]) {
                        System.arraycopy(logits, 0, worst, 0, worst.length);
                    }
                });
        return worst;
    }

    private List<Window> windows(String text) {
        return Sentences.of(text.substring(0, Math.min(WINDOWED, text.length()))).stream()
                .map(Sentence::text)
                .map(this::window)
                .toList();
    }

    private Window window(String text) {
        return new Window(text, classifier.linearLogits(TextFeatures.of(text)));
    }
}
