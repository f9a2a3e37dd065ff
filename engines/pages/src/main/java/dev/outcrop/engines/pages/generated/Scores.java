package dev.outcrop.engines.pages.generated;

import dev.outcrop.engines.pages.KeyValue;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts of what was found of what is there. */
public final class Scores {
    private int right;
    private int found;
    private int there;

    /** Counts what {@code some} finds of {@code all}; each at most as often as it is there. */
    public void add(Collection<String> some, Collection<String> all) {
        Map<String, Integer> left = new HashMap<>();
        all.forEach(item -> left.merge(plain(item), 1, Integer::sum));
        for (String item : some) {
            if (left.merge(plain(item), -1, Integer::sum) >= 0) {
                right++;
            }
        }
        found += some.size();
        there += all.size();
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }

    /** The harmonic mean of precision and recall, 0 to 1. */
    public double f1() {
        return found + there == 0 ? 1 : 2.0 * right / (found + there);
    }

    /** The cells of a page's tables, as {@link KnownDocument#cells()} has them. */
    public static List<String> cells(PageStructure page) {
        List<String> cells = new ArrayList<>();
        for (Table table : page.tables()) {
            for (Table.Cell cell : table.cells()) {
                boolean covered = table.merged().stream().anyMatch(whole -> whole.covers(cell));
                if (!covered && !cell.words().isEmpty()) {
                    cells.add(cell.row() + "/" + cell.column() + "/" + cell.text());
                }
            }
            for (Table.MergedCell whole : table.merged()) {
                String text = String.join(
                        " ",
                        table.cells().stream()
                                .filter(whole::covers)
                                .map(Table.Cell::text)
                                .filter(part -> !part.isEmpty())
                                .toList());
                if (!text.isEmpty()) {
                    cells.add(whole.row() + "/" + whole.column() + "/" + text);
                }
            }
        }
        return cells;
    }

    /** The labels and values of a page, each as {@code label=value}. */
    public static List<String> pairs(PageStructure page) {
        return page.keyValues().stream().map(Scores::pair).toList();
    }

    private static String pair(KeyValue pair) {
        String value = pair.mark()
                .map(mark -> mark.selected() ? "SELECTED" : "NOT_SELECTED")
                .orElseGet(pair::valueText);
        return pair.keyText().replaceAll(":$", "") + "=" + value;
    }
}
