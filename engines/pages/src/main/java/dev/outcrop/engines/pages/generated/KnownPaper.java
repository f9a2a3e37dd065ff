package dev.outcrop.engines.pages.generated;

import dev.outcrop.engines.pages.Answer;
import dev.outcrop.engines.pages.Box;
import dev.outcrop.engines.pages.Expense;
import dev.outcrop.engines.pages.ExpenseField;
import dev.outcrop.engines.pages.IdentityField;
import dev.outcrop.engines.pages.LayoutElement;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.PlacedLine;
import dev.outcrop.engines.pages.Questions;
import dev.outcrop.engines.pages.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A paper of which everything is known.
 *
 * @param kind       what kind of paper it is
 * @param facts      what it says, each as {@code type=value}
 * @param questions  what may be asked, and the answers
 * @param signatures where somebody has signed, in points
 */
public record KnownPaper(
        Kind kind, byte[] pdf, List<String> facts, Map<String, String> questions, List<Box> signatures) {
    /** Kinds of papers, by what is asked of them. */
    public enum Kind {
        EXPENSE,
        IDENTITY,
        AGREEMENT
    }

    /** What is told of every paper, or of none: parts of an address and rows as a whole. */
    private static final Set<String> UNCOUNTED =
            Set.of("OTHER", "EXPENSE_ROW", "STATE_NAME", "MRZ_CODE", "VENDOR_ADDRESS", "RECEIVER_ADDRESS");

    public KnownPaper {
        facts = List.copyOf(facts);
        questions = Map.copyOf(questions);
        signatures = List.copyOf(signatures);
    }

    /** Some of the facts. */
    public List<String> facts(Predicate<String> which) {
        return facts.stream().filter(which).toList();
    }

    private static String fact(String type, String value) {
        return type + "=" + value.replaceAll("\\s+", " ").strip();
    }

    /** The summary of an invoice or a receipt, as {@link #facts()} has it. */
    public static List<String> summary(Expense expense) {
        return counted(expense.summary());
    }

    /** What an invoice or a receipt says was bought, as {@link #facts()} has it. */
    public static List<String> items(Expense expense) {
        return expense.lineItems().stream()
                .flatMap(List::stream)
                .flatMap(row -> counted(row).stream())
                .map(fact -> "LINE_" + fact)
                .toList();
    }

    private static List<String> counted(List<ExpenseField> fields) {
        return fields.stream()
                .filter(field -> !UNCOUNTED.contains(field.type()))
                .map(field -> fact(field.type(), field.lines()))
                .toList();
    }

    /** What an identity paper says, as {@link #facts()} has it; dates as ISO 8601 writes them. */
    public static List<String> identity(List<IdentityField> fields) {
        return fields.stream()
                .filter(field -> !field.text().isEmpty() && !UNCOUNTED.contains(field.type()))
                .map(field ->
                        fact(field.type(), field.date().map(Object::toString).orElse(field.text())))
                .toList();
    }

    /** The parts of a page in the order of reading, each with its first line, as {@link #facts()} has them. */
    public static List<String> layout(PageStructure page) {
        List<String> parts = new ArrayList<>();
        for (LayoutElement part : page.layout()) {
            String first =
                    part.lines().stream().map(PlacedLine::text).findFirst().orElse("");
            // What asks for a signature is text to some and a form to others.
            if (!first.toLowerCase(Locale.ROOT).contains("signature")) {
                parts.add(fact(part.kind().name(), first));
            }
        }
        return parts;
    }

    /** How many questions are answered rightly. */
    public int answered(List<PageStructure> pages) {
        Questions asked = new Questions(pages);
        int right = 0;
        for (Map.Entry<String, String> question : questions.entrySet()) {
            String answer = asked.answer(question.getKey()).map(Answer::text).orElse("");
            right += answer.replaceAll("\\s+", " ").strip().equalsIgnoreCase(question.getValue()) ? 1 : 0;
        }
        return right;
    }

    /** Counts the signatures of a page: one is right that has its middle where somebody has signed. */
    public void score(PageStructure page, Scores scores) {
        List<String> found = new ArrayList<>();
        for (Signature signature : page.signatures()) {
            Box box = signature.box();
            double scale = Canvas.WIDTH / page.sheet().width();
            String place = "nowhere";
            for (int i = 0; i < signatures.size(); i++) {
                if (signatures.get(i).contains(box.middleX() * scale, box.middleY() * scale)) {
                    place = "signature " + i;
                }
            }
            found.add(place);
        }
        List<String> there = new ArrayList<>();
        for (int i = 0; i < signatures.size(); i++) {
            there.add("signature " + i);
        }
        scores.add(found, there);
    }
}
