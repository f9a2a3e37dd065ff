package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.pages.Box;
import dev.outcrop.engines.pages.Expense;
import dev.outcrop.engines.pages.Expenses;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.PlacedWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.textract.model.ExpenseCurrency;
import software.amazon.awssdk.services.textract.model.ExpenseDetection;
import software.amazon.awssdk.services.textract.model.ExpenseDocument;
import software.amazon.awssdk.services.textract.model.ExpenseField;
import software.amazon.awssdk.services.textract.model.ExpenseGroupProperty;
import software.amazon.awssdk.services.textract.model.LineItemFields;
import software.amazon.awssdk.services.textract.model.LineItemGroup;

/** What AnalyzeExpense tells of a page. Source: "Invoice and Receipt Response Objects", Amazon Textract Developer Guide. */
final class ExpenseAnswers {
    private final Page page;
    private final Map<String, String> groups = new HashMap<>();

    private ExpenseAnswers(Page page) {
        this.page = page;
    }

    /** The invoice or receipt that a page is. */
    static ExpenseDocument of(Page page) {
        return new ExpenseAnswers(page).document(Expenses.read(PageStructure.of(page)));
    }

    private ExpenseDocument document(Expense expense) {
        List<LineItemGroup> items = new ArrayList<>();
        for (List<List<dev.outcrop.engines.pages.ExpenseField>> group : expense.lineItems()) {
            items.add(LineItemGroup.builder()
                    .lineItemGroupIndex(items.size() + 1)
                    .lineItems(group.stream()
                            .map(row -> LineItemFields.builder()
                                    .lineItemExpenseFields(
                                            row.stream().map(this::item).toList())
                                    .build())
                            .toList())
                    .build());
        }
        return ExpenseDocument.builder()
                .expenseIndex(page.number())
                .summaryFields(expense.summary().stream().map(this::field).toList())
                .lineItemGroups(items)
                .blocks(new BlockList(page).all())
                .build();
    }

    /** Currencies are told of sums; the response parser refuses line items that have one. */
    private ExpenseField item(dev.outcrop.engines.pages.ExpenseField field) {
        return field(field).toBuilder().currency((ExpenseCurrency) null).build();
    }

    private ExpenseField field(dev.outcrop.engines.pages.ExpenseField field) {
        ExpenseField.Builder builder = ExpenseField.builder()
                .type(type -> type.text(field.type()).confidence(percent(field.confidence())))
                .valueDetection(detection(field.lines(), field.value()))
                .pageNumber(page.number());
        if (!field.label().isEmpty()) {
            builder.labelDetection(detection(text(field.label()), field.label()));
        }
        field.currency()
                .ifPresent(code ->
                        builder.currency(currency -> currency.code(code).confidence(percent(field.confidence()))));
        field.group()
                .ifPresent(group -> builder.groupProperties(ExpenseGroupProperty.builder()
                        .types(group)
                        .id(groups.computeIfAbsent(group, _ -> BlockList.id()))
                        .build()));
        return builder.build();
    }

    private static String text(List<PlacedWord> words) {
        return String.join(" ", words.stream().map(PlacedWord::text).toList());
    }

    private ExpenseDetection detection(String text, List<PlacedWord> words) {
        Box box = Box.of(words);
        double confidence = words.stream()
                .mapToDouble(word -> word.word().confidence())
                .average()
                .orElse(0);
        return ExpenseDetection.builder()
                .text(text)
                .geometry(Shape.of(page, box))
                .confidence(percent(confidence))
                .build();
    }

    private static float percent(double confidence) {
        return (float) (100 * confidence);
    }
}
