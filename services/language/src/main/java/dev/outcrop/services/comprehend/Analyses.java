package dev.outcrop.services.comprehend;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.ToxicityClassifier;
import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.KeyPhraseFinder;
import dev.outcrop.engines.language.LanguageDetector;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.SentimentClassifier;
import dev.outcrop.engines.language.SentimentScores;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.TargetedSentiment;
import dev.outcrop.engines.language.european.EuropeanEntityFinder;
import dev.outcrop.engines.language.european.EuropeanPhrases;
import dev.outcrop.engines.language.european.EuropeanSentiment;
import dev.outcrop.engines.language.european.EuropeanTagger;
import dev.outcrop.engines.language.european.Language;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.DocumentClass;
import software.amazon.awssdk.services.comprehend.model.DominantLanguage;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.EntityLabel;
import software.amazon.awssdk.services.comprehend.model.KeyPhrase;
import software.amazon.awssdk.services.comprehend.model.MentionSentiment;
import software.amazon.awssdk.services.comprehend.model.PartOfSpeechTagType;
import software.amazon.awssdk.services.comprehend.model.PiiEntity;
import software.amazon.awssdk.services.comprehend.model.PiiEntityType;
import software.amazon.awssdk.services.comprehend.model.SentimentScore;
import software.amazon.awssdk.services.comprehend.model.SentimentType;
import software.amazon.awssdk.services.comprehend.model.SyntaxToken;
import software.amazon.awssdk.services.comprehend.model.TargetedSentimentEntity;
import software.amazon.awssdk.services.comprehend.model.TargetedSentimentMention;
import software.amazon.awssdk.services.comprehend.model.ToxicContent;
import software.amazon.awssdk.services.comprehend.model.ToxicLabels;

/**
 * What the engines say about a text, in Comprehend's shapes; offsets are code points. Knows no limits of requests: it is
 * asked by the operations on single documents, by those on batches, and by jobs. Safe for concurrent use; each engine is
 * opened when it is first asked.
 */
public final class Analyses {
    private final LanguageDetector languages = new LanguageDetector();
    private final EntityFinder entities = new EntityFinder();
    private final SentimentClassifier sentiments;
    private final TargetedSentiment targeted;
    private final Guard guard;
    private final PersonalData personalData;

    /** The sentiment of a text. */
    public record Sentiment(SentimentType type, SentimentScore score) {}

    /**
     * Analyses over the engines; opens nothing.
     *
     * @param embeddings gives all-MiniLM-L6-v2, again and again, so it should remember
     */
    public Analyses(Supplier<EmbeddingModel> embeddings) {
        sentiments = new SentimentClassifier(embeddings);
        targeted = new TargetedSentiment(entities, sentiments);
        guard = new Guard(embeddings);
        personalData = new PersonalData(guard, entities);
    }

    /** The languages of a text, the likeliest first. */
    public List<DominantLanguage> languages(String text) {
        return languages.detect(text).stream()
                .map(language -> DominantLanguage.builder()
                        .languageCode(language.code())
                        .score((float) language.score())
                        .build())
                .toList();
    }

    /**
     * The entities of a text, in the order of their places.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what is read nowhere here
     */
    public List<Entity> entities(String text, String language) {
        Texts.language(Texts.READ, language);
        CodePoints points = new CodePoints(text);
        return Language.of(language)
                .map(other -> new EuropeanEntityFinder(other).find(text))
                .orElseGet(() -> entities.find(text))
                .stream()
                .map(entity -> Entity.builder()
                        .type(entity.type().name())
                        .score((float) entity.score())
                        .text(text.substring(entity.start(), entity.end()))
                        .beginOffset(points.before(entity.start()))
                        .endOffset(points.before(entity.end()))
                        .build())
                .toList();
    }

    /**
     * The noun phrases of a text, in the order of their places.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what there is no tagger for
     */
    public List<KeyPhrase> keyPhrases(String text, String language) {
        Texts.language(Texts.TAGGED, language);
        CodePoints points = new CodePoints(text);
        return Language.of(language)
                .map(other -> new EuropeanPhrases(other).find(text))
                .orElseGet(() -> new KeyPhraseFinder(SyntaxTagger.shipped()).find(text))
                .stream()
                .map(phrase -> KeyPhrase.builder()
                        .score((float) phrase.score())
                        .text(text.substring(phrase.start(), phrase.end()))
                        .beginOffset(points.before(phrase.start()))
                        .endOffset(points.before(phrase.end()))
                        .build())
                .toList();
    }

    /**
     * The prevailing sentiment of a text.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what is read nowhere here
     */
    public Sentiment sentiment(String text, String language) {
        Texts.language(Texts.READ, language);
        return sentiment(Language.of(language)
                .map(other -> EuropeanSentiment.of(other).classify(text))
                .orElseGet(() -> sentiments.classify(text)));
    }

