package dev.outcrop.services.comprehend;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.comprehend.custom.Endpoints;
import dev.outcrop.services.comprehend.documents.ReadDocument;
import dev.outcrop.services.comprehend.documents.SemiStructuredDocuments;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentRequest;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.ContainsPiiEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.ContainsPiiEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectDominantLanguageRequest;
import software.amazon.awssdk.services.comprehend.model.DetectDominantLanguageResponse;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectKeyPhrasesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectKeyPhrasesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectPiiEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectPiiEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectSyntaxRequest;
import software.amazon.awssdk.services.comprehend.model.DetectSyntaxResponse;
import software.amazon.awssdk.services.comprehend.model.DetectTargetedSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectTargetedSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectToxicContentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectToxicContentResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentReaderConfig;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.InvalidRequestException;
import software.amazon.awssdk.services.comprehend.model.TextSegment;
import software.amazon.awssdk.services.textract.TextractClient;

/** The operations on single documents. */
final class RealTime {
    private static final String PROMPT_SAFETY = ":aws:document-classifier-endpoint/prompt-safety";
    private static final int MOST_SEGMENTS = 10;
    private static final int LARGEST_SEGMENT = 1_000;

    private final Analyses analyses;
    private final Supplier<Endpoints> endpoints;
    private final Supplier<Clients> clients;
    private final SemiStructuredDocuments documents = new SemiStructuredDocuments();

    /** @param clients reaches Textract as the caller */
    RealTime(Analyses analyses, Supplier<Endpoints> endpoints, Supplier<Clients> clients) {
        this.analyses = analyses;
        this.endpoints = endpoints;
        this.clients = clients;
    }

    DetectDominantLanguageResponse detectDominantLanguage(DetectDominantLanguageRequest request) {
        return DetectDominantLanguageResponse.builder()
                .languages(analyses.languages(Texts.atMost(Texts.LONG, request.text())))
                .build();
    }

    DetectEntitiesResponse detectEntities(DetectEntitiesRequest request) {
        one(request.text() != null, request.bytes() != null);
        if (request.endpointArn() != null) {
            return customEntities(request);
        }
        if (request.languageCode() == null) {
            throw InvalidRequestException.builder()
                    .message("LanguageCode is required unless an endpoint of a custom model is given.")
                    .build();
        }
        String language = Texts.language(Texts.READ, request.languageCodeAsString());
        if (request.text() != null) {
            return DetectEntitiesResponse.builder()
                    .entities(analyses.entities(Texts.atMost(Texts.LONG, request.text()), language))
                    .build();
        }
        ReadDocument read = read(request.bytes(), request.documentReaderConfig());
        return entities(read, read.isRead() ? analyses.entities(read.text(), language) : List.of());
    }

    private ReadDocument read(SdkBytes document, DocumentReaderConfig how) {
        return documents.read(
                document.asByteArrayUnsafe(),
                Optional.ofNullable(how),
                1,
                operation -> operation.apply(clients.get().of(TextractClient.class)));
    }

    private static DetectEntitiesResponse entities(ReadDocument read, List<Entity> entities) {
        return read.response().toBuilder().entities(read.placed(entities)).build();
    }

    private DetectEntitiesResponse customEntities(DetectEntitiesRequest request) {
        if (request.text() != null) {
            return DetectEntitiesResponse.builder()
                    .entities(endpoints.get().entities(request.endpointArn(), request.text()))
                    .build();
        }
        ReadDocument read = read(request.bytes(), request.documentReaderConfig());
        return entities(read, read.isRead() ? endpoints.get().entities(request.endpointArn(), read.text()) : List.of());
    }

    DetectKeyPhrasesResponse detectKeyPhrases(DetectKeyPhrasesRequest request) {
        return DetectKeyPhrasesResponse.builder()
                .keyPhrases(
                        analyses.keyPhrases(Texts.atMost(Texts.LONG, request.text()), request.languageCodeAsString()))
                .build();
    }

    DetectSentimentResponse detectSentiment(DetectSentimentRequest request) {
        Analyses.Sentiment sentiment =
                analyses.sentiment(Texts.atMost(Texts.SHORT, request.text()), request.languageCodeAsString());
        return DetectSentimentResponse.builder()
                .sentiment(sentiment.type())
                .sentimentScore(sentiment.score())
                .build();
    }

