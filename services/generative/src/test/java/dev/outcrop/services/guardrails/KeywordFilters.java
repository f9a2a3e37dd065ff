package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.Confidence;
import dev.outcrop.engines.guard.ContentFilter;
import dev.outcrop.engines.guard.GroundingCheck;
import dev.outcrop.engines.guard.HarmCategory;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataFinder.Span;
import dev.outcrop.engines.guard.PersonalDataType;
import dev.outcrop.engines.guard.PromptAttackFilter;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.TopicFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Filters by keywords, for tests of what stands around them: "massacre" is VIOLENCE for sure, "brawl" probably, "shove"
 * perhaps; "ignore all previous" is an attack; a topic is spoken of where its name is; e-mail addresses, card numbers and
 * phone numbers have their plainest forms; an answer is as good as the share of its words that the source, or the query,
 * has.
 */
public final class KeywordFilters implements Filters {
    private static final Map<PersonalDataType, Pattern> PERSONAL = new EnumMap<>(Map.of(
            PersonalDataType.EMAIL, Pattern.compile("[\\w.]+@[\\w.]+\\.\\w+"),
            PersonalDataType.CREDIT_DEBIT_CARD_NUMBER, Pattern.compile("\\b\\d{4}([ -]?\\d{4}){3}\\b"),
            PersonalDataType.PHONE, Pattern.compile("\\+\\d{2,3} \\d{3} \\d{4}\\b")));

    private final AtomicInteger topicsMade = new AtomicInteger();

    /** How often filters of topics were made. */
    int topicsMade() {
        return topicsMade.get();
    }

    @Override
    public ContentFilter content() {
        return new ContentFilter() {
            @Override
            public Map<HarmCategory, Confidence> assess(String text) {
                String lower = text.toLowerCase(Locale.ROOT);
                Map<HarmCategory, Confidence> found = new EnumMap<>(HarmCategory.class);
                for (HarmCategory category : HarmCategory.values()) {
                    found.put(category, Confidence.NONE);
                }
                if (lower.contains("massacre")) {
                    found.put(HarmCategory.VIOLENCE, Confidence.HIGH);
                } else if (lower.contains("brawl")) {
                    found.put(HarmCategory.VIOLENCE, Confidence.MEDIUM);
                } else if (lower.contains("shove")) {
                    found.put(HarmCategory.VIOLENCE, Confidence.LOW);
                }
                return found;
            }

            @Override
            public Map<HarmCategory, Double> probabilities(String text) {
                throw new UnsupportedOperationException("guardrails ask for confidences alone");
            }
        };
    }

    @Override
    public PromptAttackFilter promptAttacks() {
        return new PromptAttackFilter() {
            @Override
            public Confidence assess(String text) {
                return text.toLowerCase(Locale.ROOT).contains("ignore all previous")
                        ? Confidence.HIGH
                        : Confidence.NONE;
            }

            @Override
            public double probability(String text) {
                throw new UnsupportedOperationException("guardrails ask for confidences alone");
            }
        };
    }

    @Override
    public TopicFilter topics(List<Topic> topics) {
        topicsMade.incrementAndGet();
        return text -> topics.stream()
                .filter(topic ->
                        text.toLowerCase(Locale.ROOT).contains(topic.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    @Override
    public PersonalDataFinder personalData() {
        return (text, types) -> {
            List<Span> spans = new ArrayList<>();
            PERSONAL.forEach((type, pattern) -> {
                Matcher matcher = pattern.matcher(text);
                while (types.contains(type) && matcher.find()) {
                    spans.add(new Span(matcher.start(), matcher.end(), type, 1));
                }
            });
            spans.sort(Comparator.comparingInt(Span::start));
            return spans;
        };
    }

    @Override
    public GroundingCheck grounding() {
        return (source, query, answer) ->
                new GroundingCheck.Scores(share(answer, words(source)), share(query, words(answer)));
    }

    private static double share(String text, Set<String> known) {
        Set<String> words = words(text);
        return words.isEmpty()
                ? 0
                : (double) words.stream().filter(known::contains).count() / words.size();
    }

    private static Set<String> words(String text) {
        return Set.copyOf(List.of(text.toLowerCase(Locale.ROOT).split("\\W+")).stream()
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList());
    }
}
