package dev.outcrop.services.guardrails;

import dev.outcrop.engines.guard.Confidence;
import dev.outcrop.engines.guard.CustomPatterns;
import dev.outcrop.engines.guard.CustomPatterns.NamedPattern;
import dev.outcrop.engines.guard.GroundingCheck;
import dev.outcrop.engines.guard.HarmCategory;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataType;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.TopicFilter;
import dev.outcrop.engines.guard.WordFilter;
import dev.outcrop.services.guardrails.Finding.ContentFound;
import dev.outcrop.services.guardrails.Finding.GroundingFound;
import dev.outcrop.services.guardrails.Finding.PatternFound;
import dev.outcrop.services.guardrails.Finding.PersonalAbsent;
import dev.outcrop.services.guardrails.Finding.PersonalFound;
import dev.outcrop.services.guardrails.Finding.TopicFound;
import dev.outcrop.services.guardrails.Finding.WordFound;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilter;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterType;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilter;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilterType;
import software.amazon.awssdk.services.bedrock.model.GuardrailFilterStrength;
import software.amazon.awssdk.services.bedrock.model.GuardrailManagedWords;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntity;
import software.amazon.awssdk.services.bedrock.model.GuardrailRegex;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopic;
import software.amazon.awssdk.services.bedrock.model.GuardrailWord;

/**
 * What one guardrail makes of texts that go one way, made ready once. Topics are embedded when a text is first judged.
 * Safe for concurrent use.
 */
final class GuardrailPolicies {
    private final Filters filters;
    private final Map<HarmCategory, Rule> content = new EnumMap<>(HarmCategory.class);
    private final Optional<Rule> promptAttacks;
    private final Map<String, Verdict> topics = new LinkedHashMap<>();
    private final List<Topic> definitions = new ArrayList<>();
    private volatile TopicFilter topicFilter;
    private final Map<String, Verdict> words = new HashMap<>();
    private final Optional<Verdict> profanity;
    private final Optional<WordFilter> wordFilter;
    private final Map<PersonalDataType, Verdict> personal = new EnumMap<>(PersonalDataType.class);
    private final Map<String, GuardrailRegex> expressions = new LinkedHashMap<>();
    private final Map<String, Verdict> patterns = new HashMap<>();
    private final Optional<CustomPatterns> patternFinder;
    private final List<GuardrailContextualGroundingFilter> grounding = new ArrayList<>();

    /** A filter of content: how sure is enough, and what is done then. */
    private record Rule(String strength, Confidence least, Verdict verdict) {}

