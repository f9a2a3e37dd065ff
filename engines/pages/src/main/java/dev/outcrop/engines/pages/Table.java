package dev.outcrop.engines.pages;

import java.util.List;
import java.util.Set;

/**
 * A table.
 *
 * @param cells      all of them, row by row
 * @param merged     which of them are one
 * @param title      the lines above it that name it, possibly none
 * @param footer     the lines below it that explain it, possibly none
 * @param structured whether it has headers above its columns and the same columns in all rows
 * @param confidence 0 to 1
 */
public record Table(
        Box box,
        int rows,
        int columns,
        List<Cell> cells,
        List<MergedCell> merged,
        List<PlacedLine> title,
        List<PlacedLine> footer,
        boolean structured,
        double confidence) {
    public Table {
        cells = List.copyOf(cells);
        merged = List.copyOf(merged);
        title = List.copyOf(title);
        footer = List.copyOf(footer);
    }

    /** What a cell is for. */
    public enum Role {
        /** Names the column below. */
        COLUMN_HEADER,
        /** Names the rows below. */
        SECTION_TITLE,
        /** Sums the rows above up. */
        SUMMARY
    }

    /**
     * A cell of one row and one column.
     *
     * @param row   from 1
     * @param column from 1
     * @param words in the order of reading
     * @param marks the boxes to tick in it
     */
    public record Cell(
            int row, int column, Box box, List<PlacedWord> words, List<SelectionMark> marks, Set<Role> roles) {
        public Cell {
            words = List.copyOf(words);
            marks = List.copyOf(marks);
            roles = Set.copyOf(roles);
        }

        public String text() {
            return Segment.text(words);
        }
    }

    /**
     * Several cells that are one.
     *
     * @param row    the first row, from 1
     * @param column the first column, from 1
     */
    public record MergedCell(int row, int column, int rowSpan, int columnSpan, Box box, Set<Role> roles) {
        public MergedCell {
            roles = Set.copyOf(roles);
        }

        /** Whether the cell is one of those. */
        public boolean covers(Cell cell) {
            return cell.row() >= row
                    && cell.row() < row + rowSpan
                    && cell.column() >= column
                    && cell.column() < column + columnSpan;
        }
    }

    /** The cell at a place, both from 1. */
    public Cell cell(int row, int column) {
        return cells.get((row - 1) * columns + column - 1);
    }
}
