package dev.outcrop.engines.language;

import dev.outcrop.engines.language.EntityFinder.Entity;
import dev.outcrop.engines.language.sentiment.SentimentModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells what is felt about each of the things that an English text speaks of. Mentions are entities, pronouns for persons
 * and things, and the common nouns that opinions are about, such as <i>the battery</i>; what is felt about a mention is
 * what its clause feels, or, where nothing is felt there, nothing. Mentions are one thing if they are the same words, if
 * one ends the other (<i>Miller</i> after <i>Sarah Miller</i>), or if a pronoun follows the last name that it can stand
 * for; this is no full resolution of references. Safe for concurrent use.
 */
public final class TargetedSentiment {
    private static final Set<String> MALE = Set.of("he", "him", "his", "himself");
    private static final Set<String> FEMALE = Set.of("she", "her", "hers", "herself");
    private static final Set<String> SPEAKER = Set.of("i", "me", "my", "mine", "myself", "we", "us", "our");
    private static final Set<String> THING = Set.of("it", "its", "itself");

    /** Which part of the nouns that are taken for things are, of the pronouns that are given to things, of the names that are
     * given to longer ones: as {@code LanguageFigures} measures it on marked texts. */
    static final double ATTRIBUTE = 0.79;

    static final double PRONOUN = 0.82;
    static final double PART_OF_NAME = 0.86;

    private final EntityFinder entities;
    private final SentimentClassifier sentiments;

    /** What kinds of things are spoken of. */
    public enum Type {
        PERSON,
        LOCATION,
        ORGANIZATION,
        COMMERCIAL_ITEM,
        EVENT,
        DATE,
        QUANTITY,
        /** A part or property of something, or a thing without a name. */
        ATTRIBUTE,
        OTHER
    }

    /**
     * A mention.
     *
     * @param start      where it begins, in UTF-16 units
     * @param end        where it ends, exclusive
     * @param score      how sure it is that it is one, of its type
     * @param groupScore how sure it is that it belongs to its entity
     */
    public record Mention(int start, int end, Type type, double score, double groupScore, SentimentScores sentiment) {}

    /**
     * Something that is spoken of.
     *
     * @param descriptive which of its mentions name it best
     */
    public record Target(List<Mention> mentions, List<Integer> descriptive) {}

    private record Candidate(int start, int end, Type type, double score, String key, boolean pronoun) {}

    /** A finder over others. */
    public TargetedSentiment(EntityFinder entities, SentimentClassifier sentiments) {
        this.entities = entities;
        this.sentiments = sentiments;
    }

    /** The things that a text speaks of, in the order of their first mention. */
    public List<Target> find(String text) {
        List<Candidate> candidates = candidates(text);
        Map<String, SentimentScores> felt = felt(text, candidates);
        Map<String, List<Candidate>> groups = new LinkedHashMap<>();
        candidates.forEach(candidate -> groups.computeIfAbsent(group(groups, candidate), key -> new ArrayList<>())
                .add(candidate));
        List<Target> targets = new ArrayList<>();
        for (List<Candidate> group : groups.values()) {
            List<Mention> mentions = new ArrayList<>();
            int longest = 0;
            for (int i = 0; i < group.size(); i++) {
                Candidate candidate = group.get(i);
                boolean first =
                        i == 0 || candidate.key().equals(group.getFirst().key());
                mentions.add(new Mention(
                        candidate.start(),
                        candidate.end(),
                        candidate.pronoun() ? group.getFirst().type() : candidate.type(),
                        candidate.score(),
                        first ? 1 : candidate.pronoun() ? PRONOUN : PART_OF_NAME,
                        felt.get(clause(text, candidate))));
                if (!candidate.pronoun() && length(candidate) > length(group.get(longest))) {
                    longest = i;
                }
            }
            targets.add(new Target(List.copyOf(mentions), List.of(longest)));
        }
        return List.copyOf(targets);
    }

    private static int length(Candidate candidate) {
        return candidate.pronoun() ? 0 : candidate.end() - candidate.start();
    }