    /** The policies of {@code guardrail} for texts that go {@code direction}. */
    GuardrailPolicies(GetGuardrailResponse guardrail, Direction direction, Filters filters) {
        this.filters = filters;
        boolean input = direction == Direction.INPUT;
        Optional<Rule> attacks = Optional.empty();
        if (guardrail.contentPolicy() != null) {
            for (GuardrailContentFilter filter : guardrail.contentPolicy().filters()) {
                Optional<Rule> rule = input
                        ? rule(filter.inputStrength(), filter.inputEnabled(), filter.inputActionAsString())
                        : rule(filter.outputStrength(), filter.outputEnabled(), filter.outputActionAsString());
                if (filter.type() == GuardrailContentFilterType.PROMPT_ATTACK) {
                    attacks = input ? rule : Optional.empty();
                } else {
                    rule.ifPresent(one -> content.put(HarmCategory.valueOf(filter.typeAsString()), one));
                }
            }
        }
        this.promptAttacks = attacks;
        if (guardrail.topicPolicy() != null) {
            for (GuardrailTopic topic : guardrail.topicPolicy().topics()) {
                if (enabled(input ? topic.inputEnabled() : topic.outputEnabled())) {
                    topics.put(
                            topic.name(), verdict(input ? topic.inputActionAsString() : topic.outputActionAsString()));
                    definitions.add(new Topic(topic.name(), topic.definition(), topic.examples()));
                }
            }
        }
        Optional<Verdict> managed = Optional.empty();
        if (guardrail.wordPolicy() != null) {
            for (GuardrailWord word : guardrail.wordPolicy().words()) {
                if (enabled(input ? word.inputEnabled() : word.outputEnabled())) {
                    words.put(word.text(), verdict(input ? word.inputActionAsString() : word.outputActionAsString()));
                }
            }
            for (GuardrailManagedWords list : guardrail.wordPolicy().managedWordLists()) {
                if (enabled(input ? list.inputEnabled() : list.outputEnabled())) {
                    managed = Optional.of(verdict(input ? list.inputActionAsString() : list.outputActionAsString()));
                }
            }
        }
        this.profanity = managed;
        this.wordFilter = words.isEmpty() && managed.isEmpty()
                ? Optional.empty()
                : Optional.of(new WordFilter(List.copyOf(words.keySet()), managed.isPresent()));
        if (guardrail.sensitiveInformationPolicy() != null) {
            for (GuardrailPiiEntity entity :
                    guardrail.sensitiveInformationPolicy().piiEntities()) {
                if (enabled(input ? entity.inputEnabled() : entity.outputEnabled())) {
                    personal.put(
                            PersonalDataType.valueOf(entity.typeAsString()),
                            verdict(Optional.ofNullable(
                                            input ? entity.inputActionAsString() : entity.outputActionAsString())
                                    .orElse(entity.actionAsString())));
                }
            }
            for (GuardrailRegex regex : guardrail.sensitiveInformationPolicy().regexes()) {
                if (enabled(input ? regex.inputEnabled() : regex.outputEnabled())) {
                    expressions.put(regex.name(), regex);
                    patterns.put(
                            regex.name(),
                            verdict(Optional.ofNullable(
                                            input ? regex.inputActionAsString() : regex.outputActionAsString())
                                    .orElse(regex.actionAsString())));
                }
            }
        }
        this.patternFinder = expressions.isEmpty()
                ? Optional.empty()
                : Optional.of(new CustomPatterns(expressions.values().stream()
                        .map(regex -> new NamedPattern(regex.name(), regex.pattern()))
                        .toList()));
        if (!input && guardrail.contextualGroundingPolicy() != null) {
            guardrail.contextualGroundingPolicy().filters().stream()
                    .filter(filter -> enabled(filter.enabled()))
                    .forEach(grounding::add);
        }
    }

    private static boolean enabled(Boolean asked) {
        return !Boolean.FALSE.equals(asked);
    }

    private static Optional<Rule> rule(GuardrailFilterStrength strength, Boolean enabled, String action) {
        if (!enabled(enabled)) {
            return Optional.empty();
        }
        return switch (strength) {
            case NONE, UNKNOWN_TO_SDK_VERSION -> Optional.empty();
            case LOW -> Optional.of(new Rule("LOW", Confidence.HIGH, verdict(action)));
            case MEDIUM -> Optional.of(new Rule("MEDIUM", Confidence.MEDIUM, verdict(action)));
            case HIGH -> Optional.of(new Rule("HIGH", Confidence.LOW, verdict(action)));
        };
    }

    /** What an action means; where none is named, the text is stopped. */
    private static Verdict verdict(String action) {
        return switch (action) {
            case null -> Verdict.BLOCKED;
            case "NONE" -> Verdict.NONE;
            case "ANONYMIZE" -> Verdict.ANONYMIZED;
            default -> Verdict.BLOCKED;
        };
    }

    /** Whether answers are checked against sources and questions. */
    boolean checksGrounding() {
        return !grounding.isEmpty();
    }

    /** The policies that look at texts. */
    List<Policy> policies() {
        List<Policy> policies = new ArrayList<>();
        if (!topics.isEmpty()) {
            policies.add(Policy.TOPIC);
        }
        if (!content.isEmpty() || promptAttacks.isPresent()) {
            policies.add(Policy.CONTENT);
        }
        if (wordFilter.isPresent()) {
            policies.add(Policy.WORD);
        }
        if (!personal.isEmpty()) {
            policies.add(Policy.SENSITIVE);
        }
        if (patternFinder.isPresent()) {
            policies.add(Policy.SENSITIVE_FREE);
        }
        return policies;
    }

