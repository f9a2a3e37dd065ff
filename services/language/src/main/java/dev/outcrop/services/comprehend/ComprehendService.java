package dev.outcrop.services.comprehend;

import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentResponse;
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

/** Amazon Comprehend: what texts say, and what is felt in them. */
public final class ComprehendService implements ComprehendClient {
    private final RealTime realTime;
    private final Batches batches;

    /**
     * The service. Nothing is opened before it is asked for.
     *
     * @param analyses says what is in texts
     */
    public ComprehendService(Analyses analyses) {
        realTime = new RealTime(analyses);
        batches = new Batches(analyses);
    }

    @Override
    public BatchDetectDominantLanguageResponse batchDetectDominantLanguage(BatchDetectDominantLanguageRequest request) {
        return batches.dominantLanguage(request);
    }

    @Override
    public BatchDetectEntitiesResponse batchDetectEntities(BatchDetectEntitiesRequest request) {
        return batches.entities(request);
    }

    @Override
    public BatchDetectKeyPhrasesResponse batchDetectKeyPhrases(BatchDetectKeyPhrasesRequest request) {
        return batches.keyPhrases(request);
    }

    @Override
    public BatchDetectSentimentResponse batchDetectSentiment(BatchDetectSentimentRequest request) {
        return batches.sentiment(request);
    }

    @Override
    public BatchDetectSyntaxResponse batchDetectSyntax(BatchDetectSyntaxRequest request) {
        return batches.syntax(request);
    }

    @Override
    public BatchDetectTargetedSentimentResponse batchDetectTargetedSentiment(
            BatchDetectTargetedSentimentRequest request) {
        return batches.targetedSentiment(request);
    }

    @Override
    public ClassifyDocumentResponse classifyDocument(ClassifyDocumentRequest request) {
        return realTime.classifyDocument(request);
    }

    @Override
    public ContainsPiiEntitiesResponse containsPiiEntities(ContainsPiiEntitiesRequest request) {
        return realTime.containsPiiEntities(request);
    }

    @Override
    public DetectDominantLanguageResponse detectDominantLanguage(DetectDominantLanguageRequest request) {
        return realTime.detectDominantLanguage(request);
    }

    @Override
    public DetectEntitiesResponse detectEntities(DetectEntitiesRequest request) {
        return realTime.detectEntities(request);
    }

    @Override
    public DetectKeyPhrasesResponse detectKeyPhrases(DetectKeyPhrasesRequest request) {
        return realTime.detectKeyPhrases(request);
    }

    @Override
    public DetectPiiEntitiesResponse detectPiiEntities(DetectPiiEntitiesRequest request) {
        return realTime.detectPiiEntities(request);
    }

    @Override
    public DetectSentimentResponse detectSentiment(DetectSentimentRequest request) {
        return realTime.detectSentiment(request);
    }

    @Override
    public DetectSyntaxResponse detectSyntax(DetectSyntaxRequest request) {
        return realTime.detectSyntax(request);
    }

    @Override
    public DetectTargetedSentimentResponse detectTargetedSentiment(DetectTargetedSentimentRequest request) {
        return realTime.detectTargetedSentiment(request);
    }

    @Override
    public DetectToxicContentResponse detectToxicContent(DetectToxicContentRequest request) {
        return realTime.detectToxicContent(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
