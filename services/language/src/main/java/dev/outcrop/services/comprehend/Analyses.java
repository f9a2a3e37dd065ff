package dev.outcrop.services.comprehend;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.kernel.AwsError;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.DominantLanguage;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.EntityLabel;
import software.amazon.awssdk.services.comprehend.model.KeyPhrase;
import software.amazon.awssdk.services.comprehend.model.PiiEntity;
import software.amazon.awssdk.services.comprehend.model.SentimentScore;
import software.amazon.awssdk.services.comprehend.model.SentimentType;
import software.amazon.awssdk.services.comprehend.model.SyntaxToken;
import software.amazon.awssdk.services.comprehend.model.TargetedSentimentEntity;
import software.amazon.awssdk.services.comprehend.model.ToxicLabels;

/**
 * What the engines say about a text, in Comprehend's shapes; offsets are code points. Knows no limits of requests: it is
 * asked by the operations on single documents, by those on batches, and by jobs. Safe for concurrent use; each engine is
 * opened when it is first asked.
 */
@SuppressWarnings("DoNotCallSuggester") // Engines that are still being made.
public final class Analyses {
    private final Supplier<EmbeddingModel> embeddings;

    /** The sentiment of a text. */
    public record Sentiment(SentimentType type, SentimentScore score) {}

    /**
     * Analyses over the engines; opens nothing.
     *
     * @param embeddings gives all-MiniLM-L6-v2, again and again, so it should remember
     */
    public Analyses(Supplier<EmbeddingModel> embeddings) {
        this.embeddings = embeddings;
    }

    /** The languages of a text, the likeliest first. */
    public List<DominantLanguage> languages(String text) {
        throw AwsError.notImplemented("Comprehend", "DetectDominantLanguage");
    }

    /** The entities of a text in {@code language}, in the order of their places. */
    public List<Entity> entities(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectEntities");
    }

    /** The noun phrases of a text in {@code language}, in the order of their places. */
    public List<KeyPhrase> keyPhrases(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectKeyPhrases");
    }

    /** The prevailing sentiment of a text in {@code language}. */
    public Sentiment sentiment(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectSentiment");
    }

    /** The entities of a text, each with its mentions and what is felt about them. */
    public List<TargetedSentimentEntity> targetedSentiment(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectTargetedSentiment");
    }

    /** The words of a text with their parts of speech. */
    public List<SyntaxToken> syntax(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectSyntax");
    }

    /** The personal data of a text, in the order of their places. */
    public List<PiiEntity> personalData(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectPiiEntities");
    }

    /** Which kinds of personal data a text has. */
    public List<EntityLabel> personalDataLabels(String text, String language) {
        throw AwsError.notImplemented("Comprehend", "ContainsPiiEntities");
    }

    /** How toxic a segment of a text is, label by label and altogether. */
    public ToxicLabels toxicity(String segment, String language) {
        throw AwsError.notImplemented("Comprehend", "DetectToxicContent");
    }

    EmbeddingModel embedding() {
        return embeddings.get();
    }
}