    /**
     * What is found in {@code text}, and what is not.
     *
     * @param suspect what of it may be an attack on the model: what users wrote, and nobody else
     */
    List<Finding> judge(String text, String suspect) {
        VisibleText visible = VisibleText.of(text);
        List<Finding> findings = new ArrayList<>();
        if (visible.text().isBlank()) {
            return findings;
        }
        judgeTopics(visible.text(), findings);
        judgeContent(visible.text(), suspect, findings);
        findings.addAll(places(visible));
        for (PersonalDataType type : personal.keySet()) {
            if (findings.stream()
                    .noneMatch(found -> found instanceof PersonalFound(int _, int _, String _, String label, Verdict _)
                            && label.equals(type.name()))) {
                findings.add(new PersonalAbsent(type.name()));
            }
        }
        return findings;
    }

    private void judgeTopics(String text, List<Finding> findings) {
        if (topics.isEmpty()) {
            return;
        }
        TopicFilter filter = topicFilter;
        if (filter == null) {
            filter = filters.topics(definitions);
            topicFilter = filter;
        }
        List<String> found = filter.find(text).stream().map(Topic::name).toList();
        topics.forEach((name, verdict) -> findings.add(
                new TopicFound(name, found.contains(name), found.contains(name) ? verdict : Verdict.NONE)));
    }

    private void judgeContent(String text, String suspect, List<Finding> findings) {
        if (!content.isEmpty()) {
            Map<HarmCategory, Confidence> assessed = filters.content().assess(text);
            content.forEach((category, rule) ->
                    findings.add(found(category.name(), rule, assessed.getOrDefault(category, Confidence.NONE))));
        }
        if (promptAttacks.isPresent() && !suspect.isBlank()) {
            findings.add(found(
                    "PROMPT_ATTACK",
                    promptAttacks.get(),
                    filters.promptAttacks().assess(VisibleText.of(suspect).text())));
        }
    }

    private static ContentFound found(String type, Rule rule, Confidence confidence) {
        boolean detected = confidence.isAtLeast(rule.least());
        return new ContentFound(type, confidence, rule.strength(), detected, detected ? rule.verdict() : Verdict.NONE);
    }

    /** Words, personal data and matches of expressions, with their places in the original of {@code text}. */
    List<Finding.Placed> places(VisibleText text) {
        List<Finding.Placed> found = new ArrayList<>();
        if (wordFilter.isPresent()) {
            for (WordFilter.Match match : wordFilter.get().find(text.text())) {
                boolean custom = match.origin() == WordFilter.Origin.CUSTOM;
                found.add(new WordFound(
                        text.start(match.start()),
                        text.end(match.end()),
                        text.original(match.start(), match.end()),
                        custom ? "" : "PROFANITY",
                        custom ? words.get(match.word()) : profanity.orElse(Verdict.NONE)));
            }
        }
        if (!personal.isEmpty()) {
            for (PersonalDataFinder.Span span : filters.personalData().find(text.text(), personal.keySet())) {
                found.add(new PersonalFound(
                        text.start(span.start()),
                        text.end(span.end()),
                        text.original(span.start(), span.end()),
                        span.type().name(),
                        personal.get(span.type())));
            }
        }
        if (patternFinder.isPresent()) {
            for (CustomPatterns.Match match : patternFinder.get().find(text.text())) {
                found.add(new PatternFound(
                        text.start(match.start()),
                        text.end(match.end()),
                        text.original(match.start(), match.end()),
                        match.name(),
                        expressions.get(match.name()).pattern(),
                        patterns.get(match.name())));
            }
        }
        return found;
    }

    /** How far {@code answer} rests on {@code source} and answers {@code query}. */
    List<Finding> judgeGrounding(String source, String query, String answer) {
        GroundingCheck.Scores scores = filters.grounding().scores(source, query, answer);
        List<Finding> findings = new ArrayList<>();
        for (GuardrailContextualGroundingFilter filter : grounding) {
            double score = filter.type() == GuardrailContextualGroundingFilterType.GROUNDING
                    ? scores.grounding()
                    : scores.relevance();
            boolean detected = score < filter.threshold();
            findings.add(new GroundingFound(
                    filter.typeAsString(),
                    filter.threshold(),
                    score,
                    detected,
                    detected ? verdict(filter.actionAsString()) : Verdict.NONE));
        }
        return findings;
    }
}
