package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.EntityRecognizer;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.engines.learning.RecognizerEvaluation;
import dev.outcrop.engines.learning.RecognizerEvaluation.Scores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerMetadata;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerMetadataEntityTypesListItem;

/**
 * What a training of a recogniser gives.
 *
 * @param bytes of the recogniser
 */
record TrainedRecognizer(byte[] bytes, RecognizerData data, RecognizerEvaluation evaluation) {
    private static final double PERCENT = 100;

    static TrainedRecognizer of(RecognizerData data, Progress progress) throws IOException {
        EntityRecognizer recognizer = EntityRecognizer.train(data.train(), data.phrases(), progress);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        recognizer.write(bytes);
        return new TrainedRecognizer(bytes.toByteArray(), data, recognizer.evaluate(data.test()));
    }

    /** Metrics of recognisers are told in percent, unlike those of classifiers. */
    EntityRecognizerMetadata metadata() {
        List<EntityRecognizerMetadataEntityTypesListItem> types = new ArrayList<>();
        evaluation
                .byType()
                .forEach((type, scores) -> types.add(EntityRecognizerMetadataEntityTypesListItem.builder()
                        .type(type)
                        .evaluationMetrics(metrics -> metrics.precision(PERCENT * scores.precision())
                                .recall(PERCENT * scores.recall())
                                .f1Score(PERCENT * scores.f1()))
                        .numberOfTrainMentions((int) data.train().stream()
                                .flatMap(text -> text.annotations().stream())
                                .filter(annotation -> annotation.type().equals(type))
                                .count())
                        .build()));
        Scores overall = evaluation.overall();
        return EntityRecognizerMetadata.builder()
                .numberOfTrainedDocuments(data.train().size())
                .numberOfTestDocuments(data.test().size())
                .evaluationMetrics(metrics -> metrics.precision(PERCENT * overall.precision())
                        .recall(PERCENT * overall.recall())
                        .f1Score(PERCENT * overall.f1()))
                .entityTypes(types)
                .build();
    }
}
