package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.EntityType;
import dev.outcrop.engines.language.entities.EntityKind;
import dev.outcrop.engines.language.entities.EntityTagger;
import dev.outcrop.engines.language.european.EuropeanEntityFinder;
import dev.outcrop.engines.language.european.Language;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Finds what has a form by {@link PersonalDataRules}, with checksums and words nearby, and names and addresses by {@link
 * EntityTagger}, in other languages than English names by {@link EuropeanEntityFinder}. Where findings overlap the surer one stays.
 */
final class RuledPersonalDataFinder implements PersonalDataFinder {
    /** Words this near before a finding, or half as near after it, are near. In UTF-16 units. */
    private static final int NEAR = 60;

    /** Names this unsure are none. */
    private static final double SURE_NAME = 0.56;

    private final Names names;

    /** Finds names, and addresses within running text. */
    @FunctionalInterface
    private interface Names {
        void find(String text, List<Span> found);
    }

    private RuledPersonalDataFinder(Names names) {
        this.names = names;
    }

    /** Finds names and addresses as English has them. */
    static RuledPersonalDataFinder english() {
        return new RuledPersonalDataFinder(RuledPersonalDataFinder::tagged);
    }

    /** Finds names as another language has them. */
    static RuledPersonalDataFinder of(Language language) {
        EuropeanEntityFinder finder = new EuropeanEntityFinder(language);
        return new RuledPersonalDataFinder((text, found) -> {
            for (EntityFinder.Entity entity : finder.find(text)) {
                if (entity.type() == EntityType.PERSON) {
                    found.add(new Span(entity.start(), entity.end(), PersonalDataType.NAME, 0.8 * entity.score()));
                }
            }
        });
    }

    private static void tagged(String text, List<Span> found) {
        for (EntityTagger.Entity entity : EntityTagger.shipped().find(text)) {
            if (entity.kind() == EntityKind.PERSON
                    && entity.score() >= SURE_NAME
                    && text.substring(entity.start(), entity.end()).chars().anyMatch(Character::isLetter)) {
                found.add(new Span(entity.start(), entity.end(), PersonalDataType.NAME, 0.8 * entity.score()));
            } else if (entity.kind() == EntityKind.ADDRESS) {
                address(text, entity, found);
            }
        }
    }

    @Override
    public List<Span> find(String text, Set<PersonalDataType> types) {
        String lowered = lowered(text);
        boolean digits = text.chars().anyMatch(Character::isDigit);
        List<Span> found = new ArrayList<>();
        for (PersonalDataRule rule : PersonalDataRules.ALL) {
            if ((digits || needsNoDigits(rule.type()))
                    && lowered.contains(sign(rule.type()))
                    && mentioned(rule, lowered)) {
                find(rule, text, lowered, found);
            }
        }
        if (types.contains(PersonalDataType.NAME) || types.contains(PersonalDataType.ADDRESS)) {
            names.find(text, found);
        }
        return apart(found).stream().filter(span -> types.contains(span.type())).toList();
    }

    /** An address has a number; one that is a number only may as well be something else. */
    private static void address(String text, EntityTagger.Entity entity, List<Span> found) {
        String address = ended(text.substring(entity.start(), entity.end()));
        boolean letters = address.chars().anyMatch(Character::isLetter);
        if (address.chars().anyMatch(Character::isDigit)) {
            found.add(new Span(
                    entity.start(), entity.start() + address.length(), PersonalDataType.ADDRESS, letters ? 0.92 : 0.8));
        }
    }

    /** An address written with capitals ends with such a word or a number; small words and signs after that are not its own. */
    private static String ended(String address) {
        if (address.chars().noneMatch(Character::isUpperCase)) {
            return address;
        }
        int end = address.length();
        int start = end;
        while (end > 0 && start == end) {
            while (end > 0 && !Character.isLetterOrDigit(address.charAt(end - 1))) {
                end--;
            }
            start = end;
            while (start > 0 && Character.isLetterOrDigit(address.charAt(start - 1))) {
                start--;
            }
            boolean own = address.substring(start, end)
                    .chars()
                    .anyMatch(character -> Character.isUpperCase(character) || Character.isDigit(character));
            if (!own) {
                end = start;
            }
        }
        return address.substring(0, end);
    }

