package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageText.Segment;
import dev.outcrop.engines.documents.PageText.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Brings what stands on a page into reading order.
 *
 * <p>The page is read from the top in bands: as many rows as leave a common vertical gap free. A band whose gaps part short
 * cells on common rows is a table; one whose gaps part running text is columns, each of which is read the same way.
 * Everything else is lines one below the other. A ruled table takes the place of one wide segment.
 */
final class PageLayout {
    private static final double NARROWEST_GAP = 0.8;
    private static final int DEEPEST = 4;
    /** Rows above and below in which columns are looked for. */
    private static final int NEARBY = 3;
    /** In multiples of the letters' size: wider than most spaces between words. */
    private static final double WIDE_SPACE = 0.32;
    /** Points by which what is aligned may differ. */
    private static final double ALIGNED = 0.8;

    private static final int MOST_ROWS = 2_000;
    private static final Pattern MARKER = Pattern.compile("[•◦▪●■○–*·-]|\\(?(?:\\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]");

    private final IdentityHashMap<Segment, RuledTables.Found> tables = new IdentityHashMap<>();
    private final List<Flow> flows = new ArrayList<>();
    private List<Line> lines = new ArrayList<>();

    private PageLayout() {}

    /** What is read in one go. */
    sealed interface Flow {}

    /** Lines one below the other. */
    record Lines(List<Line> lines) implements Flow {}

    /** A table. */
    record Grid(List<List<String>> rows) implements Flow {}

    /** One line of text. */
    record Line(String text, double x0, double x1, double baseline, double size, boolean bold) {}

    /** What stands on {@code page}, in reading order. */
    static List<Flow> of(PageText page) {
        PageLayout layout = new PageLayout();
        List<RuledTables.Found> ruled = RuledTables.of(page);
        List<Segment> segments = new ArrayList<>(page.segments());
        for (RuledTables.Found table : ruled) {
            segments.removeIf(table::holds);
        }
        for (RuledTables.Found table : ruled) {
            Word place = new Word("", table.x0(), table.x1(), table.y0(), 10, false);
            Segment segment = Segment.of(List.of(place));
            layout.tables.put(segment, table);
            segments.add(segment);
        }
        layout.read(splitAtNeighbours(segments), 0);
        layout.endLines();
        return layout.flows;
    }

    private void read(List<Segment> segments, int depth) {
        List<List<Segment>> rows = rows(segments);
        if (rows.size() > MOST_ROWS || depth > DEEPEST) {
            rows.forEach(this::line);
            return;
        }
        for (int row = 0; row < rows.size(); ) {
            Band band = Band.from(rows, row);
            if (band.useful() && !beginsLater(rows, row, band)) {
                band(band, depth);
                row = band.end;
            } else {
                line(rows.get(row));
                row++;
            }
        }
    }

    /** Whether the rows below a single segment have more columns without it: the line above a table is not of it. */
    private static boolean beginsLater(List<List<Segment>> rows, int first, Band band) {
        if (rows.get(first).size() > 1) {
            return false;
        }
        int row = first;
        while (row < band.end && rows.get(row).size() == 1) {
            row++;
        }
        return row < band.end && Band.from(rows, row).gaps.size() > band.gaps.size();
    }

    /** Segments in rows of nearly the same baseline, from the top. */
    private static List<List<Segment>> rows(List<Segment> segments) {
        List<Segment> sorted = new ArrayList<>(segments);
        sorted.sort(Comparator.comparingDouble(Segment::baseline));
        List<List<Segment>> rows = new ArrayList<>();
        for (Segment segment : sorted) {
            if (rows.isEmpty()
                    || segment.baseline() - rows.getLast().getFirst().baseline()
                            > 0.4
                                    * Math.min(
                                            segment.size(),
                                            rows.getLast().getFirst().size())) {
                rows.add(new ArrayList<>());
            }
            rows.getLast().add(segment);
        }
        rows.forEach(row -> row.sort(Comparator.comparingDouble(Segment::x0)));
        return rows;
    }

