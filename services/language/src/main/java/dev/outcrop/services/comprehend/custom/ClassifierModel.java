package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.DocumentClassifier.Mode;
import dev.outcrop.engines.learning.DocumentClassifier.ScoredClass;
import java.util.List;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentClass;
import software.amazon.awssdk.services.comprehend.model.DocumentLabel;

/**
 * A classifier, in Comprehend's shapes: the three most probable classes, or labels and all others that apply.
 *
 * <p>Source: ClassifyDocument of the API reference; developer guide, "Outputs for real-time analysis".
 */
public record ClassifierModel(DocumentClassifier classifier) {
    private static final int TOLD = 3;

    /** The classes or labels of a text. */
    public ClassifyDocumentResponse classify(String text) {
        List<ScoredClass> scored = classifier.classify(text);
        if (classifier.mode() == Mode.MULTI_CLASS) {
            return ClassifyDocumentResponse.builder()
                    .classes(scored.stream()
                            .limit(TOLD)
                            .map(found -> DocumentClass.builder()
                                    .name(found.name())
                                    .score((float) found.score())
                                    .build())
                            .toList())
                    .build();
        }
        long applying = scored.stream()
                .filter(found -> found.score() >= DocumentClassifier.THRESHOLD)
                .count();
        return ClassifyDocumentResponse.builder()
                .labels(scored.stream()
                        .limit(Math.max(TOLD, applying))
                        .map(found -> DocumentLabel.builder()
                                .name(found.name())
                                .score((float) found.score())
                                .build())
                        .toList())
                .build();
    }
}