    /** Lowered, every character as long as before, so that places stay the same. */
    private static String lowered(String text) {
        String lowered = text.toLowerCase(Locale.ROOT);
        if (lowered.length() == text.length()) {
            return lowered;
        }
        StringBuilder same = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            same.append(Character.toLowerCase(text.charAt(i)));
        }
        return same.toString();
    }

    /** What such data cannot be without. */
    private static String sign(PersonalDataType type) {
        return switch (type) {
            case EMAIL -> "@";
            case URL -> ".";
            default -> "";
        };
    }

    private static boolean needsNoDigits(PersonalDataType type) {
        return switch (type) {
            case EMAIL, URL, PASSWORD, USERNAME, SWIFT_CODE, AWS_ACCESS_KEY, IP_ADDRESS, MAC_ADDRESS -> true;
            default -> false;
        };
    }

    private static boolean mentioned(PersonalDataRule rule, String lowered) {
        return rule.context().isEmpty() || rule.context().stream().anyMatch(lowered::contains);
    }

    private static void find(PersonalDataRule rule, String text, String lowered, List<Span> found) {
        Matcher matcher = rule.pattern().matcher(text);
        while (matcher.find()) {
            boolean part = matcher.groupCount() > 0 && matcher.group(1) != null;
            int start = matcher.start(part ? 1 : 0);
            int end = matcher.end(part ? 1 : 0);
            if (rule.type() == PersonalDataType.URL || rule.type() == PersonalDataType.PASSWORD) {
                while (end > start + 1 && ".,;:!?)]}".indexOf(text.charAt(end - 1)) >= 0) {
                    end--;
                }
            }
            if (rule.type() == PersonalDataType.ADDRESS) {
                end = start + ended(text.substring(start, end)).length();
            }
            if (rule.valid().test(text.substring(start, end)) && near(rule, lowered, start, end)) {
                found.add(new Span(start, end, rule.type(), rule.score()));
            }
        }
    }

    private static boolean near(PersonalDataRule rule, String lowered, int start, int end) {
        if (rule.context().isEmpty()) {
            return true;
        }
        String before = lowered.substring(Math.max(0, start - NEAR), start);
        String after = lowered.substring(end, Math.min(lowered.length(), end + NEAR / 2));
        return rule.context().stream().anyMatch(word -> holds(before, word) || holds(after, word));
    }

    /** Whether a text holds a word at the word's beginning: {@code sin} is not in {@code using}. */
    private static boolean holds(String text, String word) {
        int at = text.indexOf(word);
        while (at >= 0) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            boolean ends = word.length() > 4
                    || at + word.length() >= text.length()
                    || !Character.isLetterOrDigit(text.charAt(at + word.length()));
            if (begins && ends) {
                return true;
            }
            at = text.indexOf(word, at + 1);
        }
        return false;
    }

    /** Of overlapping spans the surest, of equally sure ones the longest. */
    private static List<Span> apart(List<Span> found) {
        List<Span> ranked = new ArrayList<>(found);
        ranked.sort(Comparator.comparingDouble((Span span) -> -span.score())
                .thenComparingInt(span -> span.start() - span.end()));
        java.util.TreeMap<Integer, Span> kept = new java.util.TreeMap<>();
        for (Span span : ranked) {
            java.util.Map.Entry<Integer, Span> before = kept.lowerEntry(span.end());
            if (before == null || before.getValue().end() <= span.start()) {
                kept.put(span.start(), span);
            }
        }
        return List.copyOf(kept.values());
    }
}
