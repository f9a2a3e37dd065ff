package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers questions with words of a document: by the labels and values of forms, by the rows and columns of tables, by what an
 * invoice or a receipt is known to say, and by the line that has most of the question's words and something of the kind that is asked for (a date, an amount, a name). Words
 * that few lines have count more, and usual abbreviations are the words they stand for. Nothing is understood beyond that: a
 * question in other words than the document's finds nothing.
 */
public final class Questions {
    private static final double LEAST = 0.5;
    private static final Set<String> STOP = Set.of(
            "what",
            "is",
            "the",
            "of",
            "a",
            "an",
            "are",
            "was",
            "were",
            "for",
            "to",
            "in",
            "on",
            "who",
            "when",
            "where",
            "which",
            "how",
            "much",
            "many",
            "does",
            "do",
            "did",
            "please",
            "this",
            "that",
            "it",
            "its",
            "s",
            "by",
            "at",
            "and",
            "there",
            "has",
            "have",
            "be",
            "will",
            "person",
            "listed",
            "document",
            "form",
            "page",
            "value",
            "tell",
            "me",
            "give",
            "find",
            "show",
            "their",
            "his",
            "her",
            "with",
            "from");
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("dob", "birth"),
            Map.entry("born", "birth"),
            Map.entry("birthday", "birth"),
            Map.entry("no", "number"),
            Map.entry("#", "number"),
            Map.entry("num", "number"),
            Map.entry("id", "number"),
            Map.entry("tel", "phone"),
            Map.entry("telephone", "phone"),
            Map.entry("mobile", "phone"),
            Map.entry("expiry", "expiration"),
            Map.entry("expires", "expiration"),
            Map.entry("expire", "expiration"),
            Map.entry("exp", "expiration"),
            Map.entry("amt", "amount"),
            Map.entry("qty", "quantity"),
            Map.entry("seller", "vendor"),
            Map.entry("supplier", "vendor"),
            Map.entry("merchant", "vendor"),
            Map.entry("store", "vendor"),
            Map.entry("surname", "last"),
            Map.entry("family", "last"),
            Map.entry("given", "first"),
            Map.entry("ssn", "security"),
            Map.entry("licence", "license"),
            Map.entry("mail", "email"),
            Map.entry("postal", "zip"),
            Map.entry("postcode", "zip"));
    private static final String MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*";
    private static final Pattern CAPITALIZED = Pattern.compile("\\p{Lu}[\\p{L}.'-]*");

    /** What is asked for. */
    private enum Kind {
        ANYTHING(""),
        DATE("\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}|\\d{1,2}(st|nd|rd|th)?\\s+" + MONTH + "\\.?,?\\s+\\d{4}|" + MONTH
                + "\\.?\\s+\\d{1,2}(st|nd|rd|th)?,?\\s+\\d{4}"),
        MONEY("[-(]?([$€£¥]|USD|EUR|GBP)?\\s?\\d[\\d,]*([.]\\d{1,2})?\\)?\\s?(€|USD|EUR|GBP)?"),
        NUMBER("[\\d][\\d,.]*"),
        EMAIL("[\\w.+-]+@[\\w-]+\\.[\\w.]+"),
        PHONE("\\+?[\\d(][\\d() .-]{6,}\\d"),
        NAME("");

        private final Pattern pattern;

        Kind(String pattern) {
            this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        }

        boolean fits(String text) {
            return this == ANYTHING || this == NAME || pattern.matcher(text).find();
        }
    }

    /** How a field of an invoice is asked for: one of the core words is needed, those around it may be there. */
    private record Asked(Kind kind, Set<String> core, Set<String> around) {}

    private static final Map<String, Asked> EXPENSES = Map.ofEntries(
            Map.entry("TOTAL", new Asked(Kind.MONEY, Set.of("total"), Set.of("amount", "invoice", "receipt", "grand"))),
            Map.entry(
                    "SUBTOTAL", new Asked(Kind.MONEY, Set.of("subtotal", "net"), Set.of("amount", "total", "invoice"))),
            Map.entry("TAX", new Asked(Kind.MONEY, Set.of("tax", "vat"), Set.of("amount", "total", "sale", "invoice"))),
            Map.entry(
                    "SHIPPING_HANDLING_CHARGE",
                    new Asked(
                            Kind.MONEY, Set.of("shipping", "freight", "delivery"), Set.of("cost", "charge", "amount"))),
            Map.entry("GRATUITY", new Asked(Kind.MONEY, Set.of("tip", "gratuity"), Set.of("amount"))),
            Map.entry(
                    "AMOUNT_DUE",
                    new Asked(Kind.MONEY, Set.of("due", "balance"), Set.of("amount", "total", "invoice"))),
            Map.entry("DUE_DATE", new Asked(Kind.DATE, Set.of("due", "paid"), Set.of("date", "payment", "invoice"))),
            Map.entry(
                    "INVOICE_RECEIPT_DATE",
                    new Asked(
                            Kind.DATE,
                            Set.of("invoice", "receipt", "issued", "issue", "billed", "purchase"),
                            Set.of("date"))),
            Map.entry(
                    "INVOICE_RECEIPT_ID",
                    new Asked(Kind.ANYTHING, Set.of("number"), Set.of("invoice", "receipt", "bill"))),
            Map.entry("PO_NUMBER", new Asked(Kind.ANYTHING, Set.of("po", "purchase"), Set.of("order", "number"))),
            Map.entry(
                    "VENDOR_NAME",
                    new Asked(
                            Kind.NAME,
                            Set.of("vendor", "issued", "issuer", "sold", "company"),
                            Set.of("name", "invoice", "receipt"))),
            Map.entry(
                    "RECEIVER_NAME",
                    new Asked(
                            Kind.NAME,
                            Set.of("billed", "bill", "customer", "client", "receiver", "recipient", "buyer"),
                            Set.of("name", "invoice"))));

    private final List<PageStructure> pages;
    private final Map<Integer, List<ExpenseField>> expenses = new HashMap<>();
    private final Map<String, Integer> lineCounts = new HashMap<>();
    private int lines;

    /** Answers from these pages. */
    public Questions(List<PageStructure> pages) {
        this.pages = List.copyOf(pages);
        for (PageStructure page : pages) {
            for (PlacedLine line : page.sheet().lines()) {
                lines++;
                tokens(line.text()).forEach(token -> lineCounts.merge(token, 1, Integer::sum));
            }
        }
    }

    /** The best answer to a question, if there is one. */
    public Optional<Answer> answer(String question) {
        Set<String> asked = tokens(question);
        Kind kind = kind(question.toLowerCase(Locale.ROOT), asked);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        List<Answer> candidates = new ArrayList<>();
        for (int page = 0; page < pages.size(); page++) {
            fromPairs(page, asked, kind, candidates);
            fromExpenses(page, asked, kind, candidates);
            fromTables(page, asked, kind, candidates);
            fromLines(page, asked, kind, candidates);
        }
        return candidates.stream()
                .filter(answer -> answer.confidence() >= LEAST)
                .max(Comparator.comparingDouble(Answer::confidence));
    }

    /** The words that matter, in one form. */
    private static Set<String> tokens(String text) {
        Set<String> tokens = new LinkedHashSet<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}#]+")) {
            if (!word.isEmpty() && !STOP.contains(word)) {
                String plain = word.length() > 3 && word.endsWith("s") && !word.endsWith("ss")
                        ? word.substring(0, word.length() - 1)
                        : word;
                tokens.add(SAME.getOrDefault(plain, plain));
            }
        }
        return tokens;
    }

    private static Kind kind(String question, Set<String> asked) {
        if (asked.contains("email")) {
            return Kind.EMAIL;
        }
        if (asked.contains("phone") || asked.contains("fax")) {
            return Kind.PHONE;
        }
        if (question.startsWith("when")
                || asked.contains("date")
                || (asked.contains("birth") && !asked.contains("place"))) {
            return Kind.DATE;
        }
        if (question.startsWith("how many") || asked.contains("quantity")) {
            return Kind.NUMBER;
        }
        boolean money = question.startsWith("how much")
                || asked.stream()
                        .anyMatch(Set.of(
                                "total",
                                "amount",
                                "price",
                                "cost",
                                "balance",
                                "subtotal",
                                "tax",
                                "pay",
                                "salary",
                                "fee",
                                "wage",
                                "income")::contains);
        if (money && !asked.contains("number")) {
            return Kind.MONEY;
        }
        return question.startsWith("who") || asked.contains("name") ? Kind.NAME : Kind.ANYTHING;
    }

    private double weight(String token) {
        return Math.log(1 + (lines + 1.0) / (lineCounts.getOrDefault(token, 0) + 0.5));
    }

    private double weight(Set<String> tokens) {
        return tokens.stream().mapToDouble(this::weight).sum();
    }

    /** How much of the question a label is, and of the label the question. */
    private double likeness(Set<String> asked, Set<String> label) {
        if (label.isEmpty()) {
            return 0;
        }
        Set<String> common = new HashSet<>(asked);
        common.retainAll(label);
        double shared = weight(common);
        return shared == 0 ? 0 : 0.6 * shared / weight(asked) + 0.4 * shared / weight(label);
    }

    private void fromPairs(int page, Set<String> asked, Kind kind, List<Answer> answers) {
        for (KeyValue pair : pages.get(page).keyValues()) {
            double score = likeness(asked, tokens(pair.keyText()));
            if (score == 0 || (pair.value().isEmpty() && pair.mark().isEmpty())) {
                continue;
            }
            String text = pair.mark()
                    .map(mark -> mark.selected() ? "SELECTED" : "NOT_SELECTED")
                    .orElseGet(pair::valueText);
            double fit = pair.mark().isPresent() || kind.fits(text) ? 1 : 0.5;
            double confidence = Math.min(1, score * fit) * pair.confidence();
            if (kind == Kind.NAME && pair.mark().isEmpty()) {
                // Below a name stands an address.
                List<PlacedWord> name = pair.value().stream()
                        .filter(word ->
                                word.box().onRowOf(pair.value().getFirst().box()))
                        .toList();
                answers.add(new Answer(Segment.text(name), page, name, Box.of(name), confidence));
            } else {
                answers.add(new Answer(text, page, pair.value(), pair.valueBox(), confidence));
            }
        }
    }

    /** What invoices and receipts say, which have other words for it than those who ask. */
    private void fromExpenses(int page, Set<String> asked, Kind kind, List<Answer> answers) {
        List<ExpenseField> summary = expenses.computeIfAbsent(
                page, number -> Expenses.read(pages.get(number)).summary());
        if (summary.stream().noneMatch(field -> field.type().equals("TOTAL"))) {
            return;
        }
        Set<String> answered = new HashSet<>();
        for (ExpenseField field : summary) {
            Asked words = EXPENSES.get(field.type());
            if (words == null
                    || words.core().stream().noneMatch(asked::contains)
                    || (kind != Kind.ANYTHING && kind != words.kind())
                    || !answered.add(field.type())) {
                continue;
            }
            Set<String> common = new HashSet<>(asked);
            common.removeIf(
                    token -> !words.core().contains(token) && !words.around().contains(token));
            double score = weight(common) / weight(asked);
            answers.add(new Answer(
                    Segment.text(field.value()),
                    page,
                    field.value(),
                    Box.of(field.value()),
                    score * Math.min(1, field.confidence() + 0.04)));
        }
    }

    private void fromTables(int page, Set<String> asked, Kind kind, List<Answer> answers) {
        for (Table table : pages.get(page).tables()) {
            for (Table.Cell cell : table.cells()) {
                if (cell.words().isEmpty() || cell.column() == 1 || cell.roles().contains(Table.Role.COLUMN_HEADER)) {
                    continue;
                }
                Set<String> row = tokens(table.cell(cell.row(), 1).text());
                Set<String> column = new HashSet<>();
                for (int above = 1; above < cell.row(); above++) {
                    Table.Cell header = table.cell(above, cell.column());
                    if (header.roles().contains(Table.Role.COLUMN_HEADER)) {
                        column.addAll(tokens(header.text()));
                    }
                }
                double byRow = likeness(asked, row);
                double byColumn = likeness(asked, column);
                Set<String> both = new HashSet<>(row);
                both.addAll(column);
                boolean summary = cell.roles().contains(Table.Role.SUMMARY) && byRow > 0;
                if ((byRow > 0 && byColumn > 0) || summary) {
                    double score = (summary ? Math.max(byRow, likeness(asked, both)) : likeness(asked, both))
                            * (kind.fits(cell.text()) ? 1 : 0.5);
                    answers.add(new Answer(
                            cell.text(), page, cell.words(), Box.of(cell.words()), 0.95 * score * table.confidence()));
                }
            }
        }
    }

    private void fromLines(int page, Set<String> asked, Kind kind, List<Answer> answers) {
        if (kind == Kind.ANYTHING) {
            return;
        }
        List<PlacedLine> all = pages.get(page).sheet().lines();
        for (int i = 0; i < all.size(); i++) {
            Set<String> common = tokens(all.get(i).text());
            common.retainAll(asked);
            double score = weight(common) / weight(asked);
            if (score == 0) {
                continue;
            }
            Optional<List<PlacedWord>> here = span(all.get(i), kind, asked);
            Optional<List<PlacedWord>> found =
                    here.isPresent() || i + 1 == all.size() ? here : span(all.get(i + 1), kind, asked);
            double distance = here.isPresent() ? 0.85 : 0.65;
            found.ifPresent(words -> answers.add(new Answer(
                    Segment.text(words), page, words, Box.of(words), score * distance * Segment.confidence(words))));
        }
    }

    /** The words of a line that are of the kind. */
    private static Optional<List<PlacedWord>> span(PlacedLine line, Kind kind, Set<String> asked) {
        if (kind == Kind.NAME) {
            return name(line, asked);
        }
        Matcher matcher = kind.pattern.matcher(line.text());
        if (!matcher.find() || matcher.group().isBlank()) {
            return Optional.empty();
        }
        List<PlacedWord> words = new ArrayList<>();
        int place = 0;
        for (PlacedWord word : line.words()) {
            int end = place + word.text().length();
            if (end > matcher.start() && place < matcher.end()) {
                words.add(word);
            }
            place = end + 1;
        }
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    /** Two to four capitalised words that the question does not say itself. */
    private static Optional<List<PlacedWord>> name(PlacedLine line, Set<String> asked) {
        List<PlacedWord> words = new ArrayList<>();
        for (PlacedWord word : line.words()) {
            boolean capital =
                    CAPITALIZED.matcher(word.text().replaceAll("[,;:.]$", "")).matches();
            boolean said = tokens(word.text()).stream().anyMatch(asked::contains);
            if (capital && !said && words.size() < 4) {
                words.add(word);
            } else if (words.size() >= 2) {
                return Optional.of(words);
            } else {
                words.clear();
            }
        }
        return words.size() >= 2 ? Optional.of(words) : Optional.empty();
    }
}
