package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads invoices and receipts: amounts by the label before them, other fields by the labels of forms, the vendor by the top of
 * the page, what was bought by tables with the headers of such, or by rows that end with an amount above the total.
 */
public final class Expenses {
    private static final Pattern AMOUNT = Pattern.compile(
            "[-(]?(USD|EUR|GBP|[$€£¥₹])?\\s?-?\\d{1,3}(([,.' ]\\d{3})+|\\d*)([.,]\\d{2})?\\)?\\s?(USD|EUR|GBP|€)?-?");
    private static final Pattern CENTS = Pattern.compile(".*(\\d[.,]\\d{2}|[$€£¥₹]\\s?\\d.*)\\D*");
    private static final Pattern PHONE =
            Pattern.compile(".*?(\\+?1?[ .-]?\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}|\\+\\d[\\d ]{8,}).*");
    private static final Pattern URL = Pattern.compile(
            "(https?://|www\\.)\\S+|[a-z0-9-]+\\.(com|org|net|io|co\\.uk|de)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIME_OF_DAY =
            Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2})?|[ap]\\.?m\\.?|at", Pattern.CASE_INSENSITIVE);
    private static final Set<String> NUMBERS =
            Set.of("INVOICE_RECEIPT_ID", "PO_NUMBER", "ACCOUNT_NUMBER", "CUSTOMER_NUMBER", "TAX_PAYER_ID");
    private static final Pattern PLACE = Pattern.compile(
            ".*\\b\\d{5}(-\\d{4})?\\b.*|.*\\b(street|st|avenue|ave|road|rd|lane|ln|drive|dr|blvd|boulevard|suite|way|square|court)\\b.*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TITLE = Pattern.compile(
            "(tax |sales |pro forma )?(invoice|receipt|bill|statement|estimate|quote|order|purchase order|credit note)\\b.*"
                    + "|thank you.*|welcome.*|copy|original",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> CURRENCIES = Map.of(
            "$", "USD", "USD", "USD", "€", "EUR", "EUR", "EUR", "£", "GBP", "GBP", "GBP", "¥", "JPY", "₹", "INR");

    /** Labels and the types that they stand for; the first that fits counts. */
    private static final Map<Pattern, String> AMOUNTS = patterns(
            "(sub ?total|net total|net amount)( .*)?", "SUBTOTAL",
            "(total )?(sales )?(tax|vat|gst|hst|pst)( amount| total)?( .{0,12})?", "TAX",
            "(total )?discounts?( .*)?", "DISCOUNT",
            "(shipping|freight|delivery|postage|handling)( .*)?", "SHIPPING_HANDLING_CHARGE",
            "(tip|gratuity)( .*)?", "GRATUITY",
            "service (charge|fee)( .*)?", "SERVICE_CHARGE",
            "(amount paid|paid|payment received|cash|tendered)( .*)?", "AMOUNT_PAID",
            "(previous|prior) balance( .*)?", "PRIOR_BALANCE",
            "(amount due|balance due|balance|total due|please pay)( .*)?", "AMOUNT_DUE",
            "(grand |invoice |order |final )?total( amount| price| cost)?( .{0,12})?", "TOTAL");

    private static final Map<Pattern, String> FIELDS = patterns(
            "(invoice|receipt|bill|transaction|check|ticket|trans) ?(no|number|#|id|num)", "INVOICE_RECEIPT_ID",
            "(invoice|receipt|bill|transaction|check|ticket) ?#?", "INVOICE_RECEIPT_ID",
            "(invoice|receipt|bill|issue|transaction)? ?date( of issue| issued)?", "INVOICE_RECEIPT_DATE",
            "(payment )?due( date)?|date due|payment due( date)?|pay by", "DUE_DATE",
            "(delivery|ship|shipping) date", "DELIVERY_DATE",
            "order date", "ORDER_DATE",
            "(p ?o|purchase order)( ?(no|number|#))?", "PO_NUMBER",
            "(payment )?terms", "PAYMENT_TERMS",
            "(account|acct)( ?(no|number|#|id))?", "ACCOUNT_NUMBER",
            "(customer|client) ?(no|number|#|id)", "CUSTOMER_NUMBER",
            "(vat|tva|ust)( reg)?( ?(no|number|id|#))", "VENDOR_VAT_NUMBER",
            "gst(in)?( ?(no|number|id|#))", "VENDOR_GST_NUMBER",
            "abn( no)?", "VENDOR_ABN_NUMBER",
            "(tax|tin|ein|fein)( ?(id|no|number|#|id number))?", "TAX_PAYER_ID",
            "(phone|tel|telephone)( no| number| #)?", "VENDOR_PHONE",
            "(web ?site|url|web)", "VENDOR_URL",
            "(vendor|supplier|seller|merchant|from|sold by|company)( name)?", "VENDOR_NAME");

    private static final Map<Pattern, String> RECEIVERS = patterns(
            "(bill(ed|ing)?( to| address)?|invoice to|to|customer|client|customer name)", "RECEIVER_BILL_TO",
            "(ship(ped|ping)?( to| address)?|deliver(y)?( to| address))", "RECEIVER_SHIP_TO",
            "sold to", "RECEIVER_SOLD_TO",
            "remit(tance)?( to)?", "VENDOR_REMIT_TO");

    private static final Map<Pattern, String> COLUMNS = patterns(
            "(unit|item|each|list)? ?(price|cost|rate)( (per|each).*)?|each|unit( ?price)?|price unit",
            "UNIT_PRICE",
            "(line |ext(ended)? |net |item )?(amount|total|sum|amt|price|cost)( .{0,8})?",
            "PRICE",
            "(qty|quantity|hours|hrs|units|count|pcs|nos|days)( .{0,8})?",
            "QUANTITY",
            "(sku|code|item (no|number|#|code|id)|product (no|number|#|code|id)|part (no|number|#)|no|#|article|ref)",
            "PRODUCT_CODE",
            "(item|items|description|product|service|details?|particulars|activity|goods|name)( .*)?",
            "ITEM");

    private final PageStructure page;
    private final Set<PlacedWord> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<ExpenseField> summary = new ArrayList<>();
    private final Optional<String> currency;

    private Expenses(PageStructure page) {
        this.page = page;
        currency = page.sheet().words().stream()
                .flatMap(word -> currency(word.text()).stream())
                .findFirst();
    }

    /** What a page says, taken as one invoice or receipt. */
    public static Expense read(PageStructure page) {
        return new Expenses(page).read();
    }

    private static Map<Pattern, String> patterns(String... pairs) {
        Map<Pattern, String> patterns = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            patterns.put(Pattern.compile(pairs[i]), pairs[i + 1]);
        }
        return patterns;
    }

    private static Optional<String> type(Map<Pattern, String> patterns, String label) {
        String normalized = Labels.normalized(label);
        return patterns.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(normalized).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private Expense read() {
        List<List<List<ExpenseField>>> groups = new ArrayList<>();
        for (Table table : page.tables()) {
            items(table).ifPresent(groups::add);
        }
        amounts();
        if (groups.isEmpty()) {
            List<List<ExpenseField>> rows = receiptItems();
            if (!rows.isEmpty()) {
                groups.add(rows);
            }
        }
        labelled();
        if (summary.stream().noneMatch(field -> field.type().equals("TOTAL"))) {
            summary.stream()
                    .filter(field -> field.type().equals("AMOUNT_DUE"))
                    .findFirst()
                    .ifPresent(due -> summary.add(new ExpenseField(
                            "TOTAL", due.label(), due.value(), due.lines(), due.currency(), Optional.empty(), 0.7)));
        }
        vendor();
        return new Expense(summary, groups);
    }

    private static Optional<String> currency(String text) {
        return CURRENCIES.entrySet().stream()
                .filter(entry -> text.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isAmount(String text) {
        return AMOUNT.matcher(text.strip()).matches() && text.matches(".*\\d.*");
    }

    private ExpenseField field(String type, List<PlacedWord> label, List<PlacedWord> value, double confidence) {
        boolean amount = isAmount(Segment.text(value)) && (AMOUNTS.containsValue(type) || type.contains("PRICE"));
        return new ExpenseField(
                type, label, value, lines(value), amount ? currency : Optional.empty(), Optional.empty(), confidence);
    }

    private static String lines(List<PlacedWord> words) {
        StringBuilder text = new StringBuilder();
        PlacedWord last = null;
        for (PlacedWord word : words) {
            if (last != null) {
                text.append(last.box().onRowOf(word.box()) ? ' ' : '\n');
            }
            text.append(word.text());
            last = word;
        }
        return text.toString();
    }

    /** Rows that end with an amount and begin with the label of one. */
    private void amounts() {
        for (List<Segment> row : page.sheet().rows()) {
            List<PlacedWord> words = row.stream()
                    .flatMap(segment -> segment.words().stream())
                    .filter(word -> !used.contains(word))
                    .toList();
            int begin = words.size();
            while (begin > 0 && isAmount(Segment.text(words.subList(begin - 1, words.size())))) {
                begin--;
            }
            if (begin == words.size() || begin == 0) {
                continue;
            }
            int from = begin;
            Optional<String> type = Optional.empty();
            for (int start = Math.max(0, begin - 5); start < begin && type.isEmpty(); start++) {
                type = type(AMOUNTS, Segment.text(words.subList(start, begin)));
                from = start;
            }
            List<PlacedWord> value = words.subList(begin, words.size());
            if (type.isPresent()
                    && (CENTS.matcher(Segment.text(value)).matches()
                            || value.getFirst().text().length() < 9)) {
                List<PlacedWord> label = words.subList(from, begin);
                summary.add(field(type.get(), label, value, 0.95));
                used.addAll(label);
                used.addAll(value);
            }
        }
    }

    /** The labels of forms, those of addresses split into name and address. */
    private void labelled() {
        for (KeyValue pair : page.keyValues()) {
            if (pair.value().isEmpty() || pair.key().stream().anyMatch(used::contains)) {
                continue;
            }
            String label = pair.keyText();
            Optional<String> receiver = type(RECEIVERS, label);
            if (receiver.isPresent()) {
                receiver(pair, receiver.get());
            } else {
                Optional<String> type = type(FIELDS, label).or(() -> type(AMOUNTS, label));
                List<PlacedWord> value = type.filter(name -> name.endsWith("_DATE"))
                        .map(_ -> withoutTime(pair.value()))
                        .orElse(pair.value());
                boolean numbered = value.stream().anyMatch(word -> word.text().matches(".*\\d.*"));
                if (type.filter(NUMBERS::contains).isPresent() && !numbered) {
                    // A title that something else stands beside.
                    continue;
                }
                summary.add(field(type.orElse("OTHER"), pair.key(), value, type.isPresent() ? 0.95 : 0.6));
            }
            used.addAll(pair.key());
            used.addAll(pair.value());
        }
    }

    /** A date without the time of day behind it. */
    private static List<PlacedWord> withoutTime(List<PlacedWord> value) {
        int end = value.size();
        while (end > 1 && TIME_OF_DAY.matcher(value.get(end - 1).text()).matches()) {
            end--;
        }
        return value.subList(0, end);
    }

    private void receiver(KeyValue pair, String group) {
        String owner = group.startsWith("VENDOR") ? "VENDOR" : "RECEIVER";
        PlacedWord first = pair.value().getFirst();
        List<PlacedWord> name = pair.value().stream()
                .filter(word -> word.box().onRowOf(first.box()))
                .toList();
        List<PlacedWord> address =
                pair.value().stream().filter(word -> !name.contains(word)).toList();
        boolean isName = !PLACE.matcher(Segment.text(name)).matches();
        if (isName) {
            summary.add(grouped(field(owner + "_NAME", pair.key(), name, 0.9), group));
        }
        List<PlacedWord> place = isName ? address : pair.value();
        if (!place.isEmpty()) {
            summary.add(grouped(field(owner + "_ADDRESS", pair.key(), place, 0.9), group));
        }
    }

    private static ExpenseField grouped(ExpenseField field, String group) {
        return new ExpenseField(
                field.type(),
                field.label(),
                field.value(),
                field.lines(),
                field.currency(),
                Optional.of(group),
                field.confidence());
    }

    /** The vendor is what stands tallest near the top, its address what follows. */
    private void vendor() {
        Sheet sheet = page.sheet();
        boolean named = summary.stream().anyMatch(field -> field.type().equals("VENDOR_NAME"));
        List<PlacedLine> top = sheet.lines().stream()
                .filter(line -> line.box().middleY() < 0.33 * sheet.height()
                        && line.words().stream().noneMatch(used::contains)
                        && page.tables().stream().noneMatch(table -> table.box().holds(line.box())))
                .sorted(Comparator.comparingDouble(line -> line.box().top()))
                .toList();
        Optional<PlacedLine> name = top.stream()
                .filter(line -> !TITLE.matcher(line.text()).matches()
                        && line.text().matches(".*\\p{L}{2}.*")
                        && !PLACE.matcher(line.text()).matches()
                        && !PHONE.matcher(line.text()).matches()
                        && line.words().size() <= 8)
                .max(Comparator.<PlacedLine>comparingDouble(
                                line -> Math.round(3 * line.box().height() / sheet.wordHeight()))
                        .thenComparingDouble(line -> -line.box().top()));
        if (!named && name.isPresent()) {
            summary.add(grouped(field("VENDOR_NAME", List.of(), name.get().words(), 0.85), "VENDOR_SUPPLIER"));
        }
        name.ifPresent(line -> address(line, top));
        for (PlacedLine line : sheet.lines()) {
            line.words().stream()
                    .filter(word -> !used.contains(word)
                            && URL.matcher(word.text()).matches()
                            && !word.text().contains("@"))
                    .findFirst()
                    .filter(word -> !has("VENDOR_URL"))
                    .ifPresent(word -> summary.add(field("VENDOR_URL", List.of(), List.of(word), 0.9)));
            if (PHONE.matcher(line.text()).matches()
                    && !has("VENDOR_PHONE")
                    && line.words().stream().noneMatch(used::contains)) {
                List<PlacedWord> digits = line.words().stream()
                        .filter(word -> word.text().matches("[+(]?[\\d() .-]+"))
                        .toList();
                if (!digits.isEmpty()) {
                    summary.add(field("VENDOR_PHONE", List.of(), digits, 0.9));
                }
            }
        }
        if (!has("INVOICE_RECEIPT_DATE")) {
            date();
        }
    }

    private boolean has(String type) {
        return summary.stream().anyMatch(field -> field.type().equals(type));
    }

    private void address(PlacedLine name, List<PlacedLine> top) {
        List<PlacedWord> words = new ArrayList<>();
        double bottom = name.box().bottom();
        for (PlacedLine line : top) {
            boolean under = line.box().top() >= name.box().middleY()
                    && line.index() != name.index()
                    && line.box().overlapX(name.box()) > 0
                    && line.box().top() - bottom < 1.5 * page.sheet().wordHeight();
            if (under
                    && !PHONE.matcher(line.text()).matches()
                    && !line.text().contains("@")
                    && !TITLE.matcher(line.text()).matches()) {
                words.addAll(line.words());
                bottom = line.box().bottom();
            }
        }
        if (!words.isEmpty() && PLACE.matcher(Segment.text(words)).matches()) {
            summary.add(grouped(field("VENDOR_ADDRESS", List.of(), words, 0.85), "VENDOR_SUPPLIER"));
        }
    }

    /** A date without a label is that of the receipt. */
    private void date() {
        for (PlacedLine line : page.sheet().lines()) {
            for (PlacedWord word : line.words()) {
                if (!used.contains(word) && word.text().matches("\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{2,4}")) {
                    summary.add(field("INVOICE_RECEIPT_DATE", List.of(), List.of(word), 0.8));
                    return;
                }
            }
        }
    }

    /** The rows of a table whose headers are those of things bought. */
    private Optional<List<List<ExpenseField>>> items(Table table) {
        int header = 0;
        Map<Integer, String> types = new LinkedHashMap<>();
        for (int row = 1; row <= Math.min(2, table.rows()) && types.isEmpty(); row++) {
            for (int column = 1; column <= table.columns(); column++) {
                String text = table.cell(row, column).text();
                int at = column;
                if (!text.isEmpty()) {
                    type(COLUMNS, text).ifPresent(type -> types.put(at, type));
                }
            }
            header = row;
            if (types.size() < 2 || (!types.containsValue("ITEM") && !types.containsValue("PRODUCT_CODE"))) {
                types.clear();
            }
        }
        if (types.isEmpty()) {
            return Optional.empty();
        }
        // A single column of prices has those of whole rows; of several, the last has.
        List<Integer> prices = types.entrySet().stream()
                .filter(entry -> entry.getValue().endsWith("PRICE"))
                .map(Map.Entry::getKey)
                .toList();
        if (prices.isEmpty()) {
            return Optional.empty();
        }
        prices.forEach(column -> types.put(column, "UNIT_PRICE"));
        types.put(prices.getLast(), "PRICE");
        List<List<ExpenseField>> rows = new ArrayList<>();
        for (int row = header + 1; row <= table.rows(); row++) {
            List<ExpenseField> fields = new ArrayList<>();
            List<PlacedWord> all = new ArrayList<>();
            for (int column = 1; column <= table.columns(); column++) {
                Table.Cell cell = table.cell(row, column);
                if (!cell.words().isEmpty()) {
                    all.addAll(cell.words());
                    fields.add(field(
                            types.getOrDefault(column, "OTHER"),
                            table.cell(header, column).words(),
                            cell.words(),
                            0.95));
                }
            }
            boolean summed = all.isEmpty()
                    || table.cell(row, 1).roles().contains(Table.Role.SUMMARY)
                    || type(AMOUNTS, fields.getFirst().lines()).isPresent()
                    || fields.stream()
                            .noneMatch(field ->
                                    field.type().equals("ITEM") || field.type().equals("PRODUCT_CODE"));
            if (!summed) {
                fields.add(field("EXPENSE_ROW", List.of(), all, 0.95));
                used.addAll(all);
                rows.add(fields);
            }
        }
        for (int column = 1; column <= table.columns(); column++) {
            used.addAll(table.cell(header, column).words());
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows);
    }

    /** Above the sums of a receipt, rows that end with an amount. */
    private List<List<ExpenseField>> receiptItems() {
        double sums = summary.stream()
                .map(field -> Box.of(field.value()).top())
                .min(Double::compare)
                .orElse(0.0);
        List<List<ExpenseField>> items = new ArrayList<>();
        for (List<Segment> row : page.sheet().rows()) {
            List<PlacedWord> words = row.stream()
                    .flatMap(segment -> segment.words().stream())
                    .filter(word -> !used.contains(word))
                    .toList();
            if (words.size() < 2 || Box.of(words).bottom() > sums + 2) {
                continue;
            }
            PlacedWord last = words.getLast();
            boolean priced = isAmount(last.text()) && CENTS.matcher(last.text()).matches();
            List<PlacedWord> name = new ArrayList<>(words.subList(0, words.size() - 1));
            if (!priced || name.stream().noneMatch(word -> word.text().matches(".*\\p{L}{2}.*"))) {
                continue;
            }
            List<ExpenseField> fields = new ArrayList<>();
            if (name.getFirst().text().matches("\\d{1,3}x?") && name.size() > 1) {
                fields.add(field("QUANTITY", List.of(), List.of(name.removeFirst()), 0.9));
            }
            fields.addFirst(field("ITEM", List.of(), name, 0.9));
            fields.add(field("PRICE", List.of(), List.of(last), 0.95));
            fields.add(field("EXPENSE_ROW", List.of(), words, 0.95));
            used.addAll(words);
            items.add(fields);
        }
        return items;
    }
}
