package dev.outcrop.services.comprehend;

import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentItemResult;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentResponse;

/** The operations on batches: up to 25 documents of 5 KB, all in one language; what is wrong with one is no matter of the others. */
final class Batches {
    private final Analyses analyses;

    Batches(Analyses analyses) {
        this.analyses = analyses;
    }

    /** The languages of each document. */
    BatchDetectDominantLanguageResponse dominantLanguage(BatchDetectDominantLanguageRequest request) {
        Texts.Batch<BatchDetectDominantLanguageItemResult> batch = Texts.batch(
                request.textList(),
                item -> BatchDetectDominantLanguageItemResult.builder()
                        .index(item.index())
                        .languages(analyses.languages(item.text()))
                        .build());
        return BatchDetectDominantLanguageResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }

    /** The entities of each document. */
    BatchDetectEntitiesResponse entities(BatchDetectEntitiesRequest request) {
        String language = Texts.language(Texts.READ, request.languageCodeAsString());
        Texts.Batch<BatchDetectEntitiesItemResult> batch = Texts.batch(
                request.textList(),
                item -> BatchDetectEntitiesItemResult.builder()
                        .index(item.index())
                        .entities(analyses.entities(item.text(), language))
                        .build());
        return BatchDetectEntitiesResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }

    /** The noun phrases of each document. */
    BatchDetectKeyPhrasesResponse keyPhrases(BatchDetectKeyPhrasesRequest request) {
        String language = Texts.language(Texts.TAGGED, request.languageCodeAsString());
        Texts.Batch<BatchDetectKeyPhrasesItemResult> batch = Texts.batch(
                request.textList(),
                item -> BatchDetectKeyPhrasesItemResult.builder()
                        .index(item.index())
                        .keyPhrases(analyses.keyPhrases(item.text(), language))
                        .build());
        return BatchDetectKeyPhrasesResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }

    /** The sentiment of each document. */
    BatchDetectSentimentResponse sentiment(BatchDetectSentimentRequest request) {
        String language = Texts.language(Texts.READ, request.languageCodeAsString());
        Texts.Batch<BatchDetectSentimentItemResult> batch = Texts.batch(request.textList(), item -> {
            Analyses.Sentiment sentiment = analyses.sentiment(item.text(), language);
            return BatchDetectSentimentItemResult.builder()
                    .index(item.index())
                    .sentiment(sentiment.type())
                    .sentimentScore(sentiment.score())
                    .build();
        });
        return BatchDetectSentimentResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }

    /** The words of each document. */
    BatchDetectSyntaxResponse syntax(BatchDetectSyntaxRequest request) {
        String language = Texts.language(Texts.TAGGED, request.languageCodeAsString());
        Texts.Batch<BatchDetectSyntaxItemResult> batch = Texts.batch(
                request.textList(),
                item -> BatchDetectSyntaxItemResult.builder()
                        .index(item.index())
                        .syntaxTokens(analyses.syntax(item.text(), language))
                        .build());
        return BatchDetectSyntaxResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }

    /** What is felt about what, in each document. */
    BatchDetectTargetedSentimentResponse targetedSentiment(BatchDetectTargetedSentimentRequest request) {
        String language = Texts.language(Texts.ENGLISH, request.languageCodeAsString());
        Texts.Batch<BatchDetectTargetedSentimentItemResult> batch = Texts.batch(
                request.textList(),
                item -> BatchDetectTargetedSentimentItemResult.builder()
                        .index(item.index())
                        .entities(analyses.targetedSentiment(item.text(), language))
                        .build());
        return BatchDetectTargetedSentimentResponse.builder()
                .resultList(batch.results())
                .errorList(batch.errors())
                .build();
    }
}
