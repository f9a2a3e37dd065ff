package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.ContentFilter;
import dev.outcrop.engines.guard.GroundingCheck;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PromptAttackFilter;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.TopicFilter;
import dev.outcrop.engines.text.TextModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Filters of which models do some, and {@code others} the rest. */
record ModelledFilters(Filters others, Optional<Supplier<TextModel>> safety, Optional<Supplier<TextModel>> topicModel)
        implements Filters {
    @Override
    public ContentFilter content() {
        return safety.<ContentFilter>map(model -> new SafetyModel(model, others.content()))
                .orElseGet(others::content);
    }

    @Override
    public PromptAttackFilter promptAttacks() {
        return others.promptAttacks();
    }

    @Override
    public TopicFilter topics(List<Topic> topics) {
        return topicModel
                .<TopicFilter>map(model -> new TopicModel(model, topics))
                .orElseGet(() -> others.topics(topics));
    }

    @Override
    public PersonalDataFinder personalData() {
        return others.personalData();
    }

    @Override
    public GroundingCheck grounding() {
        return others.grounding();
    }
}
