package dev.outcrop.services.comprehend;

import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataType;
import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.EntityType;
import dev.outcrop.engines.language.european.EuropeanEntityFinder;
import dev.outcrop.engines.language.european.Language;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.comprehend.model.PiiEntityType;

/**
 * Personal data by Comprehend's types: what the guard's finder finds, dates and times, and India's numbers, which count
 * where a word nearby says what they are. Where findings overlap the surer one stays.
 */
final class PersonalData {
    private static final int NEAR = 60;

    private final Guard guard;
    private final EntityFinder entities;

    /** A finding, in UTF-16 units. */
    record Span(int start, int end, PiiEntityType type, double score) {}

    /** What has a form: the words of which one must stand near, none for any; and whether the digits are as they should be. */
    private record Rule(PiiEntityType type, Pattern pattern, List<String> words, double score) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    PiiEntityType.IN_PERMANENT_ACCOUNT_NUMBER,
                    Pattern.compile("(?<!\\w)[A-Z]{3}[ABCFGHLJPTK][A-Z]\\d{4}[A-Z](?!\\w)"),
                    List.of(),
                    0.9),
            new Rule(
                    PiiEntityType.IN_AADHAAR,
                    Pattern.compile("(?<![\\d-])[2-9]\\d{3}[ -]?\\d{4}[ -]?\\d{4}(?![\\d-])"),
                    List.of("aadhaar", "aadhar", "uidai"),
                    0.97),
            new Rule(
                    PiiEntityType.IN_VOTER_NUMBER,
                    Pattern.compile("(?<!\\w)[A-Z]{3}\\d{7}(?!\\w)"),
                    List.of("voter", "epic", "election"),
                    0.95),
            new Rule(
                    PiiEntityType.IN_NREGA,
                    Pattern.compile("(?<!\\w)[A-Z]{2}-\\d{2}-\\d{3}-\\d{3}-\\d{3}/\\d{1,6}(?!\\w)"),
                    List.of(),
                    0.95));

    PersonalData(Guard guard, EntityFinder entities) {
        this.guard = guard;
        this.entities = entities;
    }

    /**
     * The personal data of a text, in the order of their places; they do not overlap.
     *
     * @param language of the text, none for English
     */
    List<Span> find(String text, Optional<Language> language) {
        List<Span> found = new ArrayList<>();
        PersonalDataFinder finder = language.map(guard::personalData).orElseGet(guard::personalData);
        for (PersonalDataFinder.Span span : finder.find(text, EnumSet.allOf(PersonalDataType.class))) {
            found.add(new Span(span.start(), span.end(), type(span.type()), span.score()));
        }
        String lowered = text.toLowerCase(Locale.ROOT);
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(text);
            while (matcher.find()) {
                String near = lowered.substring(
                        Math.min(lowered.length(), Math.max(0, matcher.start() - NEAR)),
                        Math.min(lowered.length(), matcher.end() + NEAR / 2));
                if (rule.words().isEmpty() || rule.words().stream().anyMatch(near::contains)) {
                    found.add(new Span(matcher.start(), matcher.end(), rule.type(), rule.score()));
                }
            }
        }
        List<EntityFinder.Entity> dated = language.map(other -> new EuropeanEntityFinder(other).find(text))
                .orElseGet(() -> entities.find(text));
        for (EntityFinder.Entity entity : dated) {
            if (entity.type() == EntityType.DATE) {
                // Less than what else a number may be.
                found.add(new Span(entity.start(), entity.end(), PiiEntityType.DATE_TIME, 0.75));
            }
        }
        return apart(found);
    }

    private static List<Span> apart(List<Span> found) {
        List<Span> ranked = new ArrayList<>(found);
        ranked.sort(Comparator.comparingDouble((Span span) -> -span.score())
                .thenComparingInt(span -> span.start() - span.end()));
        TreeMap<Integer, Span> kept = new TreeMap<>();
        for (Span span : ranked) {
            Map.Entry<Integer, Span> before = kept.lowerEntry(span.end());
            if (before == null || before.getValue().end() <= span.start()) {
                kept.put(span.start(), span);
            }
        }
        return List.copyOf(kept.values());
    }

    private static PiiEntityType type(PersonalDataType type) {
        return switch (type) {
            case ADDRESS -> PiiEntityType.ADDRESS;
            case AGE -> PiiEntityType.AGE;
            case AWS_ACCESS_KEY -> PiiEntityType.AWS_ACCESS_KEY;
            case AWS_SECRET_KEY -> PiiEntityType.AWS_SECRET_KEY;
            case CA_HEALTH_NUMBER -> PiiEntityType.CA_HEALTH_NUMBER;
            case CA_SOCIAL_INSURANCE_NUMBER -> PiiEntityType.CA_SOCIAL_INSURANCE_NUMBER;
            case CREDIT_DEBIT_CARD_CVV -> PiiEntityType.CREDIT_DEBIT_CVV;
            case CREDIT_DEBIT_CARD_EXPIRY -> PiiEntityType.CREDIT_DEBIT_EXPIRY;
            case CREDIT_DEBIT_CARD_NUMBER -> PiiEntityType.CREDIT_DEBIT_NUMBER;
            case DRIVER_ID -> PiiEntityType.DRIVER_ID;
            case EMAIL -> PiiEntityType.EMAIL;
            case INTERNATIONAL_BANK_ACCOUNT_NUMBER -> PiiEntityType.INTERNATIONAL_BANK_ACCOUNT_NUMBER;
            case IP_ADDRESS -> PiiEntityType.IP_ADDRESS;
            case LICENSE_PLATE -> PiiEntityType.LICENSE_PLATE;
            case MAC_ADDRESS -> PiiEntityType.MAC_ADDRESS;
            case NAME -> PiiEntityType.NAME;
            case PASSWORD -> PiiEntityType.PASSWORD;
            case PHONE -> PiiEntityType.PHONE;
            case PIN -> PiiEntityType.PIN;
            case SWIFT_CODE -> PiiEntityType.SWIFT_CODE;
            case UK_NATIONAL_HEALTH_SERVICE_NUMBER -> PiiEntityType.UK_NATIONAL_HEALTH_SERVICE_NUMBER;
            case UK_NATIONAL_INSURANCE_NUMBER -> PiiEntityType.UK_NATIONAL_INSURANCE_NUMBER;
            case UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER -> PiiEntityType.UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER;
            case URL -> PiiEntityType.URL;
            case USERNAME -> PiiEntityType.USERNAME;
            case US_BANK_ACCOUNT_NUMBER -> PiiEntityType.BANK_ACCOUNT_NUMBER;
            case US_BANK_ROUTING_NUMBER -> PiiEntityType.BANK_ROUTING;
            case US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER -> PiiEntityType.US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER;
            case US_PASSPORT_NUMBER -> PiiEntityType.PASSPORT_NUMBER;
            case US_SOCIAL_SECURITY_NUMBER -> PiiEntityType.SSN;
            case VEHICLE_IDENTIFICATION_NUMBER -> PiiEntityType.VEHICLE_IDENTIFICATION_NUMBER;
        };
    }
}
