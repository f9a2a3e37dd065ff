package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.ContentFilter;
import dev.outcrop.engines.guard.GroundingCheck;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PromptAttackFilter;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.TopicFilter;
import dev.outcrop.engines.text.TextModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What judges texts; each is asked for when a text is to be judged by it, again and again. */
public interface Filters {
    /** Tells harmful content. */
    ContentFilter content();

    /** Tells attacks on a model. */
    PromptAttackFilter promptAttacks();

    /** Tells topics. */
    TopicFilter topics(List<Topic> topics);

    /** Finds personal data. */
    PersonalDataFinder personalData();

    /** Checks answers against sources and questions. */
    GroundingCheck grounding();

    /**
     * These filters with models in the place of some.
     *
     * @param safety tells harmful content, where there is one; of Llama Guard's kind
     * @param topics tells topics, where there is one; any that follows instructions
     */
    default Filters with(Optional<Supplier<TextModel>> safety, Optional<Supplier<TextModel>> topics) {
        return new ModelledFilters(this, safety, topics);
    }

    /** The filters of {@code guard}. */
    static Filters of(Guard guard) {
        return new Filters() {
            @Override
            public ContentFilter content() {
                return guard.content();
            }

            @Override
            public PromptAttackFilter promptAttacks() {
                return guard.promptAttacks();
            }

            @Override
            public TopicFilter topics(List<Topic> topics) {
                return guard.topics(topics);
            }

            @Override
            public PersonalDataFinder personalData() {
                return guard.personalData();
            }

            @Override
            public GroundingCheck grounding() {
                return guard.grounding();
            }
        };
    }
}
