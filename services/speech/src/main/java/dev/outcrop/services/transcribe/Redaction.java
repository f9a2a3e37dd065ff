package dev.outcrop.services.transcribe;

import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Finds personal data in items, and puts a tag in its place. What is found in the text of a passage is said of the items
 * that it lies in; neighbours that belong to one finding become one item.
 *
 * <p>Source: "Redacting PII in your batch job" of the Amazon Transcribe developer guide.
 */
public final class Redaction {
    private static final String TAG = "[PII]";

    private final PersonalDataFinder finder;
    private final Set<PersonalDataType> types;

    /** A redaction of {@code types}, by AWS's names; none, or {@code ALL}, means all. */
    public Redaction(PersonalDataFinder finder, Collection<String> types) {
        this.finder = finder;
        this.types = EnumSet.noneOf(PersonalDataType.class);
        for (String type : types.isEmpty() ? List.of("ALL") : types) {
            this.types.addAll(of(type));
        }
    }

    private static Set<PersonalDataType> of(String type) {
        return switch (type) {
            case "ADDRESS" -> Set.of(PersonalDataType.ADDRESS);
            case "BANK_ACCOUNT_NUMBER" ->
                Set.of(PersonalDataType.US_BANK_ACCOUNT_NUMBER, PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER);
            case "BANK_ROUTING" -> Set.of(PersonalDataType.US_BANK_ROUTING_NUMBER);
            case "CREDIT_DEBIT_NUMBER" -> Set.of(PersonalDataType.CREDIT_DEBIT_CARD_NUMBER);
            case "CREDIT_DEBIT_CVV" -> Set.of(PersonalDataType.CREDIT_DEBIT_CARD_CVV);
            case "CREDIT_DEBIT_EXPIRY" -> Set.of(PersonalDataType.CREDIT_DEBIT_CARD_EXPIRY);
            case "EMAIL" -> Set.of(PersonalDataType.EMAIL);
            case "NAME" -> Set.of(PersonalDataType.NAME);
            case "PHONE" -> Set.of(PersonalDataType.PHONE);
            case "PIN" -> Set.of(PersonalDataType.PIN);
            case "SSN" -> Set.of(PersonalDataType.US_SOCIAL_SECURITY_NUMBER);
            case "ALL" -> {
                Set<PersonalDataType> all = EnumSet.noneOf(PersonalDataType.class);
                for (String each : List.of(
                        "ADDRESS",
                        "BANK_ACCOUNT_NUMBER",
                        "BANK_ROUTING",
                        "CREDIT_DEBIT_NUMBER",
                        "CREDIT_DEBIT_CVV",
                        "CREDIT_DEBIT_EXPIRY",
                        "EMAIL",
                        "NAME",
                        "PHONE",
                        "PIN",
                        "SSN")) {
                    all.addAll(of(each));
                }
                yield all;
            }
            default -> throw new IllegalArgumentException(type + " is no kind of personal data");
        };
    }

    /** AWS's name of a kind. */
    private static String name(PersonalDataType type) {
        return switch (type) {
            case US_BANK_ACCOUNT_NUMBER, INTERNATIONAL_BANK_ACCOUNT_NUMBER -> "BANK_ACCOUNT_NUMBER";
            case US_BANK_ROUTING_NUMBER -> "BANK_ROUTING";
            case CREDIT_DEBIT_CARD_NUMBER -> "CREDIT_DEBIT_NUMBER";
            case CREDIT_DEBIT_CARD_CVV -> "CREDIT_DEBIT_CVV";
            case CREDIT_DEBIT_CARD_EXPIRY -> "CREDIT_DEBIT_EXPIRY";
            case US_SOCIAL_SECURITY_NUMBER -> "SSN";
            default -> type.name();
        };
    }

    /**
     * Personal data among items.
     *
     * @param from first item
     * @param to   behind the last item
     * @param type AWS's name of its kind
     */
    public record Finding(int from, int to, String type, String content, double score) {}

    /** What of it is among {@code items}. */
    public List<Finding> find(List<Item> items) {
        String text = Item.text(items);
        List<Finding> findings = new ArrayList<>();
        int end = 0;
        for (PersonalDataFinder.Span span : finder.find(text, types)) {
            int at = 0;
            int from = -1;
            int to = -1;
            for (int i = 0; i < items.size(); i++) {
                Item item = items.get(i);
                at += item.spaced() && !item.punctuation() && at > 0 ? 1 : 0;
                int after = at + item.content().length();
                if (!item.punctuation() && at < span.end() && after > span.start() && i >= end) {
                    from = from < 0 ? i : from;
                    to = i + 1;
                }
                at = after;
            }
            if (from >= 0) {
                findings.add(new Finding(
                        from,
                        to,
                        name(span.type()),
                        Item.text(items.subList(from, to)).strip(),
                        span.score()));
                end = to;
            }
        }
        return findings;
    }

    /** The items with tags in the place of personal data. */
    public List<Item> applied(List<Item> items) {
        List<Item> redacted = new ArrayList<>();
        int at = 0;
        for (Finding finding : find(items)) {
            redacted.addAll(items.subList(at, finding.from()));
            Item first = items.get(finding.from());
            Item last = items.get(finding.to() - 1);
            redacted.add(new Item(false, TAG, first.spaced(), first.start(), last.end(), 0, false, finding.score()));
            at = finding.to();
        }
        redacted.addAll(items.subList(at, items.size()));
        return redacted;
    }
}
