package dev.outcrop.engines.pages;

import dev.outcrop.engines.pages.Table.Cell;
import dev.outcrop.engines.pages.Table.MergedCell;
import dev.outcrop.engines.pages.Table.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds tables: first the grids that lines make, then, among the words left, those that only their alignment makes.
 *
 * <p>A merged cell is told by a line that is missing, or by words over several columns; headers by rows without numbers above
 * rows with some; a title and a footer by how near they stand and how they begin.
 */
final class Tables {
    private static final Pattern NUMBER = Pattern.compile("[-+(]?[$€£¥]?\\s?[-+]?\\d[\\d.,:/%-]*\\)?%?");
    private static final Pattern SUMMARY =
            Pattern.compile("(grand |sub|net )?-?\\s?(total|sum)\\b.*|balance due.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern TITLE =
            Pattern.compile("(table|exhibit|schedule|appendix)\\b.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern FOOTER =
            Pattern.compile("(notes?|sources?|remarks?)\\b.*|[*†‡].*|\\(?[a-z1-9]\\)\\s.*", Pattern.CASE_INSENSITIVE);

    private final Sheet sheet;
    private final List<SelectionMark> marks;

    Tables(Sheet sheet, List<SelectionMark> marks) {
        this.sheet = sheet;
        this.marks = marks;
    }

    /** A grid and whether lines make it. */
    private record Found(Grid grid, boolean ruled) {}

    List<Table> find(List<Grid> ruled) {
        List<Found> found = new ArrayList<>();
        for (Grid grid : ruled) {
            if (isTable(grid) && !isFields(grid)) {
                found.add(new Found(grid, true));
            }
        }
        List<PlacedWord> left = sheet.words().stream()
                .filter(word ->
                        found.stream().noneMatch(table -> table.grid.box().holds(word.box())))
                .toList();
        new AlignedTables(sheet)
                .find(left).stream().filter(this::isData).forEach(grid -> found.add(new Found(grid, false)));
        List<Box> boxes = found.stream().map(table -> table.grid.box()).toList();
        List<Table> tables = new ArrayList<>();
        for (Found table : found) {
            tables.add(table(table, boxes));
        }
        tables.sort(Comparator.comparingDouble(table -> table.box().top()));
        return tables;
    }

    /** Boxes around single fields, around whole pages or with one column only are no tables. */
    private boolean isTable(Grid grid) {
        if (grid.columns() < 2 || grid.rows() < 2 || grid.cells() < 4) {
            return false;
        }
        int filled = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                Box box = grid.box(row, column);
                filled += sheet.words().stream().anyMatch(word -> box.holds(word.box())) ? 1 : 0;
            }
        }
        return filled >= 3;
    }

