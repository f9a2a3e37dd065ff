package dev.outcrop.engines.guard;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.language.european.Language;
import java.util.List;
import java.util.function.Supplier;

/**
 * All filters over one embedding model, each read when it is first asked for, so that a guard costs nothing until it is
 * used. Safe for concurrent use.
 */
public final class Guard {
    private final EmbeddedTexts embeddings;
    private final PersonalDataFinder personalData = RuledPersonalDataFinder.english();

    /**
     * A guard; does no work.
     *
     * @param embeddings gives the model that compares meanings, all-MiniLM-L6-v2 (384 values); asked when a filter needs
     *                   it, again and again, so it should remember; the guard does not close it
     */
    public Guard(Supplier<EmbeddingModel> embeddings) {
        this.embeddings = new EmbeddedTexts(embeddings);
    }

    private Judge judge() {
        return new Judge(TextClassifier.shipped(), embeddings);
    }

    /** Tells harmful content. */
    public ContentFilter content() {
        return new TrainedContentFilter(judge());
    }

    /** Tells jailbreaks and prompt injections. */
    public PromptAttackFilter promptAttacks() {
        return new TrainedPromptAttackFilter(judge());
    }

    /** Tells topics; embeds their definitions and examples, so keep it for as long as the topics stay what they are. */
    public TopicFilter topics(List<Topic> topics) {
        return new EmbeddedTopicFilter(topics, embeddings);
    }

    /** Tells what is toxic in a text, kind by kind. */
    public ToxicityClassifier toxicity() {
        return new ToxicityClassifier(content());
    }

    /** Finds personal data. */
    public PersonalDataFinder personalData() {
        return personalData;
    }

    /** Finds personal data in another language than English: what has a form, and names. */
    public PersonalDataFinder personalData(Language language) {
        return RuledPersonalDataFinder.of(language);
    }

    /** Checks answers against sources and questions. */
    public GroundingCheck grounding() {
        return new EmbeddedGroundingCheck(embeddings);
    }
}