    private List<Candidate> candidates(String text) {
        List<Candidate> candidates = new ArrayList<>();
        List<Entity> named = entities.find(text);
        for (Entity entity : named) {
            candidates.add(new Candidate(
                    entity.start(),
                    entity.end(),
                    type(entity.type()),
                    entity.score(),
                    text.substring(entity.start(), entity.end()).toLowerCase(Locale.ROOT),
                    false));
        }
        Set<String> surnames = named.stream()
                .filter(entity -> entity.type() == EntityType.PERSON)
                .map(entity -> text.substring(entity.start(), entity.end()))
                .filter(name -> name.indexOf(' ') > 0)
                .map(name -> name.substring(name.lastIndexOf(' ') + 1))
                .collect(Collectors.toSet());
        for (SyntaxTagger.Tagged word : SyntaxTagger.shipped().tag(text)) {
            boolean taken =
                    named.stream().anyMatch(entity -> entity.start() < word.end() && word.start() < entity.end());
            String written = text.substring(word.start(), word.end()).toLowerCase(Locale.ROOT);
            if (!taken && surnames.contains(text.substring(word.start(), word.end()))) {
                candidates.add(new Candidate(word.start(), word.end(), Type.PERSON, PART_OF_NAME, written, false));
            } else if (!taken && isPronoun(written)) {
                Type type = THING.contains(written) ? Type.OTHER : Type.PERSON;
                candidates.add(new Candidate(word.start(), word.end(), type, word.score(), written, true));
            } else if (!taken && word.tag() == PartOfSpeech.NOUN && written.length() > 2) {
                candidates.add(new Candidate(
                        word.start(), word.end(), Type.ATTRIBUTE, ATTRIBUTE * word.score(), singular(written), false));
            }
        }
        candidates.sort(Comparator.comparingInt(Candidate::start));
        return candidates;
    }

    /** Whether a word, in any case, is a pronoun that may stand for a person or thing. */
    public static boolean isPronoun(String written) {
        String word = written.toLowerCase(Locale.ROOT);
        return MALE.contains(word) || FEMALE.contains(word) || SPEAKER.contains(word) || THING.contains(word);
    }

    private static String singular(String word) {
        return word.endsWith("s") && !word.endsWith("ss") ? word.substring(0, word.length() - 1) : word;
    }

    private static Type type(EntityType type) {
        return switch (type) {
            case PERSON -> Type.PERSON;
            case LOCATION -> Type.LOCATION;
            case ORGANIZATION -> Type.ORGANIZATION;
            case COMMERCIAL_ITEM -> Type.COMMERCIAL_ITEM;
            case EVENT -> Type.EVENT;
            case DATE -> Type.DATE;
            case QUANTITY -> Type.QUANTITY;
            case TITLE, OTHER -> Type.OTHER;
        };
    }

    /** The key of the group that a candidate belongs to, which may be a new one. */
    private static String group(Map<String, List<Candidate>> groups, Candidate candidate) {
        if (candidate.pronoun()) {
            if (SPEAKER.contains(candidate.key())) {
                return "i";
            }
            boolean thing = THING.contains(candidate.key());
            Optional<Map.Entry<String, List<Candidate>>> last = groups.entrySet().stream()
                    .filter(group -> !group.getKey().equals("i"))
                    .filter(group -> thing == (group.getValue().getFirst().type() != Type.PERSON))
                    .filter(group -> !Set.of(Type.DATE, Type.QUANTITY)
                            .contains(group.getValue().getFirst().type()))
                    .max(Comparator.comparingInt(
                            group -> group.getValue().getLast().end()));
            return last.map(Map.Entry::getKey).orElse(candidate.key());
        }
        for (Map.Entry<String, List<Candidate>> group : groups.entrySet()) {
            Candidate first = group.getValue().getFirst();
            boolean same = first.type() == candidate.type()
                    && (first.key().equals(candidate.key())
                            || (candidate.type() != Type.ATTRIBUTE
                                    && (first.key().endsWith(" " + candidate.key())
                                            || first.key().startsWith(candidate.key() + " ")
                                            || candidate.key().endsWith(" " + first.key()))));
            if (same) {
                return group.getKey();
            }
        }
        return candidate.type() + " " + candidate.key();
    }

    /** What each clause feels that a candidate stands in. */
    private Map<String, SentimentScores> felt(String text, List<Candidate> candidates) {
        List<String> clauses = candidates.stream()
                .map(candidate -> clause(text, candidate))
                .distinct()
                .toList();
        Map<String, SentimentScores> felt = new HashMap<>();
        if (!clauses.isEmpty()) {
            List<double[]> probabilities = sentiments.probabilities(clauses);
            for (int i = 0; i < clauses.size(); i++) {
                double[] one = probabilities.get(i);
                felt.put(
                        clauses.get(i),
                        new SentimentScores(
                                one[SentimentModel.POSITIVE],
                                one[SentimentModel.NEGATIVE],
                                one[SentimentModel.NEUTRAL],
                                0));
            }
        }
        return felt;
    }

    private static String clause(String text, Candidate candidate) {
        for (Sentences.Sentence sentence : Sentences.of(text)) {
            if (sentence.start() <= candidate.start() && candidate.start() < sentence.end()) {
                List<String> halves = SentimentClassifier.halves(sentence.text());
                if (halves.isEmpty()) {
                    return sentence.text();
                }
                int turn = sentence.text().indexOf(halves.getFirst())
                        + halves.getFirst().length();
                return candidate.start() - sentence.start() < turn ? halves.getFirst() : halves.getLast();
            }
        }
        return text;
    }
}
