package dev.outcrop.engines.pages;

import java.util.List;

/**
 * An invoice or a receipt.
 *
 * @param lineItems what was bought, each the fields of one row, in groups that stand together
 */
public record Expense(List<ExpenseField> summary, List<List<List<ExpenseField>>> lineItems) {
    public Expense {
        summary = List.copyOf(summary);
        lineItems = List.copyOf(lineItems);
    }
}