    /** Whether most cells are a label above a value, as the fields of a form are. */
    private boolean isFields(Grid grid) {
        int filled = 0;
        int fields = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                List<List<Segment>> lines = sheet.rowsOf(sheet.wordsIn(grid.box(row, column)));
                if (!lines.isEmpty()) {
                    filled++;
                    Segment label = lines.getFirst().getFirst();
                    boolean small = lines.size() > 1
                            && label.box().height()
                                    < 0.87 * lines.get(1).getFirst().box().height();
                    fields += small || (lines.size() > 1 && Labels.isLabel(label.words())) ? 1 : 0;
                }
            }
        }
        return fields > 0.5 * filled;
    }

    /** Whether two columns without lines are more than labels with values: the second is of numbers. */
    private boolean isData(Grid grid) {
        if (grid.columns() > 2) {
            return true;
        }
        int numbers = 0;
        for (int row = 0; row < grid.rows(); row++) {
            List<PlacedWord> words = sheet.wordsIn(grid.box(row, 1));
            numbers += !words.isEmpty() && isNumber(words.getLast().text()) && words.size() <= 2 ? 1 : 0;
        }
        return numbers >= 0.6 * grid.rows();
    }

    private Table table(Found found, List<Box> all) {
        Grid grid = found.grid;
        List<List<Cell>> rows = new ArrayList<>();
        for (int row = 0; row < grid.rows(); row++) {
            List<Cell> cells = new ArrayList<>();
            for (int column = 0; column < grid.columns(); column++) {
                Box box = grid.box(row, column);
                List<SelectionMark> within =
                        marks.stream().filter(mark -> box.holds(mark.box())).toList();
                List<PlacedWord> words = sheet.wordsIn(box).stream()
                        .filter(word ->
                                within.stream().noneMatch(mark -> mark.words().contains(word)))
                        .toList();
                cells.add(new Cell(row + 1, column + 1, box, words, within, Set.of()));
            }
            rows.add(cells);
        }
        List<MergedCell> merged = merged(grid);
        int headers = headers(rows, merged);
        List<Cell> cells = new ArrayList<>();
        for (List<Cell> row : rows) {
            for (Cell cell : row) {
                cells.add(new Cell(
                        cell.row(),
                        cell.column(),
                        cell.box(),
                        cell.words(),
                        cell.marks(),
                        roles(row, merged, cell.row(), headers, grid.columns())));
            }
        }
        List<MergedCell> named = merged.stream()
                .map(cell -> new MergedCell(
                        cell.row(),
                        cell.column(),
                        cell.rowSpan(),
                        cell.columnSpan(),
                        cell.box(),
                        roles(rows.get(cell.row() - 1), merged, cell.row(), headers, grid.columns())))
                .toList();
        boolean regular = headers > 0
                && named.stream()
                        .allMatch(cell -> cell.roles().contains(Role.COLUMN_HEADER)
                                || cell.roles().contains(Role.SECTION_TITLE)
                                || cell.columnSpan() == 1);
        double words = cells.stream()
                .flatMap(cell -> cell.words().stream())
                .mapToDouble(PlacedWord::confidence)
                .average()
                .orElse(0.5);
        return new Table(
                grid.box(),
                grid.rows(),
                grid.columns(),
                cells,
                named,
                title(grid.box(), all),
                footer(grid.box(), all),
                regular,
                (found.ruled ? 0.99 : 0.9) * words);
    }

    /** The rectangles of areas that are more than one cell. */
    private static List<MergedCell> merged(Grid grid) {
        List<MergedCell> merged = new ArrayList<>();
        boolean[][] done = new boolean[grid.rows()][grid.columns()];
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                if (done[row][column]) {
                    continue;
                }
                int area = grid.areas()[row][column];
                int lastColumn = column;
                while (lastColumn + 1 < grid.columns() && grid.areas()[row][lastColumn + 1] == area) {
                    lastColumn++;
                }
                int lastRow = row;
                while (lastRow + 1 < grid.rows() && isWhole(grid, area, lastRow + 1, column, lastColumn)) {
                    lastRow++;
                }
                for (int i = row; i <= lastRow; i++) {
                    for (int j = column; j <= lastColumn; j++) {
                        done[i][j] = true;
                    }
                }
                if (lastRow > row || lastColumn > column) {
                    merged.add(new MergedCell(
                            row + 1,
                            column + 1,
                            lastRow - row + 1,
                            lastColumn - column + 1,
                            grid.box(row, column).union(grid.box(lastRow, lastColumn)),
                            Set.of()));
                }
            }
        }
        return merged;
    }

    private static boolean isWhole(Grid grid, int area, int row, int from, int to) {
        for (int column = from; column <= to; column++) {
            if (grid.areas()[row][column] != area) {
                return false;
            }
        }
        return true;
    }

    static boolean isNumber(String text) {
        return NUMBER.matcher(text.strip()).matches();
    }

    private static boolean hasNumber(List<Cell> row) {
        return row.stream()
                .anyMatch(cell -> cell.words().stream().anyMatch(word -> isNumber(word.text()))
                        && cell.words().stream()
                                        .filter(word -> !isNumber(word.text()))
                                        .count()
                                <= 1);
    }

    /** How many rows at the top name the columns below. */
    private static int headers(List<List<Cell>> rows, List<MergedCell> merged) {
        boolean named = merged.stream()
                .anyMatch(cell ->
                        cell.row() == 1 && cell.columnSpan() == rows.getFirst().size());
        if (named && rows.size() > 2 && !hasNumber(rows.getFirst()) && isHeader(rows, 1, merged)) {
            return 2;
        }
        int candidate = 0;
        while (candidate < Math.min(3, rows.size() - 1) && isHeader(rows, candidate, merged)) {
            candidate++;
            boolean spans = false;
            for (MergedCell cell : merged) {
                boolean ends = cell.row() + cell.rowSpan() - 1 > candidate;
                boolean grouped = cell.row() == candidate
                        && cell.columnSpan() > 1
                        && cell.columnSpan() < rows.getFirst().size();
                spans |= cell.row() <= candidate && (ends || grouped);
            }
            if (!spans) {
                break;
            }
        }
        return candidate;
    }

    private static boolean isHeader(List<List<Cell>> rows, int index, List<MergedCell> merged) {
        List<Cell> row = rows.get(index);
        long filled = row.stream().filter(cell -> !cell.words().isEmpty()).count();
        long covered = row.stream()
                .filter(cell -> !cell.words().isEmpty() || merged.stream().anyMatch(whole -> whole.covers(cell)))
                .count();
        boolean numbered = hasNumber(row);
        boolean tooLong = row.stream().anyMatch(cell -> cell.words().size() > 8);
        boolean allMarks = row.stream().anyMatch(cell -> !cell.marks().isEmpty());
        boolean spansAll = merged.stream().anyMatch(cell -> cell.row() == index + 1 && cell.columnSpan() == row.size());
        return filled >= 1
                && covered >= 0.6 * row.size()
                && !numbered
                && !tooLong
                && !allMarks
                && !spansAll
                && filled + covered >= 3;
    }

    private static Set<Role> roles(List<Cell> row, List<MergedCell> merged, int number, int headers, int columns) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (number <= headers) {
            roles.add(Role.COLUMN_HEADER);
        } else if (merged.stream()
                .anyMatch(cell -> cell.row() == number && cell.columnSpan() == columns && cell.rowSpan() == 1)) {
            roles.add(Role.SECTION_TITLE);
        } else {
            String first = row.stream()
                    .filter(cell -> !cell.words().isEmpty())
                    .map(Cell::text)
                    .findFirst()
                    .orElse("");
            if (SUMMARY.matcher(first.toLowerCase(Locale.ROOT)).matches()) {
                roles.add(Role.SUMMARY);
            }
        }
        return roles;
    }

    private List<PlacedLine> title(Box table, List<Box> all) {
        return sheet.lines().stream()
                .filter(line ->
                        line.box().bottom() <= table.top() + 0.3 * line.box().height()
                                && table.top() - line.box().bottom() < 2 * sheet.wordHeight()
                                && line.box().overlapX(table) > 0.5 * line.box().width()
                                && all.stream().noneMatch(other -> other.holds(line.box())))
                .max(Comparator.comparingDouble(line -> line.box().bottom()))
                .filter(line -> TITLE.matcher(line.text()).matches()
                        || (line.words().size() <= 9
                                && table.top() - line.box().bottom() < 1.5 * sheet.wordHeight()
                                && !line.text().matches(".*[.:;,]$|.*:\\s.*")
                                && isAlone(line)
                                && line.text().matches(".*\\p{L}{3}.*")))
                .map(List::of)
                .orElse(List.of());
    }

    /** Whether nothing stands beside or close above a line. */
    private boolean isAlone(PlacedLine line) {
        return sheet.lines().stream()
                .filter(other -> other.index() != line.index())
                .noneMatch(other -> other.box().onRowOf(line.box())
                        || (other.box().overlapX(line.box()) > 0
                                && other.box().top() < line.box().top()
                                && line.box().top() - other.box().bottom()
                                        < 0.9 * line.box().height()));
    }

    private List<PlacedLine> footer(Box table, List<Box> all) {
        return sheet.lines().stream()
                .filter(line ->
                        line.box().top() >= table.bottom() - 0.3 * line.box().height()
                                && line.box().top() - table.bottom() < 1.8 * sheet.wordHeight()
                                && line.box().overlapX(table) > 0.5 * line.box().width()
                                && all.stream().noneMatch(other -> other.holds(line.box())))
                .min(Comparator.comparingDouble(line -> line.box().top()))
                .filter(line -> FOOTER.matcher(line.text()).matches())
                .map(List::of)
                .orElse(List.of());
    }
}