    private static Sentiment sentiment(SentimentScores scores) {
        Map<SentimentType, Double> types = new EnumMap<>(SentimentType.class);
        types.put(SentimentType.POSITIVE, scores.positive());
        types.put(SentimentType.NEGATIVE, scores.negative());
        types.put(SentimentType.NEUTRAL, scores.neutral());
        types.put(SentimentType.MIXED, scores.mixed());
        SentimentType likeliest = types.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return new Sentiment(
                likeliest,
                SentimentScore.builder()
                        .positive((float) scores.positive())
                        .negative((float) scores.negative())
                        .neutral((float) scores.neutral())
                        .mixed((float) scores.mixed())
                        .build());
    }

    /**
     * The entities of a text, each with its mentions and what is felt about them.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what is not English
     */
    public List<TargetedSentimentEntity> targetedSentiment(String text, String language) {
        Texts.language(Texts.ENGLISH, language);
        CodePoints points = new CodePoints(text);
        return targeted.find(text).stream()
                .map(entity -> TargetedSentimentEntity.builder()
                        .descriptiveMentionIndex(entity.descriptive())
                        .mentions(entity.mentions().stream()
                                .map(mention -> mention(text, points, mention))
                                .toList())
                        .build())
                .toList();
    }

    private static TargetedSentimentMention mention(String text, CodePoints points, TargetedSentiment.Mention mention) {
        Sentiment sentiment = sentiment(mention.sentiment());
        return TargetedSentimentMention.builder()
                .type(mention.type().name())
                .score((float) mention.score())
                .groupScore((float) mention.groupScore())
                .text(text.substring(mention.start(), mention.end()))
                .beginOffset(points.before(mention.start()))
                .endOffset(points.before(mention.end()))
                .mentionSentiment(MentionSentiment.builder()
                        .sentiment(sentiment.type())
                        .sentimentScore(sentiment.score())
                        .build())
                .build();
    }

    /**
     * The words of a text with their parts of speech.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what there is no tagger for
     */
    public List<SyntaxToken> syntax(String text, String language) {
        Texts.language(Texts.TAGGED, language);
        CodePoints points = new CodePoints(text);
        List<SyntaxToken> tokens = new ArrayList<>();
        List<SyntaxTagger.Tagged> words = Language.of(language)
                .map(other -> EuropeanTagger.of(other).tag(text))
                .orElseGet(() -> SyntaxTagger.shipped().tag(text));
        for (SyntaxTagger.Tagged word : words) {
            tokens.add(SyntaxToken.builder()
                    .tokenId(tokens.size() + 1)
                    .text(text.substring(word.start(), word.end()))
                    .beginOffset(points.before(word.start()))
                    .endOffset(points.before(word.end()))
                    .partOfSpeech(tag -> tag.tag(tag(word.tag())).score((float) word.score()))
                    .build());
        }
        return tokens;
    }

    private static PartOfSpeechTagType tag(PartOfSpeech part) {
        return part == PartOfSpeech.X ? PartOfSpeechTagType.O : PartOfSpeechTagType.fromValue(part.name());
    }

    /**
     * The personal data of a text, in the order of their places.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what is read nowhere here
     */
    public List<PiiEntity> personalData(String text, String language) {
        Texts.language(Texts.READ, language);
        CodePoints points = new CodePoints(text);
        return personalData.find(text, Language.of(language)).stream()
                .map(span -> PiiEntity.builder()
                        .type(span.type())
                        .score((float) span.score())
                        .beginOffset(points.before(span.start()))
                        .endOffset(points.before(span.end()))
                        .build())
                .toList();
    }

    /** Which kinds of personal data a text has, and how sure the surest of each is. */
    public List<EntityLabel> personalDataLabels(String text, String language) {
        Texts.language(Texts.READ, language);
        Map<PiiEntityType, Double> labels = new TreeMap<>();
        personalData
                .find(text, Language.of(language))
                .forEach(span -> labels.merge(span.type(), span.score(), Math::max));
        return labels.entrySet().stream()
                .map(label -> EntityLabel.builder()
                        .name(label.getKey())
                        .score(label.getValue().floatValue())
                        .build())
                .toList();
    }

    /**
     * How toxic a segment of a text is, label by label and altogether.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException for what is not English
     */
    public ToxicLabels toxicity(String segment, String language) {
        Texts.language(Texts.ENGLISH, language);
        Map<ToxicityClassifier.Kind, Double> kinds = guard.toxicity().classify(segment);
        return ToxicLabels.builder()
                .labels(kinds.entrySet().stream()
                        .map(kind -> ToxicContent.builder()
                                .name(kind.getKey().name())
                                .score(kind.getValue().floatValue())
                                .build())
                        .toList())
                .toxicity((float) kinds.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(0))
                .build();
    }

    /** Whether a prompt is safe to give to a model: it asks for nothing harmful, and does not attack the model. */
    public List<DocumentClass> promptSafety(String prompt) {
        double harm = guard.content().probabilities(prompt).values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        float unsafe = (float) Math.max(harm, guard.promptAttacks().probability(prompt));
        DocumentClass safe =
                DocumentClass.builder().name("SAFE_PROMPT").score(1 - unsafe).build();
        DocumentClass dangerous =
                DocumentClass.builder().name("UNSAFE_PROMPT").score(unsafe).build();
        return unsafe > 0.5 ? List.of(dangerous, safe) : List.of(safe, dangerous);
    }
}
