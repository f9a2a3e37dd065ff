package dev.outcrop.engines.language;

import dev.outcrop.engines.language.entities.EntityKind;
import dev.outcrop.engines.language.entities.EntityTagger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the entities of English texts. Names of persons, places, organizations and others are found by {@link
 * EntityTagger}; dates and amounts by their form; events, works and products by lists and by what stands around them, so
 * that of those kinds only what is well known or clearly marked is found. Where findings overlap works, events and products
 * stay, and else the surer one. Safe for concurrent use.
 */
public final class EntityFinder {
    /** Which part of what each rule finds is right on the marked sentences, as {@code LanguageFigures} measures it. */
    static final Map<EntityType, Double> PRECISIONS = Map.of(
            EntityType.DATE, 0.93,
            EntityType.QUANTITY, 0.92,
            EntityType.COMMERCIAL_ITEM, 0.75,
            EntityType.EVENT, 0.80,
            EntityType.TITLE, 0.75);

    /** Works, events and products are so clearly marked that they are no other names. */
    private static final Set<EntityType> MARKED =
            Set.of(EntityType.TITLE, EntityType.EVENT, EntityType.COMMERCIAL_ITEM);

    /** Names this unsure are none. */
    private static final double SURE_NAME = 0.5;

    /** Nor are names without capitals that are less sure: half of them are common nouns. */
    private static final double SURE_SMALL_NAME = 0.9;

    /**
     * An entity.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how sure it is, 0 to 1
     */
    public record Entity(int start, int end, EntityType type, double score) {}

    /** The entities of a text, in the order of their places; they do not overlap. */
    public List<Entity> find(String text) {
        List<Entity> found = new ArrayList<>();
        match(Patterns.DATE, 0, text, EntityType.DATE, found);
        match(Patterns.QUANTITY, 0, text, EntityType.QUANTITY, found);
        counted(text, found);
        match(Patterns.PRODUCT, 0, text, EntityType.COMMERCIAL_ITEM, found);
        match(Patterns.EVENT, 0, text, EntityType.EVENT, found);
        match(Patterns.TITLE, 1, text, EntityType.TITLE, found);
        for (EntityTagger.Entity entity : EntityTagger.shipped().find(text)) {
            String name = text.substring(entity.start(), entity.end());
            boolean letters = name.chars().anyMatch(Character::isLetter);
            boolean capitals = name.chars().anyMatch(Character::isUpperCase);
            boolean sure = entity.score() >= (capitals ? SURE_NAME : SURE_SMALL_NAME);
            if (letters && sure && entity.kind() != EntityKind.ADDRESS) {
                found.add(new Entity(entity.start(), entity.end(), type(entity.kind()), entity.score()));
            }
        }
        return apart(found);
    }

    /** Numbers with the things that they count: a bare number is none, since it may as well name a room or a version. */
    private static void counted(String text, List<Entity> found) {
        Matcher matcher = Patterns.COUNTED.matcher(text);
        List<SyntaxTagger.Tagged> words = List.of();
        int at = 0;
        while (matcher.find()) {
            if (words.isEmpty()) {
                words = SyntaxTagger.shipped().tag(text);
            }
            while (at < words.size() && words.get(at).start() < matcher.end()) {
                at++;
            }
            int end = behindNouns(words, at);
            if (end > matcher.end()) {
                found.add(new Entity(matcher.start(), end, EntityType.QUANTITY, PRECISIONS.get(EntityType.QUANTITY)));
            }
        }
    }

    /** The end of the nouns, which adjectives may precede, that begin with a word; 0 if there are none. */
    private static int behindNouns(List<SyntaxTagger.Tagged> words, int first) {
        int at = first;
        while (at < words.size() && words.get(at).tag() == PartOfSpeech.ADJ) {
            at++;
        }
        int end = 0;
        while (at < words.size() && words.get(at).tag() == PartOfSpeech.NOUN) {
            end = words.get(at).end();
            at++;
        }
        return end;
    }

    private static EntityType type(EntityKind kind) {
        return switch (kind) {
            case PERSON -> EntityType.PERSON;
            case LOCATION, ADDRESS -> EntityType.LOCATION;
            case ORGANIZATION -> EntityType.ORGANIZATION;
            case OTHER -> EntityType.OTHER;
        };
    }

    private static void match(Pattern pattern, int group, String text, EntityType type, List<Entity> found) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            int start = matcher.start(group);
            int end = matcher.end(group);
            if (type == EntityType.DATE) {
                start = afterPreposition(text, start, end);
            } else if (type == EntityType.EVENT) {
                start = atCapital(text, start, end);
            }
            if (end > start) {
                found.add(new Entity(start, end, type, PRECISIONS.get(type)));
            }
        }
    }

    /** What had to stand before a year or a month for it to be one is not part of it. */
    private static int afterPreposition(String text, int start, int end) {
        for (String word : List.of("in", "since", "by", "until", "during", "of", "from", "through")) {
            if (text.startsWith(word + " ", start) && start + word.length() + 1 < end) {
                return start + word.length() + 1;
            }
        }
        return start;
    }

    /** Articles and prepositions before a name are not part of it. */
    private static int atCapital(String text, int start, int end) {
        int at = text.startsWith("The ", start) ? start + 4 : start;
        while (at < end && !Character.isUpperCase(text.charAt(at)) && !Character.isDigit(text.charAt(at))) {
            at++;
        }
        return at < end ? at : start;
    }

    /** Of overlapping entities the surest, of equally sure ones the longest; what has no kind of its own comes last. */
    private static List<Entity> apart(List<Entity> found) {
        return apart(
                found,
                Comparator.comparing((Entity entity) -> entity.type() == EntityType.OTHER)
                        .thenComparing(entity -> !MARKED.contains(entity.type()))
                        .thenComparingDouble(entity -> -entity.score()));
    }

    /**
     * The entities of which none overlaps another, in the order of the text.
     *
     * @param rank which of overlapping ones stays, the first one; of equals the longest
     */
    public static List<Entity> apart(List<Entity> found, Comparator<Entity> rank) {
        List<Entity> ranked = new ArrayList<>(found);
        ranked.sort(rank.thenComparingInt(entity -> entity.start() - entity.end()));
        TreeMap<Integer, Entity> kept = new TreeMap<>();
        for (Entity entity : ranked) {
            Map.Entry<Integer, Entity> before = kept.lowerEntry(entity.end());
            if (before == null || before.getValue().end() <= entity.start()) {
                kept.put(entity.start(), entity);
            }
        }
        return List.copyOf(kept.values());
    }
}
