package dev.outcrop.engines.pages;

import java.util.List;
import java.util.Optional;

/**
 * Something that an invoice or a receipt says.
 *
 * @param type       what it is, such as {@code TOTAL} or {@code VENDOR_NAME}; {@code OTHER} where that is not known
 * @param label      the words that say what it is, if any do
 * @param value      the words of the value, at least one
 * @param lines      the value's text with its line breaks
 * @param currency   of an amount, by ISO 4217, where the document tells it
 * @param group      whose name or address it is, such as {@code RECEIVER_BILL_TO}, where that is known
 * @param confidence of the type, 0 to 1
 */
public record ExpenseField(
        String type,
        List<PlacedWord> label,
        List<PlacedWord> value,
        String lines,
        Optional<String> currency,
        Optional<String> group,
        double confidence) {
    public ExpenseField {
        label = List.copyOf(label);
        value = List.copyOf(value);
    }
}