    /**
     * Cuts segments before words that begin, or behind words that end, where whole segments of at least two rows nearby do:
     * cells whose texts are nearly as wide as their columns.
     */
    private static List<Segment> splitAtNeighbours(List<Segment> segments) {
        List<List<Segment>> rows = rows(segments);
        List<Segment> split = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<Segment> near = new ArrayList<>();
            for (int other = Math.max(0, row - NEARBY); other <= Math.min(rows.size() - 1, row + NEARBY); other++) {
                if (other != row && rows.get(other).size() > 1) {
                    near.addAll(rows.get(other));
                }
            }
            for (Segment segment : rows.get(row)) {
                split(segment, near, split);
            }
        }
        return split;
    }

    private static void split(Segment segment, List<Segment> near, List<Segment> split) {
        List<Word> part = new ArrayList<>();
        for (Word word : segment.words()) {
            if (!part.isEmpty() && !near.isEmpty()) {
                Word last = part.getLast();
                boolean wide = word.x0() - last.x1() > WIDE_SPACE * segment.size();
                long begin = near.stream()
                        .filter(other -> Math.abs(other.x0() - word.x0()) < ALIGNED)
                        .count();
                long end = near.stream()
                        .filter(other -> Math.abs(other.x1() - last.x1()) < ALIGNED)
                        .count();
                if (wide && (begin >= 2 || end >= 2)) {
                    split.add(Segment.of(part));
                    part = new ArrayList<>();
                }
            }
            part.add(word);
        }
        // The one that was not cut stays itself, since tables are known by it.
        split.add(part.size() == segment.words().size() ? segment : Segment.of(part));
    }

    private void line(List<Segment> row) {
        List<Word> words = new ArrayList<>();
        for (Segment segment : row) {
            RuledTables.Found table = tables.get(segment);
            if (table == null) {
                words.addAll(segment.words());
            } else {
                addLine(words);
                words = new ArrayList<>();
                endLines();
                flows.add(new Grid(table.rows()));
            }
        }
        addLine(words);
    }

    private void addLine(List<Word> words) {
        if (!words.isEmpty()) {
            Segment whole = Segment.of(words);
            lines.add(new Line(whole.text(), whole.x0(), whole.x1(), whole.baseline(), whole.size(), whole.bold()));
        }
    }

    private void endLines() {
        if (!lines.isEmpty()) {
            flows.add(new Lines(lines));
            lines = new ArrayList<>();
        }
    }

    private void band(Band band, int depth) {
        if (band.isTable(tables)) {
            table(band);
            return;
        }
        if (band.markersOnly()) {
            band.rows.forEach(this::line);
            return;
        }
        endLines();
        for (List<Segment> column : band.columns()) {
            read(column, depth + 1);
            endLines();
        }
    }

    private void table(Band band) {
        int first = 0;
        while (band.cells(first) < 2) {
            line(band.rows.get(first++));
        }
        int last = band.rows.size() - 1;
        while (band.cells(last) < 2 && !band.continues(last)) {
            last--;
        }
        endLines();
        List<List<String>> cells = new ArrayList<>();
        for (int row = first; row <= last; row++) {
            List<String> texts = band.texts(row);
            if (row > first && band.continues(row)) {
                List<String> above = cells.getLast();
                for (int column = 0; column < texts.size(); column++) {
                    above.set(column, (above.get(column) + " " + texts.get(column)).strip());
                }
            } else {
                cells.add(texts);
            }
        }
        flows.add(new Grid(cells));
        for (int row = last + 1; row < band.rows.size(); row++) {
            line(band.rows.get(row));
        }
    }

    /** Rows that leave common vertical gaps free. */
    private static final class Band {
        private final List<List<Segment>> rows;
        private final int end;
        private final List<double[]> gaps;

        private Band(List<List<Segment>> rows, int end, List<double[]> gaps) {
            this.rows = rows;
            this.end = end;
            this.gaps = gaps;
        }

        /** The longest band that begins with row {@code first}. */
        static Band from(List<List<Segment>> all, int first) {
            double left = Double.MAX_VALUE;
            double right = -Double.MAX_VALUE;
            double widest = 0;
            for (List<Segment> row : all) {
                for (Segment segment : row) {
                    left = Math.min(left, segment.x0());
                    right = Math.max(right, segment.x1());
                    widest = Math.max(widest, segment.size());
                }
            }
            List<double[]> free = List.of(new double[] {left, right});
            List<double[]> best = List.of();
            int end = first;
            double bandLeft = Double.MAX_VALUE;
            double bandRight = -Double.MAX_VALUE;
            for (int row = first; row < all.size(); row++) {
                double narrowest = Double.MAX_VALUE;
                for (Segment segment : all.get(row)) {
                    free = without(free, segment.x0(), segment.x1());
                    bandLeft = Math.min(bandLeft, segment.x0());
                    bandRight = Math.max(bandRight, segment.x1());
                    narrowest = Math.min(narrowest, segment.size());
                }
                double least = NARROWEST_GAP * Math.min(narrowest, 14);
                free = free.stream().filter(gap -> gap[1] - gap[0] >= least).toList();
                if (free.isEmpty()) {
                    break;
                }
                double from = bandLeft;
                double to = bandRight;
                List<double[]> inner = free.stream()
                        .filter(gap -> gap[0] > from && gap[1] < to)
                        .toList();
                if (best.size() > 1 && inner.size() < best.size() && oneSided(all.get(row), best)) {
                    // What stands below the table crosses its columns.
                    break;
                }
                if (!inner.isEmpty()) {
                    best = inner;
                    end = row + 1;
                } else if (!best.isEmpty()) {
                    break;
                }
            }
            end = withoutTrailing(all, first, end, best);
            return new Band(all.subList(first, Math.max(first, end)), end, best);
        }

        /** Whether a row has one segment only, which crosses a gap. */
        private static boolean oneSided(List<Segment> row, List<double[]> gaps) {
            return row.size() == 1
                    && gaps.stream()
                            .anyMatch(gap -> row.getFirst().x0() < gap[0]
                                    && row.getFirst().x1() > gap[1]);
        }

        /** Leaves rows of one side below a wide gap to what comes next. */
        private static int withoutTrailing(List<List<Segment>> all, int first, int end, List<double[]> gaps) {
            if (gaps.isEmpty()) {
                return end;
            }
            for (int row = end - 1; row > first; row--) {
                double above = all.get(row - 1).getFirst().baseline();
                Segment here = all.get(row).getFirst();
                if (sides(all.get(row), gaps) > 1) {
                    return end;
                }
                if (here.baseline() - above > 2.2 * here.size()) {
                    return row;
                }
            }
            return end;
        }

        private static List<double[]> without(List<double[]> free, double x0, double x1) {
            List<double[]> left = new ArrayList<>();
            for (double[] gap : free) {
                if (x1 <= gap[0] || x0 >= gap[1]) {
                    left.add(gap);
                } else {
                    if (x0 > gap[0]) {
                        left.add(new double[] {gap[0], x0});
                    }
                    if (x1 < gap[1]) {
                        left.add(new double[] {x1, gap[1]});
                    }
                }
            }
            return left;
        }

        private static int sides(List<Segment> row, List<double[]> gaps) {
            return (int) row.stream()
                    .mapToInt(segment -> column(segment, gaps))
                    .distinct()
                    .count();
        }

        private static int column(Segment segment, List<double[]> gaps) {
            int column = 0;
            while (column < gaps.size() && segment.x0() >= gaps.get(column)[1] - 0.01) {
                column++;
            }
            return column;
        }

        boolean useful() {
            return !gaps.isEmpty()
                    && rows.size() >= 2
                    && (twoSided() >= 2 || columns().stream().allMatch(c -> c.size() >= 3));
        }

        private long twoSided() {
            return rows.stream().filter(row -> sides(row, gaps) > 1).count();
        }

        List<List<Segment>> columns() {
            List<List<Segment>> columns = new ArrayList<>();
            for (int i = 0; i <= gaps.size(); i++) {
                columns.add(new ArrayList<>());
            }
            rows.forEach(row ->
                    row.forEach(segment -> columns.get(column(segment, gaps)).add(segment)));
            return columns;
        }

        boolean isTable(IdentityHashMap<Segment, RuledTables.Found> ruled) {
            if (markersOnly() || rows.stream().anyMatch(row -> row.stream().anyMatch(ruled::containsKey))) {
                return false;
            }
            long prose = columns().stream().filter(Band::isProse).count();
            return twoSided() >= 2 && twoSided() >= 0.5 * rows.size() && prose * 2 <= gaps.size();
        }

        /** Whether a column holds running text: lines of words that mostly fill its width. */
        private static boolean isProse(List<Segment> column) {
            if (column.size() < 3) {
                return false;
            }
            double left = column.stream().mapToDouble(Segment::x0).min().orElseThrow();
            double right = column.stream().mapToDouble(Segment::x1).max().orElseThrow();
            double[] widths =
                    column.stream().mapToDouble(Segment::width).sorted().toArray();
            int[] words = column.stream()
                    .mapToInt(segment -> segment.words().size())
                    .sorted()
                    .toArray();
            return words[words.length / 2] >= 4
                    && widths[widths.length / 2] >= 0.7 * (right - left)
                    && right - left >= 10 * column.getFirst().size();
        }

        /** Whether all columns but the last hold bullets or numbers of a list. */
        boolean markersOnly() {
            List<List<Segment>> columns = columns();
            return columns.subList(0, columns.size() - 1).stream()
                    .flatMap(List::stream)
                    .allMatch(segment -> MARKER.matcher(segment.text()).matches());
        }

        int cells(int row) {
            return sides(rows.get(row), gaps);
        }

        /** Whether a row only goes on with cells of the row above it. */
        boolean continues(int row) {
            if (row == 0) {
                return false;
            }
            Segment here = rows.get(row).getFirst();
            double pitch = here.baseline() - rows.get(row - 1).getFirst().baseline();
            return column(here, gaps) > 0 && pitch < 1.4 * here.size();
        }

        List<String> texts(int row) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i <= gaps.size(); i++) {
                texts.add("");
            }
            for (Segment segment : rows.get(row)) {
                int column = column(segment, gaps);
                texts.set(column, (texts.get(column) + " " + segment.text()).strip());
            }
            return texts;
        }
    }
}
