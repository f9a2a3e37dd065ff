package dev.outcrop.engines.guard.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataFinder.Span;
import dev.outcrop.engines.guard.PersonalDataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Precision and recall of found personal data on labelled sentences. A finding is right if it overlaps a labelled span of
 * its type by at least half of the shorter of the two. Places (countries, cities) are part of an address to some and not
 * to others: what is found there counts neither for nor against.
 */
public final class PersonalDataFigures {
    /** The types of the labels, presidio-research's names on the left. */
    private static final Map<String, PersonalDataType> TYPES = Map.ofEntries(
            Map.entry("PERSON", PersonalDataType.NAME),
            Map.entry("STREET_ADDRESS", PersonalDataType.ADDRESS),
            Map.entry("CREDIT_CARD", PersonalDataType.CREDIT_DEBIT_CARD_NUMBER),
            Map.entry("PHONE_NUMBER", PersonalDataType.PHONE),
            Map.entry("AGE", PersonalDataType.AGE),
            Map.entry("EMAIL_ADDRESS", PersonalDataType.EMAIL),
            Map.entry("DOMAIN_NAME", PersonalDataType.URL),
            Map.entry("IBAN_CODE", PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER),
            Map.entry("US_SSN", PersonalDataType.US_SOCIAL_SECURITY_NUMBER),
            Map.entry("IP_ADDRESS", PersonalDataType.IP_ADDRESS),
            Map.entry("US_DRIVER_LICENSE", PersonalDataType.DRIVER_ID));

    private static final Set<String> NEUTRAL = Set.of("GPE", "ZIP_CODE");

    private final Map<PersonalDataType, int[]> counts = new EnumMap<>(PersonalDataType.class);

    /** A labelled sentence. */
    public record Sentence(String text, List<Span> spans, List<Span> neutral) {}

    /** The types that the labels have. */
    public static Set<PersonalDataType> types() {
        return Set.copyOf(TYPES.values());
    }

    /** Reads sentences of JSON lines with {@code spans} in characters. */
    public static List<Sentence> read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Sentence> sentences = new ArrayList<>();
        for (String line : LabelledData.lines(file)) {
            JsonNode node = json.readTree(line);
            String text = node.path("text").asText();
            List<Span> spans = new ArrayList<>();
            List<Span> neutral = new ArrayList<>();
            for (JsonNode span : node.path("spans")) {
                String name = span.path("type").asText();
                int start = text.offsetByCodePoints(0, span.path("start").asInt());
                int end = text.offsetByCodePoints(0, span.path("end").asInt());
                Optional<PersonalDataType> type = Optional.ofNullable(TYPES.get(name));
                if (type.isPresent()) {
                    spans.add(new Span(start, end, type.get(), 1));
                } else if (NEUTRAL.contains(name)) {
                    neutral.add(new Span(start, end, PersonalDataType.ADDRESS, 1));
                }
            }
            sentences.add(new Sentence(text, spans, neutral));
        }
        return sentences;
    }

    /** Runs a finder over sentences. */
    public static PersonalDataFigures of(PersonalDataFinder finder, List<Sentence> sentences) {
        PersonalDataFigures figures = new PersonalDataFigures();
        for (Sentence sentence : sentences) {
            figures.add(sentence, finder.find(sentence.text(), types()));
        }
        return figures;
    }

    /** Counts what was found in a sentence. */
    public void add(Sentence sentence, List<Span> found) {
        List<Span> open = new ArrayList<>(sentence.spans());
        for (Span span : found) {
            Optional<Span> match =
                    open.stream().filter(wanted -> isSame(span, wanted)).findFirst();
            if (match.isPresent()) {
                open.remove(match.get());
                counts(span.type())[0]++;
            } else if (sentence.spans().stream().noneMatch(wanted -> isSame(span, wanted))
                    && sentence.neutral().stream().noneMatch(place -> isSame(span, place))) {
                counts(span.type())[1]++;
            }
        }
        // A span may be found in pieces, and one finding may cover several labelled spans.
        open.removeIf(wanted -> {
            boolean covered = found.stream().anyMatch(span -> isSame(span, wanted));
            if (covered) {
                counts(wanted.type())[0]++;
            }
            return covered;
        });
        open.forEach(missed -> counts(missed.type())[2]++);
    }

    private static boolean isSame(Span left, Span right) {
        int overlap = Math.min(left.end(), right.end()) - Math.max(left.start(), right.start());
        int shorter = Math.min(left.end() - left.start(), right.end() - right.start());
        return left.type() == right.type() && 2 * overlap >= shorter;
    }

    private int[] counts(PersonalDataType type) {
        return counts.computeIfAbsent(type, key -> new int[3]);
    }

    /** F1 of a type; 0 if there is none of it. */
    public double f1(PersonalDataType type) {
        return f1(counts(type));
    }

    /** F1 of all findings together. */
    public double f1() {
        int[] all = new int[3];
        counts.values().forEach(some -> {
            for (int i = 0; i < 3; i++) {
                all[i] += some[i];
            }
        });
        return f1(all);
    }

    private static double f1(int[] counts) {
        return 2.0 * counts[0] / Math.max(1, 2 * counts[0] + counts[1] + counts[2]);
    }

    /** The types counted: right, wrong, missed. */
    public Map<PersonalDataType, int[]> counts() {
        return Map.copyOf(counts);
    }
}
