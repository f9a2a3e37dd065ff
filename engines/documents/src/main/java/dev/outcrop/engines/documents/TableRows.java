package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Gathers the rows of a table, of which each may have another number of cells. */
final class TableRows {
    private static final int MOST_CELLS = 5_000_000;

    private final List<List<String>> rows = new ArrayList<>();
    private int columns;

    /** One more row; one whose cells are all empty is left out. */
    void add(List<String> row) {
        int used = row.size();
        while (used > 0 && row.get(used - 1).isEmpty()) {
            used--;
        }
        if (used > 0) {
            rows.add(List.copyOf(row.subList(0, used)));
            columns = Math.max(columns, used);
            if ((long) rows.size() * columns > MOST_CELLS) {
                throw new DocumentException(Reason.TOO_LARGE, "a table in it has more than " + MOST_CELLS + " cells");
            }
        }
    }

    /** The table, or paragraphs where it has one column only; nothing if it is empty. */
    List<Block> blocks(int page) {
        if (rows.isEmpty()) {
            return List.of();
        }
        if (columns == 1) {
            return rows.stream()
                    .<Block>map(row -> new Block.Paragraph(row.getFirst(), page))
                    .toList();
        }
        List<List<String>> even = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row);
            while (cells.size() < columns) {
                cells.add("");
            }
            even.add(cells);
        }
        return List.of(new Block.Table(even, page));
    }
}
