package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.learning.ClassifierEvaluation;
import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.services.comprehend.documents.TarGz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import software.amazon.awssdk.services.comprehend.model.ClassifierMetadata;

/**
 * What a training of a classifier gives.
 *
 * @param bytes of the classifier
 */
record TrainedClassifier(byte[] bytes, ClassifierData data, ClassifierEvaluation evaluation) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static TrainedClassifier of(ClassifierData data, DocumentClassifier.Mode mode, Progress progress)
            throws IOException {
        DocumentClassifier classifier = DocumentClassifier.train(mode, data.train(), progress);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        classifier.write(bytes);
        return new TrainedClassifier(bytes.toByteArray(), data, classifier.evaluate(data.test()));
    }

    ClassifierMetadata metadata() {
        return ClassifierMetadata.builder()
                .numberOfLabels(evaluation.classes().size())
                .numberOfTrainedDocuments(data.train().size())
                .numberOfTestDocuments(data.test().size())
                .evaluationMetrics(metrics -> metrics.accuracy(evaluation.accuracy())
                        .precision(evaluation.precision())
                        .recall(evaluation.recall())
                        .f1Score(evaluation.f1())
                        .microPrecision(evaluation.microPrecision())
                        .microRecall(evaluation.microRecall())
                        .microF1Score(evaluation.microF1())
                        .hammingLoss(evaluation.hammingLoss()))
                .build();
    }

    /**
     * The archive with the confusion matrix.
     *
     * <p>Source: Amazon Comprehend developer guide, "Classifier training output".
     */
    byte[] output() throws IOException {
        boolean exclusive = evaluation.mode() == DocumentClassifier.Mode.MULTI_CLASS;
        ObjectNode json = JSON.createObjectNode().put("type", exclusive ? "multi_class" : "multi_label");
        ArrayNode matrix = json.putArray("confusion_matrix");
        for (int[][] counts : evaluation.confusion()) {
            ArrayNode rows = exclusive ? matrix : matrix.addArray();
            for (int[] row : counts) {
                ArrayNode cells = rows.addArray();
                for (int cell : row) {
                    cells.add(cell);
                }
            }
        }
        evaluation.classes().forEach(json.putArray("labels")::add);
        evaluation.classes().forEach(json.putArray("all_labels")::add);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarGz tar = new TarGz(archive)) {
            tar.add("output/confusion_matrix.json", json.toString().getBytes(UTF_8));
        }
        return archive.toByteArray();
    }
}