    DetectTargetedSentimentResponse detectTargetedSentiment(DetectTargetedSentimentRequest request) {
        return DetectTargetedSentimentResponse.builder()
                .entities(analyses.targetedSentiment(
                        Texts.atMost(Texts.SHORT, request.text()), request.languageCodeAsString()))
                .build();
    }

    DetectSyntaxResponse detectSyntax(DetectSyntaxRequest request) {
        return DetectSyntaxResponse.builder()
                .syntaxTokens(
                        analyses.syntax(Texts.atMost(Texts.SHORT, request.text()), request.languageCodeAsString()))
                .build();
    }

    DetectPiiEntitiesResponse detectPiiEntities(DetectPiiEntitiesRequest request) {
        String language = personalDataLanguage(request.languageCodeAsString());
        return DetectPiiEntitiesResponse.builder()
                .entities(analyses.personalData(Texts.atMost(Texts.LONG, request.text()), language))
                .build();
    }

    ContainsPiiEntitiesResponse containsPiiEntities(ContainsPiiEntitiesRequest request) {
        String language = personalDataLanguage(request.languageCodeAsString());
        return ContainsPiiEntitiesResponse.builder()
                .labels(analyses.personalDataLabels(Texts.atMost(Texts.LONG, request.text()), language))
                .build();
    }

    DetectToxicContentResponse detectToxicContent(DetectToxicContentRequest request) {
        String language = Texts.language(Texts.ENGLISH, request.languageCodeAsString());
        List<TextSegment> segments = request.textSegments();
        if (segments.size() > MOST_SEGMENTS) {
            throw InvalidRequestException.builder()
                    .message("The list has " + segments.size() + " text segments, and may have " + MOST_SEGMENTS + ".")
                    .build();
        }
        segments.forEach(segment -> Texts.atMost(LARGEST_SEGMENT, segment.text()));
        return DetectToxicContentResponse.builder()
                .resultList(segments.stream()
                        .map(segment -> analyses.toxicity(segment.text(), language))
                        .toList())
                .build();
    }

    ClassifyDocumentResponse classifyDocument(ClassifyDocumentRequest request) {
        one(request.text() != null, request.bytes() != null);
        if (!request.endpointArn().endsWith(PROMPT_SAFETY)) {
            return customClasses(request);
        }
        if (request.text() == null) {
            throw InvalidRequestException.builder()
                    .message("Prompt safety classification takes plain text: use Text.")
                    .build();
        }
        return ClassifyDocumentResponse.builder()
                .classes(analyses.promptSafety(Texts.atMost(Texts.LONG, request.text())))
                .build();
    }

    private static void one(boolean text, boolean bytes) {
        if (text == bytes) {
            throw InvalidRequestException.builder()
                    .message("Exactly one of Text and Bytes must be given.")
                    .build();
        }
    }

    private ClassifyDocumentResponse customClasses(ClassifyDocumentRequest request) {
        if (request.text() != null) {
            return endpoints.get().classify(request.endpointArn(), request.text());
        }
        ReadDocument read = read(request.bytes(), request.documentReaderConfig());
        ClassifyDocumentResponse found = read.isRead()
                ? endpoints.get().classify(request.endpointArn(), read.text())
                : ClassifyDocumentResponse.builder().build();
        ClassifyDocumentResponse.Builder response = found.toBuilder()
                .documentMetadata(read.metadata())
                .documentType(read.types())
                .errors(read.errors());
        if (found.hasClasses()) {
            response.classes(found.classes().stream()
                    .map(each -> each.toBuilder().page(1).build())
                    .toList());
        }
        if (found.hasLabels()) {
            response.labels(found.labels().stream()
                    .map(each -> each.toBuilder().page(1).build())
                    .toList());
        }
        return response.build();
    }

    /** The real service reads English and Spanish, and refuses others before it looks at the text. */
    private static String personalDataLanguage(String language) {
        if (!Texts.READ.contains(language)) {
            throw AwsError.validation("Value '" + language
                    + "' at 'languageCode'failed to satisfy constraint: Member must satisfy enum value set: [en, es]");
        }
        return language;
    }
}
