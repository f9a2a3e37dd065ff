package dev.outcrop.services.comprehend.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.services.comprehend.Analyses;
import dev.outcrop.services.comprehend.custom.ClassifierModel;
import dev.outcrop.services.comprehend.custom.CustomModels;
import dev.outcrop.services.comprehend.custom.RecognizerModel;
import dev.outcrop.services.comprehend.documents.Document;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentItemResult;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectPiiEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentClassificationJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionMode;

/**
 * Makes the line of a job's output that a document becomes.
 *
 * <p>Source: Amazon Comprehend developer guide, "Asynchronous batch processing", "Outputs for asynchronous analysis jobs"
 * and "Redacting PII entities with asynchronous jobs".
 */
@FunctionalInterface
interface DocumentAnalysis {
    ObjectMapper JSON = new ObjectMapper();

    /** The line of a document that can be read. */
    String line(Document document);

    /** The analysis that a job asks for. */
    static DocumentAnalysis of(
            JobKind<?, ?> kind,
            SdkPojo job,
            EntitiesDetectionJobProperties common,
            Analyses analyses,
            CustomModels models) {
        String language = common.languageCodeAsString();
        return switch (job) {
            case PiiEntitiesDetectionJobProperties pii
            when pii.mode() == PiiEntitiesDetectionMode.ONLY_REDACTION -> {
                Redaction redaction = new Redaction(pii.redactionConfig());
                yield document -> redaction.of(document.text(), analyses.personalData(document.text(), language));
            }
            case EntitiesDetectionJobProperties entities
            when entities.entityRecognizerArn() != null -> {
                var recognizer = models.recognizer(entities.entityRecognizerArn());
                yield document -> told(
                        document,
                        BatchDetectEntitiesItemResult.builder()
                                .entities(found(document, recognizer))
                                .build());
            }
            case DocumentClassificationJobProperties classification -> {
                var classifier = models.classifier(classification.documentClassifierArn());
                yield document -> told(document, classes(document, classifier));
            }
            default -> document -> told(document, result(kind, document.text(), language, analyses));
        };
    }

    private static List<Entity> found(Document document, RecognizerModel recognizer) {
        return document.read()
                .map(read -> read.isRead() ? read.placed(recognizer.find(read.text())) : List.<Entity>of())
                .orElseGet(() -> recognizer.find(document.text()));
    }

    private static ClassifyDocumentResponse classes(Document document, ClassifierModel classifier) {
        return document.read().filter(read -> !read.isRead()).isPresent()
                ? ClassifyDocumentResponse.builder().build()
                : classifier.classify(document.text());
    }

    private static SdkPojo result(JobKind<?, ?> kind, String text, String language, Analyses analyses) {
        if (kind.equals(JobKind.LANGUAGE)) {
            return BatchDetectDominantLanguageItemResult.builder()
                    .languages(analyses.languages(text))
                    .build();
        }
        if (kind.equals(JobKind.ENTITIES)) {
            return BatchDetectEntitiesItemResult.builder()
                    .entities(analyses.entities(text, language))
                    .build();
        }
        if (kind.equals(JobKind.KEY_PHRASES)) {
            return BatchDetectKeyPhrasesItemResult.builder()
                    .keyPhrases(analyses.keyPhrases(text, language))
                    .build();
        }
        if (kind.equals(JobKind.SENTIMENT)) {
            Analyses.Sentiment sentiment = analyses.sentiment(text, language);
            return BatchDetectSentimentItemResult.builder()
                    .sentiment(sentiment.type())
                    .sentimentScore(sentiment.score())
                    .build();
        }
        if (kind.equals(JobKind.TARGETED_SENTIMENT)) {
            return BatchDetectTargetedSentimentItemResult.builder()
                    .entities(analyses.targetedSentiment(text, language))
                    .build();
        }
        if (kind.equals(JobKind.PII)) {
            return DetectPiiEntitiesResponse.builder()
                    .entities(analyses.personalData(text, language))
                    .build();
        }
        throw new IllegalArgumentException("documents of " + kind.resource() + " are not analysed one by one");
    }

    /** The line of a document that cannot be read. */
    static String problem(Document document, Document.Problem problem) {
        ObjectNode line = JSON.createObjectNode();
        line.put("ErrorCode", problem.code()).put("ErrorMessage", problem.message());
        return placed(document, line);
    }

    private static String told(Document document, SdkPojo result) {
        try {
            ObjectNode line = (ObjectNode) JSON.readTree(StoredShapes.write(result));
            if (document.read().isPresent()) {
                line.setAll((ObjectNode)
                        JSON.readTree(StoredShapes.write(document.read().get().response())));
            }
            return placed(document, line);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** With the file and line of the document, all members in the order of their names, as AWS writes them. */
    private static String placed(Document document, ObjectNode line) {
        line.put("File", document.file());
        if (document.line().isPresent()) {
            // Lines of classifications are told as strings.
            boolean classified = line.has("Classes") || line.has("Labels");
            if (classified) {
                line.put("Line", String.valueOf(document.line().getAsInt()));
            } else {
                line.put("Line", document.line().getAsInt());
            }
        }
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        line.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
        ObjectNode ordered = JSON.createObjectNode();
        sorted.forEach(ordered::set);
        return ordered.toString();
    }
}
